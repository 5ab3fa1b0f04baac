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
| support, parts | the few products of the span by their day, then ix_units_product_id_id; units with
a day of their own by ix_units_end_of_support_on_id and ix_units_parts_supply_end_on_id |
| checks | ix_visits_visit_on, ix_plan_units_next_due_on and, of the product's interval, ix_unit_dues_kind_due_on |
| consumable | ix_unit_dues_kind_due_on for the first time; later ones by their place in the cycle, once for each length of cycle there is (crm/expiry/cycles.py) |
| recall | ix_campaign_items_appointed_on, and the few campaigns that end by ix_campaign_items_waiting |
"""  # noqa: E501  # a table of indexes reads best in one line each

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from crm.expiry.asking import Asked
from crm.expiry.covers import over_units
from crm.expiry.cycles import again, for_the_first_time
from crm.expiry.dates import CHECKS, next_need
from crm.expiry.recalls import recalled
from crm.expiry.spans import KEPT, Branches, Place, Reading, Told, look_ahead
from crm.extensions import db
from crm.installed_base.leases import year_end
from crm.installed_base.models import Unit
from crm.installed_base.own_days import DAYS
from crm.maintenance.models import OPEN, MaintenancePlan, PlanUnit, Visit

RE_LEASES = 8
"""Years of a re-lease that nobody wrote down, looked for in the list."""

U = Unit.__table__.c


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
    told = look_ahead(asked, after, limit)
    walks = _together(asked, after, limit, told, db.engine.dialect.name)
    if walks is None:
        return [], False
    rows = db.session.execute(walks).all()
    number: dict[int, int] = {}
    found: list[Candidate] = []
    first, last = asked.month, asked.last
    for branch, shift, on, unit_id, kind, record_id, name in rows:
        number[branch] = number.get(branch, 0) + 1
        day = _day(kind, on, shift, first)
        if first <= day <= last:
            record = _record(kind, record_id)
            found.append(Candidate(day, unit_id, kind, record, abs(record_id), name))
    full = any(many >= limit for many in number.values())
    found.sort(key=lambda one: one.place)
    return (found[:limit] if full else found), full


@lru_cache(maxsize=KEPT)
def _together(
    asked: Asked, after: Place | None, limit: int, told: Told, _dialect: str
) -> sa.CompoundSelect[Any] | None:
    """All branches; None when there are none."""
    reading = Reading(asked, after, limit, told)
    branches = [one for kind in asked.kinds for one in _BRANCHES[kind](reading)]
    return sa.union_all(*map(_cut, branches)) if branches else None


def _cut(branch: sa.Select[Any]) -> sa.Select[Any]:
    """A branch with its own order and limit, as a part of a union."""
    return sa.select(branch.subquery())


def _record(kind: str, record_id: int) -> str:
    """What a day stands in: a campaign, a visit, a plan (its key is negative), or the unit."""
    if kind == "recall":
        return "campaign"
    if record_id == 0:
        return "unit"
    return "visit" if record_id > 0 else "maintenance_plan"


def _day(kind: str, on: date, shift: int, first: date) -> date:
    """The day in the list: a notice lies days before the end, a re-lease ends years after it, what
    comes back does so the next time from the first day of the list on."""
    if kind == "notice":
        return on - timedelta(days=shift)
    if kind == "consumable":
        return next_need(on, shift, first) if shift else on
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
    first = reading.first_lease
    for year in range(1, min(RE_LEASES, reading.asked.last.year - first.year) + 1):
        span = reading.span(on, years=year)
        open_end = sa.or_(again.is_(None), again < reading.asked.month)
        yield reading.units(table, on, "lease", shift=year).where(leased, open_end, *span)


def _contract(reading: Reading) -> Branches:
    """The ends of contracts after which nothing covers the unit."""
    return over_units(reading, "contract")


def _notice(reading: Reading) -> Branches:
    for days in reading.lengths("notice"):
        yield from over_units(reading, "notice", days)


def _of_product(kind: str) -> Any:
    def branches(reading: Reading) -> Branches:
        """Units with a day of their own; of the others those of one product all end on one day, in
        the order of their keys."""
        own = U[DAYS[kind]]
        yield reading.units(Unit.__table__, own, kind).where(*reading.span(own))
        some = ((key, day) for key, day in reading.told.get(kind, ()) if day <= reading.ends[1])
        for product_id, day in some:
            found = reading.units(Unit.__table__, sa.literal(day, sa.Date), kind)
            found = found.where(U.product_id == product_id, own.is_(None))
            if reading.after is not None and day == reading.after[0]:
                found = found.where(U.id > reading.after[1])
            yield found.order_by(None).order_by(U.id)

    return branches


def _checks(kind: str) -> Any:
    def branches(reading: Reading) -> Branches:
        """The visits that are arranged, the due days of plans that are not yet, and where there is
        no plan those of the product's interval."""
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
        if kind == "inspection":
            yield from for_the_first_time(reading, kind)

    return branches


def _consumable(reading: Reading) -> Branches:
    yield from for_the_first_time(reading, "consumable")
    yield from again(reading)


_BRANCHES: dict[str, Any] = {
    "warranty": _warranty, "lease": _lease, "contract": _contract, "notice": _notice,
    "support": _of_product("support"), "parts": _of_product("parts"),
    **{kind: _checks(kind) for kind in CHECKS}, "recall": recalled, "consumable": _consumable,
}  # fmt: skip
