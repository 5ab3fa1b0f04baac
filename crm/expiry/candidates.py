"""Units of which something ends in a period: one short read of an index for each kind, united.

No read looks at all units. Each branch walks its index from the first day of the period (or from
where the page before ended) and stops at its limit:

| kind | walks |
|---|---|
| warranty | ix_units_warranty_ends_on |
| lease | ix_units_lease_ends_on_id, ix_units_re_lease_ends_on_id, and for each year of a re-lease that nobody wrote down the same span so many years earlier, as far back as there are leases |
| contract | ix_service_contracts_ends_on and, contract by contract, the units it names, or those of
its account (crm/expiry/covers.py) |
| notice | ix_service_contracts_notice_days_ends_on, once for each length of notice there is |
| support, parts | the few products of the span by their day, then ix_units_product_id_id |
| checks | ix_visits_visit_on and ix_plan_units_next_due_on |
"""  # noqa: E501  # a table of indexes reads best in one line each

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from crm.expiry.asking import Asked
from crm.expiry.covers import over_units
from crm.expiry.dates import CHECKS
from crm.expiry.spans import Branches, Place, Reading
from crm.extensions import db
from crm.installed_base.leases import year_end
from crm.installed_base.models import ServiceContract, Unit
from crm.maintenance.models import OPEN, MaintenancePlan, PlanUnit, Visit

RE_LEASES = 8
"""Years of a re-lease that nobody wrote down, looked for in the list."""

U, C = Unit.__table__.c, ServiceContract.__table__.c


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may belong into the list on a day; `record_id` of a visit or a plan's line."""

    on: date
    unit_id: int
    kind: str
    record: str = ""
    record_id: int = 0
    name: str = ""

    @property
    def place(self) -> Place:
        return self.on, self.unit_id


def candidates(
    asked: Asked, limit: int, after: Place | None = None
) -> tuple[list[Candidate], bool]:
    """The first of every kind behind a place, earliest first, each kind at most `limit`.

    The flag says whether a kind had more than that: then only the first `limit` are all there is
    up to their last day. Two or three statements.
    """
    reading = Reading(asked, after, limit)
    reading.look_ahead()
    branches = [one for kind in asked.kinds for one in _BRANCHES[kind](reading)]
    if not branches:
        return [], False
    rows = db.session.execute(sa.union_all(*(_cut(one) for one in branches))).all()
    number: dict[int, int] = {}
    found: list[Candidate] = []
    first, last = asked.month, asked.last
    for branch, shift, on, unit_id, kind, record_id, name in rows:
        number[branch] = number.get(branch, 0) + 1
        day = _day(kind, on, shift)
        if first <= day <= last:
            record = "visit" if record_id > 0 else "maintenance_plan"
            found.append(Candidate(day, unit_id, kind, record, abs(record_id), name))
    full = any(many >= limit for many in number.values())
    found.sort(key=lambda one: one.place)
    return (found[:limit] if full else found), full


def crowded(asked: Asked, most: int) -> bool:
    """Do warranties alone make the list longer than `most`? One short walk over their index; what
    is one rep's or one account's is never asked."""
    if "warranty" not in asked.kinds or asked.owner_id or asked.account_id:
        return False
    some = next(_warranty(Reading(asked, None, most + 1))).subquery()
    return (db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0) > most


def _cut(branch: sa.Select[Any]) -> sa.Select[Any]:
    """A branch with its own order and limit, as a part of a union."""
    return sa.select(branch.subquery())


def _day(kind: str, on: date, shift: int) -> date:
    """The day in the list: a notice lies days before the end, a re-lease ends years after it."""
    if kind == "notice":
        return on - timedelta(days=shift)
    return year_end(on, shift) if kind == "lease" else on


def _warranty(reading: Reading) -> Branches:
    on = U.warranty_ends_on
    yield reading.units(Unit.__table__, on, "warranty").where(*reading.span(on))


def _lease(reading: Reading) -> Branches:
    """The end of the lease, the recorded end of the re-lease, and the years nobody wrote down."""
    leased = U.ownership == "leased"
    table = Unit.__table__
    on = U.lease_ends_on
    yield reading.units(table, on, "lease").where(leased, *reading.span(on))
    again = U.re_lease_ends_on
    yield reading.units(table, again, "lease").where(leased, *reading.span(again))
    first = reading.first_lease or reading.asked.last
    for year in range(1, min(RE_LEASES, reading.asked.last.year - first.year) + 1):
        span = reading.span(on, years=year)
        open_end = sa.or_(again.is_(None), again < reading.asked.month)
        yield reading.units(table, on, "lease", shift=year).where(leased, open_end, *span)


def _contract(reading: Reading) -> Branches:
    """The ends of contracts after which nothing covers the unit."""
    return over_units(reading, "contract")


def _notice(reading: Reading) -> Branches:
    for days in _notice_lengths():
        yield from over_units(reading, "notice", days)


def _notice_lengths() -> Sequence[int]:
    """Every length of notice there is, hopping along the index from each to the next."""
    least = sa.select(sa.func.min(C.notice_days).label("days")).where(C.notice_days > 0)
    hops = least.cte("hops", recursive=True)
    after = sa.select(sa.func.min(C.notice_days)).where(C.notice_days > hops.c.days)
    hops = hops.union_all(sa.select(after.scalar_subquery()).where(hops.c.days.is_not(None)))
    rows = db.session.scalars(sa.select(hops.c.days).where(hops.c.days.is_not(None)))
    return rows.all()


def _of_product(kind: str) -> Any:
    def branches(reading: Reading) -> Branches:
        """The units of one product all end on one day, in the order of their keys."""
        for product_id, day in reading.ends_of_products[kind]:
            found = reading.units(Unit.__table__, sa.literal(day, sa.Date), kind)
            found = found.where(U.product_id == product_id)
            if reading.after is not None and day == reading.after[0]:
                found = found.where(U.id > reading.after[1])
            yield found.order_by(None).order_by(U.id)

    return branches


def _checks(kind: str) -> Any:
    def branches(reading: Reading) -> Branches:
        """The visits that are arranged, and the due days of plans that are not yet."""
        visit, line = Visit.__table__, PlanUnit.__table__
        plan = MaintenancePlan.__table__
        read = visit.join(plan, plan.c.id == visit.c.plan_id).join(
            Unit.__table__, U.id == visit.c.unit_id
        )
        yield reading.units(
            read, visit.c.visit_on, kind, record=visit.c.id, name=plan.c.name
        ).where(visit.c.state.in_(OPEN), plan.c.work_kind == kind, *reading.span(visit.c.visit_on))
        read = line.join(plan, plan.c.id == line.c.plan_id).join(
            Unit.__table__, U.id == line.c.unit_id
        )
        yield reading.units(
            read, line.c.next_due_on, kind, record=-line.c.plan_id, name=plan.c.name
        ).where(plan.c.active, plan.c.work_kind == kind, *reading.span(line.c.next_due_on))

    return branches


_BRANCHES: dict[str, Any] = {
    "warranty": _warranty, "lease": _lease, "contract": _contract, "notice": _notice,
    "support": _of_product("support"), "parts": _of_product("parts"),
    **{kind: _checks(kind) for kind in CHECKS},
}  # fmt: skip
