"""The list of units: its address read, its rows as Core rows, who pays for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crm import neighbours
from crm.accounts.models import Account, Site
from crm.attributes.listing import asked_text
from crm.attributes.listing import conditions as narrowed
from crm.errors import BadRequest
from crm.extensions import db
from crm.installed_base import words
from crm.installed_base.covering import covered
from crm.installed_base.models import UNIT_STATUSES, ServiceContract, Unit
from crm.installed_base.warranty_models import Warranty
from crm.paging import Page, Sort, count, page
from crm.products.models import Product
from crm.rights import Person, branches
from crm.search.queries import Viewer, find
from crm.text.normal import clean

SOON = timedelta(days=90)
FOUND = 200
IN_LIST = (
    "q", "account_id", "product_id", "status", "criticality", "coverage", "ending", "location_id",
    "attribute", "value", "sort",
)  # fmt: skip
"""What of the address goes along from the list to a unit."""
U = Unit.__table__.c
SORTS = {"installed": U.installed_on, "warranty": U.warranty_ends_on, "id": U.id}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says."""

    q: str = ""
    account_id: int | None = None
    product_id: int | None = None
    status: str = ""
    criticality: str = ""
    coverage: str = ""
    ending: str = ""
    location_id: int | None = None
    attribute: str = ""
    custom: tuple[sa.ColumnElement[bool], ...] = field(default=(), compare=False)

    @property
    def any(self) -> bool:
        """Is anything filtered?"""
        return self != Asked()


def read(args: MultiDict[str, str]) -> Asked:
    """The address in terms of the list. Raises BadRequest for what it does not know."""
    return Asked(
        clean(args.get("q", ""))[:200], _key(args, "account_id"), _key(args, "product_id"),
        _one_of(args, "status", dict.fromkeys(UNIT_STATUSES, "")),
        _one_of(args, "criticality", words.criticalities()),
        _one_of(args, "coverage", words.coverages()), _one_of(args, "ending", words.endings()),
        _key(args, "location_id"), asked_text(args), narrowed("unit", args),
    )  # fmt: skip


def _key(args: MultiDict[str, str], name: str) -> int | None:
    text = args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadRequest(_("There is no such filter."), {name: [_("A record's number.")]})
    return int(text)


def _one_of(args: MultiDict[str, str], name: str, allowed: dict[str, str]) -> str:
    text = args.get(name, "")
    if text and text not in allowed:
        raise BadRequest(
            _("There is no such filter."),
            {name: [_("One of: %(all)s.", all=", ".join(allowed))]},
        )
    return text


def unit_page(
    asked: Asked, user: Person, sort: Sort, cursor: str | None, limit: int, on: date
) -> tuple[Page, int]:
    """One page of units, and how many match (at most 1,001)."""
    where = conditions(asked, user, on)
    columns = [
        *U, Product.code, Product.name.label("product"), Account.name.label("account"),
        Site.name.label("site"),
    ]  # fmt: skip
    joins = (
        sa.join(Unit, Product, Product.id == Unit.product_id)
        .join(Account, Account.id == Unit.account_id)
        .outerjoin(Site, Site.id == Unit.site_id)
    )
    scope = branches(user, "view", "unit", Unit)
    rows = page(columns, U.id, scope, where, sort, cursor, limit, joins)
    return rows, count([sa.or_(*scope), *where], U.id)


def place(unit: Unit, asked: Asked, user: Person, sort: Sort, on: date) -> neighbours.Place | None:
    """Where a unit stands in a list, with the ones beside it."""
    scope = sa.or_(*branches(user, "view", "unit", Unit))
    return neighbours.place(sort, U.id, [scope, *conditions(asked, user, on)], unit)


def conditions(asked: Asked, user: Person, on: date) -> list[sa.ColumnElement[bool]]:
    """What a unit must be to stand in the list of a day."""
    where: list[sa.ColumnElement[bool]] = []
    if asked.q.strip():
        found = find(Viewer((f"staff:{user.id}",)), asked.q, ("unit",), FOUND)
        where.append(U.id.in_([one.record_id for one in found]))
    for name in ("account_id", "product_id", "status", "criticality", "location_id"):
        value: Any = getattr(asked, name)
        if value:
            where.append(U[name] == value)
    where += asked.custom
    if asked.coverage:
        where.append(_covered(asked.coverage, on))
    if asked.ending == "warranty":
        where.append(U.warranty_ends_on.between(on, on + SOON))
    if asked.ending == "contract":
        ending = (
            sa.select(covered.c.unit_id)
            .join(ServiceContract, ServiceContract.id == covered.c.contract_id)
            .where(_contract_on(on), ServiceContract.ends_on <= on + SOON)
        )
        where.append(U.id.in_(ending))
    return where


def _covered(coverage: str, on: date) -> sa.ColumnElement[bool]:
    """The same order as the entitlement: recall, warranty, contract, then chargeable."""
    begins = sa.func.coalesce(U.delivered_on, U.installed_on, U.accepted_on, on)
    gone = sa.and_(U.removed_on.is_not(None), U.removed_on < on)
    row = Warranty.__table__.c
    held = sa.exists().where(row.unit_id == U.id, row.starts_on <= on, row.ends_on >= on)
    bare = sa.and_(~sa.exists().where(row.unit_id == U.id), begins <= on)
    warranty = sa.and_(U.warranty_ends_on >= on, sa.or_(held, bare))
    warranty = sa.func.coalesce(warranty, sa.false())
    contract, recall = _exists(_contract_on(on)), _recalled(on)
    pays = {
        "recall": recall, "warranty": sa.and_(~recall, warranty),
        "contract": sa.and_(~recall, ~warranty, contract),
    }  # fmt: skip
    if coverage in pays:
        return sa.and_(sa.not_(gone), pays[coverage])
    return sa.or_(gone, sa.and_(~recall, ~warranty, ~contract))


def _recalled(on: date) -> sa.ColumnElement[bool]:
    """Has it an open part of a running campaign? Campaigns live a floor above."""
    tables = db.metadata.tables
    if "campaign_items" not in tables:
        return sa.false()
    item, one = tables["campaign_items"].c, tables["campaigns"].c
    runs = sa.and_(one.starts_on <= on, sa.or_(one.ends_on.is_(None), one.ends_on >= on))
    return sa.exists().where(
        item.unit_id == U.id, item.done_on.is_(None), one.id == item.campaign_id,
        one.status == "running", runs,
    )  # fmt: skip


def _contract_on(on: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        ServiceContract.starts_on <= on,
        ServiceContract.ends_on >= on,
        sa.or_(ServiceContract.cancelled_on.is_(None), ServiceContract.cancelled_on > on),
    )


def _exists(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        covered.c.unit_id == U.id, ServiceContract.id == covered.c.contract_id, condition
    )
