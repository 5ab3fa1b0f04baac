"""The records that a deal or an activity names: read at once, refused like an address."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Account, Contact, Site
from crm.attributes.asking import asked_in, learn
from crm.deals.models import Activity, Deal
from crm.errors import Invalid
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.products.models import Product
from crm.staff.models import Staff

Fields = dict[str, Any]
LINKS = ("account_id", "site_id", "contact_id", "owner_id")


def nowhere() -> list[str]:
    """What is said of a key that leads nowhere."""
    return [_("There is no such record, or it is not for you.")]


def check_deal(fields: Fields, deal: Deal | None = None) -> Fields:
    """What a deal's fields lead to: {"account": name, "owner": name, "team_id": the owner's team}.

    Raises Invalid with the field of a key that leads nowhere or to another customer's record.
    """
    known: Fields = {name: getattr(deal, name) for name in LINKS} if deal else {}
    asked = known | {name: fields[name] for name in LINKS if name in fields}
    found: Fields = {}
    if deal is None or any(name in fields for name in LINKS):
        found = _linked(asked)
    errors: dict[str, list[str]] = {}
    _check_products(fields, errors)
    missing = _missing(Unit.id, fields.get("unit_ids", ()))
    if missing:
        errors["unit_ids"] = nowhere()
    if errors:
        raise Invalid(errors)
    return found


@cache
def _read(_dialect: str) -> sa.Select[Any]:
    given: dict[str, sa.BindParameter[int]] = {name: sa.bindparam(name) for name in LINKS}
    return (
        sa.select(
            Account.id, Account.name,
            Site.account_id.label("site_of"), Contact.account_id.label("contact_of"),
            Staff.name.label("owner"), Staff.active, Staff.team_id, asked_in("deal"),
        )
        .select_from(Account)
        .outerjoin(Site, Site.id == given["site_id"])
        .outerjoin(Contact, Contact.id == given["contact_id"])
        .outerjoin(Staff, Staff.id == given["owner_id"])
        .where(Account.id == given["account_id"])
    )  # fmt: skip


def _linked(asked: Fields) -> Fields:
    statement = _read(db.session.get_bind().dialect.name)
    row = db.session.execute(statement, {name: asked.get(name) for name in LINKS}).first()
    if row is None:
        raise Invalid({"account_id": nowhere()})
    errors: dict[str, list[str]] = {}
    for name, owner in (("site_id", row.site_of), ("contact_id", row.contact_of)):
        if asked.get(name) is not None and owner != row.id:
            errors[name] = nowhere() if owner is None else [_("This belongs to another customer.")]
    if asked.get("owner_id") is not None and not row.active:
        errors["owner_id"] = nowhere() if row.owner is None else [_("This person has left.")]
    if errors:
        raise Invalid(errors)
    learn("deal", row.asked)
    return {"account": row.name, "owner": row.owner, "team_id": row.team_id}


def _check_products(fields: Fields, errors: dict[str, list[str]]) -> None:
    lines = fields.get("lines") or []
    missing = _missing(Product.id, [line.get("product_id") for line in lines])
    for place, line in enumerate(lines):
        if line.get("product_id") in missing:
            errors[f"lines.{place}.product_id"] = nowhere()


def _missing(column: Any, keys: Iterable[int | None]) -> set[int]:
    wanted = {key for key in keys if key is not None}
    if not wanted:
        return set()
    return wanted - set(db.session.scalars(sa.select(column).where(column.in_(wanted))))


def check_activity(fields: Fields, activity: Activity | None = None) -> Fields:
    """The deal of an activity and the names of who took part: {"deal": …, "contacts": "…"}.

    Fills `account_id` from the deal where it is left out.
    """
    deal_id = fields.get("deal_id", activity.deal_id if activity else None)
    account_id = fields.get("account_id", activity.account_id if activity else None)
    deal = db.session.get(Deal, deal_id) if deal_id is not None else None
    if deal_id is not None and deal is None:
        raise Invalid({"deal_id": nowhere()})
    if account_id is None:
        if deal is None:
            raise Invalid({"account_id": [_("Say who this was with.")]})
        account_id = deal.account_id
    if deal is not None and deal.account_id != account_id:
        raise Invalid({"deal_id": [_("This belongs to another customer.")]})
    if db.session.scalar(sa.select(Account.id).where(Account.id == account_id)) is None:
        raise Invalid({"account_id": nowhere()})
    fields["account_id"] = account_id
    return {"deal": deal, "contacts": _contacts(fields.get("contact_ids", []), account_id)}


def _contacts(keys: list[int], account_id: int) -> str:
    if not keys:
        return ""
    rows = db.session.execute(
        sa.select(Contact.id, Contact.account_id, Contact.family_name, Contact.title).where(
            Contact.id.in_(keys)
        )
    ).all()
    if len({row.id for row in rows}) < len(set(keys)):
        raise Invalid({"contact_ids": nowhere()})
    if any(row.account_id != account_id for row in rows):
        raise Invalid({"contact_ids": [_("This belongs to another customer.")]})
    return in_a_row([f"{row.family_name}{row.title}" for row in rows])


def in_a_row(names: list[str]) -> str:
    """Names in a row, as Japanese and English facts alike can be read."""
    return "、".join(names)


def account_name(account_id: int) -> str:
    """The name of a customer."""
    return db.session.scalar(sa.select(Account.name).where(Account.id == account_id)) or ""
