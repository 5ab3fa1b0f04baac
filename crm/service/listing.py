"""The list of work orders: what its address asks for, and its rows; never more than a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased
from werkzeug.datastructures import MultiDict

from crm import neighbours
from crm.accounts.models import Account, Site
from crm.attributes.asking import asked_in
from crm.attributes.listing import conditions
from crm.clock import today
from crm.errors import BadRequest
from crm.extensions import db
from crm.filters import key_in, word_in
from crm.installed_base.models import WORK_ENDED, WORK_KINDS, WORK_STATUSES, Unit, WorkOrder
from crm.paging import Page, Sort, count, page
from crm.products.models import Product
from crm.rights import Person, branches
from crm.service.models import Loan
from crm.staff.models import Staff
from crm.typed import FIRST_DAY, LAST_DAY

W = WorkOrder.__table__.c
OPEN = tuple(one for one in WORK_STATUSES if one not in WORK_ENDED)
IN_LIST = ("status", "kind", "who", "account_id", "day", "attribute", "value", "sort")
"""What of the address goes along from the list to a work order."""
WAYS = ("open", "late", "nobody", "lent", "all")
SORTS = {"planned": W.planned_on, "opened": W.opened_on, "id": W.id}
_who, _owner, _service = aliased(Staff), aliased(Staff), aliased(Staff)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says; `status` is open, late, nobody (open, but nobody goes, or nobody knows
    when), lent (something that was lent because of it is away), all or a status."""

    status: str = "open"
    kind: str = ""
    who: int | None = None
    account_id: int | None = None
    day: date | None = None
    custom: tuple[sa.ColumnElement[bool], ...] = ()

    @property
    def any(self) -> bool:
        """Is anything filtered that is not by itself?"""
        named = self.kind or self.who or self.account_id or self.day
        return bool(named or self.custom or self.status != "open")

    @property
    def ways(self) -> list[sa.ColumnElement[bool]]:
        """The statuses asked for, each with an index in the order of the list."""
        if self.status in ("all", "lent"):
            return [sa.true()]
        wanted = OPEN if self.status in ("open", "late", "nobody") else (self.status,)
        return [W.status == one for one in wanted]

    @property
    def where(self) -> list[sa.ColumnElement[bool]]:
        """The rest as conditions."""
        columns = ((W.kind, self.kind), (W.assignee_id, self.who),
                   (W.account_id, self.account_id), (W.planned_on, self.day))  # fmt: skip
        found: list[sa.ColumnElement[bool]] = [column == one for column, one in columns if one]
        found += self.custom
        if self.status == "lent":
            away = sa.select(Loan.work_order_id).where(Loan.returned_on.is_(None))
            found.append(W.id.in_(away))
        if self.status == "nobody":
            found.append(sa.or_(W.assignee_id.is_(None), W.planned_on.is_(None)))
        return [*found, W.planned_on < today()] if self.status == "late" else found


def read(args: MultiDict[str, str]) -> Asked:
    """The address in terms of the list. Raises BadRequest for what it does not know."""
    return Asked(
        word_in(args, "status", (*WAYS, *WORK_STATUSES)) or "open",
        word_in(args, "kind", WORK_KINDS), key_in(args, "who"), key_in(args, "account_id"),
        _day(args.get("day", "")), conditions("work_order", args),
    )  # fmt: skip


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise BadRequest(_("There is no such filter."), {"day": [_("A day, as 2026-11-27.")]})
    return day


_COLUMNS = (
    *(W[name] for name in (
        "id", "unit_id", "account_id", "kind", "status", "opened_on", "done_on", "planned_on",
        "planned_at", "planned_until", "symptom", "action", "chargeable", "invoice_amount",
    )),
    Product.code, Unit.serial_no, Unit.location, Account.name.label("account"),
    Site.name.label("site"), _who.name.label("assignee"),
)  # fmt: skip


def _joined() -> Any:
    return (
        sa.join(WorkOrder, Unit, Unit.id == W.unit_id)
        .join(Product, Product.id == Unit.product_id)
        .join(Account, Account.id == W.account_id)
        .outerjoin(Site, Site.id == Unit.site_id)
        .outerjoin(_who, _who.id == W.assignee_id)
    )


def work_page(
    asked: Asked, user: Person, sort: Sort, cursor: str | None, limit: int
) -> tuple[Page, int]:
    """One page of work orders, and how many match (at most 1,001)."""
    seen = sa.or_(*branches(user, "view", "work_order", WorkOrder))
    rows = page(_COLUMNS, W.id, asked.ways, [seen, *asked.where], sort, cursor, limit, _joined())
    return rows, count([seen, sa.or_(*asked.ways), *asked.where], W.id)


def place(work: WorkOrder, asked: Asked, user: Person, sort: Sort) -> neighbours.Place | None:
    """Where a work order stands in a list, with the ones beside it."""
    seen = sa.or_(*branches(user, "view", "work_order", WorkOrder))
    return neighbours.place(sort, W.id, [seen, sa.or_(*asked.ways), *asked.where], work)


def around(work: WorkOrder) -> Any:
    """The unit of a work order with product, account, site and who looks after it, in one row."""
    return db.session.execute(
        sa.select(
            Unit, Product.code, Product.name.label("product"), Account.name.label("account"),
            Account.handling_note, Site.name.label("site"), Site.address,
            _owner.name.label("owner"), _service.name.label("service_owner"),
            asked_in("work_order"),
        )
        .select_from(Unit)
        .join(Product, Product.id == Unit.product_id)
        .join(Account, Account.id == Unit.account_id)
        .outerjoin(Site, Site.id == Unit.site_id)
        .outerjoin(_owner, _owner.id == Account.owner_id)
        .outerjoin(_service, _service.id == Account.service_owner_id)
        .where(Unit.id == work.unit_id)
    ).one()  # fmt: skip
