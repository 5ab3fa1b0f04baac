"""Keep the days that follow from intervals and cycles where a walk over the days finds them.

`unit_dues` holds nothing that is not computed from other records: each unit's rows are what
`crm/expiry/dates.py` says of it. They are brought up to date by the events that change them, and
once a night for all units, so that what came by file or slipped through is right by the morning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from crm.expiry.dates import CHECKS, by_interval, first_need
from crm.expiry.lines import begun
from crm.expiry.models import UnitDue
from crm.expiry.spans import ACTIVE
from crm.extensions import at_most, db, one_of
from crm.installed_base.models import Unit, WorkOrder
from crm.maintenance.models import OPEN, MaintenancePlan, PlanUnit, Visit
from crm.products.models import Product

WINDOW = 10_000
"""Units that are looked at in one transaction."""

U, P, W = Unit.__table__.c, Product.__table__.c, WorkOrder.__table__.c
_DUES = db.metadata.tables[UnitDue.__tablename__]
D = _DUES.c
Kept = tuple[str, date, int, int]
"""Kind, first day, days until it comes back (0: it does not), and its place in that cycle."""


def units_behind(which: sa.ColumnElement[bool], after: int) -> Sequence[int]:
    """The keys of the next units of some behind a key, at most `WINDOW`."""
    some = sa.select(U.id).where(which, U.id > after).order_by(U.id).limit(at_most(WINDOW))
    return db.session.scalars(some).all()


def refresh_units(unit_ids: Sequence[int]) -> int:
    """Bring the days of some units up to date; returns how many were wrong."""
    return refresh(one_of(U.id, unit_ids)) if unit_ids else 0


def refresh(which: sa.ColumnElement[bool]) -> int:
    """Bring the days of some units up to date; returns how many were wrong. Four statements."""
    wanted, there = _wanted(which), _there(which)
    gone: dict[str, list[int]] = defaultdict(list)
    wrong: list[dict[str, Any]] = []
    for unit, kind in there.keys() - wanted.keys():
        gone[kind].append(unit)
    for key, kept in wanted.items():
        if there.get(key) != kept:
            wrong.append({"unit_id": key[0], **dict(zip(_NAMES, kept, strict=True))})
    for kind, units in gone.items():
        db.session.execute(sa.delete(UnitDue).where(D.kind == kind, D.unit_id.in_(units)))
    if wrong:
        db.session.connection().execute(_over(), wrong)
    return len(wrong) + sum(map(len, gone.values()))


_NAMES = ("kind", "due_on", "every_days", "phase")


def _wanted(which: sa.ColumnElement[bool]) -> dict[tuple[int, str], Kept]:
    """(unit, kind) → the row it ought to have."""
    rows = db.session.execute(
        sa.select(
            U.id, U.delivered_on, U.installed_on, U.accepted_on, P.inspection_interval_months,
            P.consumable_cycle_days, _last_check().label("checked_on"), _planned().label("planned"),
        )
        .join(Product, P.id == U.product_id)
        .where(
            which, U.status.in_(ACTIVE),
            sa.or_(P.inspection_interval_months.is_not(None), P.consumable_cycle_days.is_not(None)),
        )
    )  # fmt: skip
    return {(row.id, kept[0]): kept for row in rows for kept in _days(row)}


def _days(row: Any) -> Iterator[Kept]:
    begins = begun(row)
    check = by_interval(begins, row.checked_on, row.inspection_interval_months)
    if check is not None and not row.planned:
        yield "inspection", check, 0, 0
    every = row.consumable_cycle_days
    need = first_need(begins, every)
    if need is not None:
        yield "consumable", need, every, need.toordinal() % every


def _there(which: sa.ColumnElement[bool]) -> dict[tuple[int, str], Kept]:
    rows = db.session.execute(
        sa.select(D.unit_id, D.kind, D.due_on, D.every_days, D.phase)
        .join(Unit, U.id == D.unit_id)
        .where(which)
    )
    return {(unit, kind): (kind, *rest) for unit, kind, *rest in rows}


def _over() -> Any:
    """Write rows over those that are there."""
    on_sqlite = db.session.get_bind().dialect.name == "sqlite"
    writing = (sqlite.insert if on_sqlite else postgresql.insert)(_DUES)
    named = {name: writing.excluded[name] for name in _NAMES[1:]}
    return writing.on_conflict_do_update(index_elements=["unit_id", "kind"], set_=named)


def _last_check() -> sa.ScalarSelect[Any]:
    """The day of a unit's last inspection or calibration."""
    done = sa.select(sa.func.max(W.done_on)).where(
        W.unit_id == U.id, W.kind.in_(CHECKS), W.done_on.is_not(None),
        P.inspection_interval_months.is_not(None),
    )  # fmt: skip
    return done.correlate(Unit.__table__, Product.__table__).scalar_subquery()


def _planned() -> sa.ColumnElement[bool]:
    """Is an inspection or a calibration arranged, or does a plan say when the next one is?"""
    checks = MaintenancePlan.work_kind.in_(CHECKS)
    open_visit = (
        sa.select(Visit.id)
        .join(MaintenancePlan, MaintenancePlan.id == Visit.plan_id)
        .where(Visit.unit_id == U.id, Visit.state.in_(OPEN), checks)
    )
    due = (
        sa.select(PlanUnit.id)
        .join(MaintenancePlan, MaintenancePlan.id == PlanUnit.plan_id)
        .where(
            PlanUnit.unit_id == U.id, PlanUnit.next_due_on.is_not(None),
            MaintenancePlan.active.is_(True), checks,
        )
    )  # fmt: skip
    return sa.or_(*(one.correlate(Unit.__table__).exists() for one in (open_visit, due)))
