"""The records that a ticket names: read in one statement, refused like an address."""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Account, Contact, Site
from crm.attributes.asking import asked_in, learn
from crm.errors import Invalid
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.products.models import Product
from crm.staff.models import Staff

Fields = dict[str, Any]


OWNED = ("contact_id", "site_id", "unit_id")


def linked(fields: Fields, given: Container[str] = OWNED, new: bool = False) -> sa.Row[Any]:
    """The account, contact, site, unit, product and assignee that a body names; for a `new` ticket
    it is read as well what tickets are asked besides.

    Raises Invalid with the field of a key that leads nowhere or to another customer's record; what
    was not `given` now may have moved to another customer since.
    """
    row = _read(fields, new)
    nowhere = [_("There is no such record, or it is not for you.")]
    if row is None:
        raise Invalid({"account_id": nowhere})
    errors: dict[str, list[str]] = {}
    for name, owner in (("contact", row.contact_of), ("site", row.site_of), ("unit", row.unit_of)):
        if fields.get(f"{name}_id") is None or f"{name}_id" not in given:
            continue
        if owner is None:
            errors[f"{name}_id"] = nowhere
        elif owner != row.id:
            errors[f"{name}_id"] = [_("This belongs to another customer.")]
    if fields.get("assignee_id") is not None and not row.assignee_active:
        errors["assignee_id"] = nowhere
    if errors:
        raise Invalid(errors)
    return row


NAMED = ("account_id", "contact_id", "site_id", "unit_id", "assignee_id")
_GIVEN: dict[str, sa.BindParameter[int]] = {name: sa.bindparam(name) for name in NAMED}
_READ = (
    sa.select(
        Account.id, Account.name, Account.owner_id,
        Contact.id.label("contact_id"), Contact.account_id.label("contact_of"),
        Contact.family_name, Contact.given_name, Contact.site_id.label("contact_site"),
        Site.id.label("site_id"), Site.account_id.label("site_of"),
        Unit.id.label("unit_id"), Unit.account_id.label("unit_of"), Unit.serial_no,
        Unit.site_id.label("unit_site"), Unit.warranty_ends_on, Unit.status, Unit.delivered_on,
        Unit.installed_on, Unit.accepted_on, Unit.removed_on, Unit.is_competitor,
        Product.name.label("product"), Product.code.label("product_code"),
        Staff.id.label("assignee_id"), Staff.team_id.label("assignee_team"),
        Staff.active.label("assignee_active"),
    )
    .select_from(Account)
    .outerjoin(Contact, Contact.id == _GIVEN["contact_id"])
    .outerjoin(Site, Site.id == _GIVEN["site_id"])
    .outerjoin(Unit, Unit.id == _GIVEN["unit_id"])
    .outerjoin(Product, Product.id == Unit.product_id)
    .outerjoin(Staff, Staff.id == _GIVEN["assignee_id"])
    .where(Account.id == _GIVEN["account_id"])
)  # fmt: skip


def _read(fields: Fields, new: bool) -> sa.Row[Any] | None:
    statement = _read_new(db.session.get_bind().dialect.name) if new else _READ
    row = db.session.execute(statement, {name: fields.get(name) for name in NAMED}).first()
    if new and row is not None:
        learn("ticket", row.asked)
    return row


@cache
def _read_new(_dialect: str) -> sa.Select[Any]:
    return _READ.add_columns(asked_in("ticket"))


def unit_label(row: Any) -> str:
    """What people call a unit: 純水製造装置 PW-10 PW3381."""
    if row is None or row.serial_no is None:
        return ""
    code = "" if row.product_code in row.product else f" {row.product_code}"
    return f"{row.product}{code} {row.serial_no}".strip()
