"""Arrange the visits that are due within their plan's horizon: many at once, each exactly once.

The key (plan, unit, due day) decides: a visit that is there already is not made again, and only a
visit that was made here gets a work order. All of a round is one transaction, which holds the lock
of its units under plans; the key is unique in the table as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from crm.bulk import insert_many
from crm.clock import now, start_of
from crm.closed_days.queries import workdays
from crm.crash import crashpoint
from crm.extensions import db, one_of, update_many
from crm.installed_base.judging import verdicts
from crm.installed_base.models import Unit, WorkOrder
from crm.maintenance.models import CALENDAR, MaintenancePlan, PlanUnit, Visit
from crm.maintenance.queries import unit_facts
from crm.maintenance.schedule import Every, due_days, first_due, visit_day, wakes_on
from crm.maintenance.terms import Terms, term_on, terms_of
from crm.search.actions import Card, headline, index_many
from crm.timeline.actions import record_many
from crm.workdays import Workdays

_LINKS, _VISITS, _WORK = (
    db.metadata.tables[one.__tablename__] for one in (PlanUnit, Visit, WorkOrder)
)

CHUNK = 1000
"""Units under plans that one round looks at."""

SLICE = 2000
"""Visits that are written at once."""

Values = dict[str, Any]
_P = MaintenancePlan.__table__.c


@dataclass(frozen=True, slots=True)
class Draft:
    """A visit that ought to be there."""

    link: Any
    due_on: date
    occasion: int | None = None


def rounds(day: date) -> list[int]:
    """The first keys of the rounds in which something is to be arranged."""
    some = sa.select((PlanUnit.id // CHUNK).distinct()).where(PlanUnit.wakes_on <= day)
    return sorted(int(number) * CHUNK for number in db.session.scalars(some))


def arrange(day: date, which: sa.ColumnElement[bool]) -> int:
    """Make the visits and work orders of some plans as of a day; returns how many."""
    due = sa.and_(which, PlanUnit.wakes_on <= day, MaintenancePlan.rule.in_(CALENDAR))
    links = links_where(due)
    if not links:
        return 0
    units, calendar = unit_facts({link.unit_id for link in links}), _Calendar(day)
    drafts, made = (Draft(link, due) for link in links for due in calendar.due(link)), 0
    while some := list(islice(drafts, SLICE)):
        made += make_visits(some, units, day)
    say_next([(link.id, *calendar.after(link)) for link in links])
    return made


def links_where(which: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
    """Units under plans that are in force, with what the plan says; locked against a twin."""
    return db.session.execute(
        sa.select(
            PlanUnit.id, PlanUnit.plan_id, PlanUnit.unit_id, PlanUnit.next_due_on,
            _P.name, _P.work_kind, _P.rule, _P.period, _P.every, _P.first_due_on,
            _P.horizon_days, _P.assignee_id, _P.contract_id, _P.meter, _P.counts, _P.threshold,
            _P.above, _P.in_a_row,
        )
        .join(MaintenancePlan, _P.id == PlanUnit.plan_id)
        .join(Unit, Unit.id == PlanUnit.unit_id)
        .where(
            which, _P.active, Unit.status != "removed",
            Unit.account_id == _P.account_id,
        )
        .order_by(PlanUnit.id)
        .with_for_update(of=PlanUnit)
    ).all()  # fmt: skip


def every(plan: Any) -> Every:
    """How far apart the visits of a plan (a record or a row) are."""
    return Every(plan.every, plan.period == "months")


class _Calendar:
    """What the plans want as of a day; worked out once for all units of a plan that are alike."""

    def __init__(self, day: date) -> None:
        self.day = day
        self._due: dict[tuple[int, date], Sequence[date]] = {}
        self._after: dict[int, tuple[date | None, date | None]] = {}

    def due(self, link: Any) -> Sequence[date]:
        """The days on which a unit under a plan is due within the horizon."""
        key = (link.plan_id, link.next_due_on)
        found = self._due.get(key)
        if found is None:
            found = self._due[key] = self._due_of(link)
        return found

    def after(self, link: Any) -> tuple[date | None, date | None]:
        """The next due day, and from when on it is to be arranged; a floating plan waits until its
        visit is over."""
        if link.plan_id not in self._after:
            self._after[link.plan_id] = self._after_of(link)
        return self._after[link.plan_id]

    def _due_of(self, link: Any) -> Sequence[date]:
        if link.rule == "floating":
            return (link.next_due_on,)
        end = self.day + timedelta(days=link.horizon_days)
        return due_days(link.first_due_on, every(link), link.next_due_on, end)

    def _after_of(self, link: Any) -> tuple[date | None, date | None]:
        if link.rule != "fixed":
            return None, None
        start = self.day + timedelta(days=link.horizon_days + 1)
        due = first_due(link.first_due_on, every(link), start)
        return due, wakes_on(due, link.horizon_days)


def make_visits(drafts: Iterable[Draft], units: dict[int, Any], day: date) -> int:
    """Write the visits that are not there, each with its work order; returns how many.

    Whoever calls holds the lock of the units under plans, so that nobody else writes them.
    """
    wanted = {(one.link.plan_id, one.link.unit_id, one.due_on): one for one in drafts}
    there = _there(wanted)
    taken = {(plan, unit, occasion) for (plan, unit, _due), (_, occasion, _) in there.items()
             if occasion is not None}  # fmt: skip
    fresh = [
        one for key, one in wanted.items()
        if key not in there and (*key[:2], one.occasion) not in taken
    ]  # fmt: skip
    lone = [(there[key][0], one) for key, one in wanted.items() if there.get(key, _NONE)[2]]
    drafted = [*fresh, *(one for _visit, one in lone)]
    if not drafted:
        return 0
    keys = _open_work(drafted, units, day)
    crashpoint("maintenance.before_visits")
    _insert_visits(fresh, keys[: len(fresh)], day)
    crashpoint("maintenance.after_visits")
    update_many(_VISITS, ("work_order_id",), [
        (visit, key) for (visit, _one), key in zip(lone, keys[len(fresh) :], strict=True)
    ])  # fmt: skip
    return len(drafted)


_NONE = (0, None, False)
Wanted = dict[tuple[int, int, date], Draft]
There = dict[tuple[int, int, date], tuple[int, int | None, bool]]
"""Plan, unit and due day of a visit → its key, its occasion, and whether it waits for a work
order."""


def _there(wanted: Wanted) -> There:
    """The visits of these units in these days, and those of plans by meters."""
    days = [due for _plan, _unit, due in wanted]
    if not days:
        return {}
    rows = db.session.execute(
        sa.select(
            Visit.plan_id, Visit.unit_id, Visit.due_on, Visit.id, Visit.occasion,
            sa.and_(Visit.work_order_id.is_(None), Visit.state == "planned"),
        ).where(
            one_of(Visit.unit_id, sorted({unit for _plan, unit, _due in wanted})),
            sa.or_(Visit.due_on.between(min(days), max(days)), Visit.occasion.is_not(None)),
        )
    )  # fmt: skip
    return {(plan, unit, due): (key, *rest) for plan, unit, due, key, *rest in rows}


def _insert_visits(drafts: Sequence[Draft], work: Sequence[int], day: date) -> None:
    at, days = now(), _Days(workdays(), day)
    insert_many(_VISITS, [
        {
            "plan_id": one.link.plan_id, "unit_id": one.link.unit_id, "due_on": one.due_on,
            "visit_on": days[one.due_on], "assignee_id": one.link.assignee_id,
            "occasion": one.occasion, "work_order_id": key,
        }
        for one, key in zip(drafts, work, strict=True)
    ], {"state": "planned", "reason": "", "created_at": at, "updated_at": at})  # fmt: skip


class _Days(dict[date, date]):
    """Due day → the day on which somebody goes, worked out once."""

    def __init__(self, days: Workdays, today: date) -> None:
        self.days, self.today = days, today

    def __missing__(self, due: date) -> date:
        self[due] = visit_day(due, self.today, self.days)
        return self[due]


def _open_work(drafts: Sequence[Draft], units: dict[int, Any], day: date) -> list[int]:
    """One work order for each visit to come, with its line in the history; returns their keys."""
    asked = {one.link.unit_id: units[one.link.unit_id] for one in drafts}
    payers = verdicts(list(asked.values()), day)
    days, terms = _Days(workdays(), day), terms_of({one.link.contract_id for one in drafts})
    keys, at = _work_keys(len(drafts)), now()
    work = [
        _work(key, one, units[one.link.unit_id], payers, terms, days)
        for key, one in zip(keys, drafts, strict=True)
    ]
    every_one = {"status": "received", "opened_on": day, "created_at": at, "updated_at": at}
    insert_many(_WORK, work, every_one)
    opened = {"status": "received", "opened_on": day.isoformat()}
    record_many(
        "work_order.opened", "work_orders",
        [
            (one["id"], one["account_id"], _facts(one, draft, units[one["unit_id"]]) | opened)
            for one, draft in zip(work, drafts, strict=True)
        ],
    )  # fmt: skip
    begins = start_of(day)
    index_many((_card(one, units[one["unit_id"]], begins) for one in work), fresh=True)
    return keys


def _card(work: Values, unit: Any, at: datetime) -> Card:
    """What the search learns of a work order, so that it is found from now on."""
    number = f"WO-{work['id']}"
    symptom = work["symptom"]
    return Card(
        "work_order", work["id"], f"{number} {headline(symptom)}".strip(),
        f"{unit.code} {unit.serial_no}", unit.account_id, identifiers=[number], body=symptom,
        at=at, owner_id=work["assignee_id"],
    )  # fmt: skip


def _work_keys(number: int) -> list[int]:
    """Keys for so many new work orders; nobody else gets them.

    Known beforehand, so that the rows need not be read back: that takes three times as long.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        last = db.session.scalar(sa.select(sa.func.max(WorkOrder.id))) or 0
        return list(range(last + 1, last + 1 + number))
    sequence = sa.func.pg_get_serial_sequence("work_orders", "id")
    numbers = sa.func.generate_series(1, number).table_valued("number")
    return list(db.session.scalars(sa.select(sa.func.nextval(sequence)).select_from(numbers)))


def _work(
    key: int, draft: Draft, unit: Any, payers: dict[int, Any], terms: Terms, days: _Days
) -> Values:
    """Free while the plan's contract, or the term that renews it, is in force on the due day."""
    link = draft.link
    covered = term_on(terms, link.contract_id, draft.due_on)
    return {
        "id": key, "unit_id": unit.id, "account_id": unit.account_id, "kind": link.work_kind,
        "symptom": link.name, "chargeable": not covered and payers[unit.id].verdict != "free",
        "charge_reason": covered.number if covered else "", "assignee_id": link.assignee_id,
        "planned_on": days[draft.due_on],
    }  # fmt: skip


def _facts(work: Values, draft: Draft, unit: Any) -> Values:
    key = work["id"]
    return {
        "work_order_id": key, "number": f"WO-{key}", "unit_id": unit.id,
        "serial_no": unit.serial_no, "product_id": unit.product_id, "product_code": unit.code,
        "product": unit.product, "work_kind": work["kind"], "symptom": work["symptom"],
        "due_on": draft.due_on.isoformat(), "plan_id": draft.link.plan_id,
        "chargeable": work["chargeable"],
    }  # fmt: skip


def say_next(values: Sequence[tuple[int, date | None, date | None]]) -> None:
    """Write when units under plans fall due next, and from when on that is to be arranged."""
    update_many(_LINKS, ("next_due_on", "wakes_on"), values)
