"""An engineer's day: the work planned for it, what is left over, what has no day yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from crm.accounts.models import Account, Contact, ContactPhone, Site
from crm.extensions import at_most, db
from crm.installed_base.entitlement import Verdict
from crm.installed_base.judging import verdicts
from crm.installed_base.models import WORK_ENDED, WORK_STATUSES, Unit, WorkOrder
from crm.products.models import Product
from crm.service.models import WorkCompanion

LEFT_DAYS = 60
"""How far back unfinished work is looked for."""
MOST = 40
"""Of planned, left over and unplanned work, each."""

W = WorkOrder.__table__.c
OPEN = [status for status in WORK_STATUSES if status not in WORK_ENDED]


@dataclass(frozen=True, slots=True)
class Stop:
    """One job of the day; `left` from an earlier day, `along` to help a colleague."""

    row: Any
    verdict: Verdict
    last: Any
    left: bool
    along: bool

    @property
    def running(self) -> bool:
        """Has the engineer arrived and not left?"""
        return self.row.arrived_at is not None and self.row.finished_at is None

    @property
    def address(self) -> str:
        """Where to go: the site's address, else the company's."""
        found: str = self.row.site_address or self.row.account_address
        return found

    @property
    def phone(self) -> tuple[str, str]:
        """Whom to call: the number as written, and as it is dialled."""
        row = self.row
        numbers = (
            (row.contact_phone, row.contact_e164), (row.site_phone, row.site_e164),
            (row.account_phone, row.account_e164),
        )  # fmt: skip
        return next(((said, dialled or said) for said, dialled in numbers if said), ("", ""))


@dataclass(frozen=True, slots=True)
class Day:
    """What stands on the page: left over first, then in order of time, then without a day."""

    left: list[Stop]
    planned: list[Stop]
    unplanned: list[Stop]

    @property
    def count(self) -> int:
        """Of the day."""
        return len(self.left) + len(self.planned)


def day_of(staff_id: int, day: date, today: date) -> Day:
    """The day of one engineer, in six statements whatever there is."""
    keys = _keys(staff_id, day, today)
    rows = _rows(keys)
    judged = verdicts({row.unit_id for row in rows}, day)
    last = _last_faults([row.unit_id for row in rows], [row.id for row in rows])
    stops = [
        Stop(
            row, judged[row.unit_id], last.get(row.unit_id),
            row.planned_on is not None and row.planned_on < day and row.id in keys["left"],
            row.assignee_id != staff_id,
        )
        for row in rows
    ]  # fmt: skip
    return Day(
        [one for one in stops if one.left],
        sorted((one for one in stops if not one.left and one.row.id in keys["day"]), key=_time),
        [one for one in stops if not one.left and one.row.id not in keys["day"]],
    )


def _time(stop: Stop) -> tuple[bool, Any, int]:
    at = stop.row.planned_at or stop.row.arrived_at
    return at is None, at, stop.row.id


def _keys(staff_id: int, day: date, today: date) -> dict[str, set[int]]:
    """Which work orders, each kind by its index; one statement."""
    parts = [
        sa.select(sa.literal(kind).label("kind"), W.id)
        .select_from(tables)
        .where(*where)
        .order_by(W.id.desc())
        .limit(at_most(MOST))
        .subquery()
        for kind, tables, where in _kinds(staff_id, day, today)
    ]
    rows = db.session.execute(sa.union_all(*(sa.select(part) for part in parts)))
    found: dict[str, set[int]] = {"day": set(), "left": set(), "free": set()}
    for kind, key in rows:
        found[kind].add(key)
    return found


Kind = tuple[str, Any, tuple[sa.ColumnElement[bool], ...]]


def _kinds(staff_id: int, day: date, today: date) -> list[Kind]:
    """Kind, tables and conditions: by the plan of the work order, by the visit of a maintenance
    plan, by who goes along; of today also what is left over and what has no day."""
    mine, open_ = W.assignee_id == staff_id, W.status.in_(OPEN)
    work, visit = WorkOrder.__table__, db.metadata.tables["visits"].c
    visits = work.join(visit.id.table, visit.work_order_id == W.id)
    along = sa.select(WorkCompanion.work_order_id).where(WorkCompanion.staff_id == staff_id)
    unset = W.planned_on.is_(None)
    kinds: list[Kind] = [
        ("day", work, (mine, W.planned_on == day)),
        ("day", work, (W.id.in_(along), W.planned_on == day)),
        ("day", visits, (visit.assignee_id == staff_id, visit.visit_on == day, mine, unset)),
    ]
    if day != today:
        return kinds
    since, yesterday = day - timedelta(days=LEFT_DAYS), day - timedelta(days=1)
    left = visit.visit_on.between(since, yesterday)
    fixed = sa.exists().where(visit.work_order_id == W.id)
    return [
        *kinds,
        ("left", work, (mine, open_, W.planned_on.between(since, yesterday))),
        ("left", visits, (visit.assignee_id == staff_id, left, mine, unset, open_)),
        ("free", work, (mine, open_, unset, W.opened_on >= since, ~fixed)),
    ]


def _rows(keys: dict[str, set[int]]) -> Sequence[sa.Row[Any]]:
    every = sorted(set().union(*keys.values()))
    tickets, first = db.metadata.tables["tickets"].c, aliased(ContactPhone)
    visits = db.metadata.tables["visits"].c
    phone = (
        sa.select(sa.func.min(first.id))
        .where(first.contact_id == tickets.contact_id)
        .correlate(tickets.id.table)
        .scalar_subquery()
    )
    return db.session.execute(
        sa.select(
            *(W[name] for name in (
                "id", "unit_id", "account_id", "assignee_id", "kind", "status", "symptom",
                "planned_at", "planned_until", "arrived_at", "finished_at",
                "done_on", "ticket_id",
            )),
            sa.func.coalesce(W.planned_on, visits.visit_on).label("planned_on"),
            Unit.serial_no, Unit.location,
            Product.code, Product.name.label("product"),
            Account.name.label("account"), Account.address.label("account_address"),
            Account.phone.label("account_phone"), Account.phone_e164.label("account_e164"),
            Site.name.label("site"), Site.address.label("site_address"),
            Site.phone.label("site_phone"), Site.phone_e164.label("site_e164"),
            Contact.family_name, Contact.given_name, Contact.title.label("post"),
            ContactPhone.number.label("contact_phone"), ContactPhone.e164.label("contact_e164"),
            tickets.subject,
        )
        .select_from(WorkOrder)
        .join(Unit, Unit.id == W.unit_id)
        .join(Product, Product.id == Unit.product_id)
        .join(Account, Account.id == W.account_id)
        .outerjoin(Site, Site.id == Unit.site_id)
        .outerjoin(visits.id.table, visits.work_order_id == W.id)
        .outerjoin(tickets.id.table, tickets.id == W.ticket_id)
        .outerjoin(Contact, Contact.id == tickets.contact_id)
        .outerjoin(ContactPhone, ContactPhone.id == phone)
        .where(W.id.in_(every))
        .order_by(sa.func.coalesce(W.planned_on, visits.visit_on), W.planned_at, W.id)
    ).all()  # fmt: skip


def _last_faults(unit_ids: list[int], but: list[int]) -> dict[int, Any]:
    """Unit → the last repair that was finished on it, in one statement."""
    place = sa.func.row_number().over(
        partition_by=W.unit_id, order_by=(W.opened_on.desc(), W.id.desc())
    )
    repairs = (
        sa.select(W.id, W.unit_id, W.done_on, W.symptom, W.cause, W.action, place.label("place"))
        .where(
            W.unit_id.in_(unit_ids), W.kind == "repair", W.done_on.is_not(None), W.id.not_in(but)
        )
        .subquery()
    )
    found = db.session.execute(sa.select(repairs).where(repairs.c.place == 1))
    return {row.unit_id: row for row in found}
