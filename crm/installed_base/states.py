"""How a unit stood on any day: every change of place, owner and use is one more row.

The newest row says what the unit itself says. A row holds the whole state, so one row answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.clock import today
from crm.extensions import at_most, db
from crm.installed_base.models import Unit, UnitState

Fields = dict[str, Any]
TRACKED = (
    "account_id", "site_id", "location", "location_id", "status", "ownership", "parent_id",
    "end_user_account_id",
)  # fmt: skip
BEGINNINGS = ("delivered_on", "installed_on", "accepted_on")
S = UnitState.__table__.c


def row_of(
    unit: Mapping[Any, Any], unit_id: int, from_on: date, by_id: int | None = None
) -> Fields:
    """A state as values of its table, from the columns of a unit."""
    state = {name: unit.get(name) for name in TRACKED}
    return state | {"unit_id": unit_id, "from_on": from_on, "reason": "", "by_id": by_id}


def first_row(unit: Mapping[Any, Any], unit_id: int, by_id: int | None = None) -> Fields:
    """The state with which a unit begins: from its first known day on, today at the latest."""
    days = [unit[name] for name in BEGINNINGS if unit.get(name)]
    return row_of(unit, unit_id, min([*days, today()]), by_id)


def state_of(unit_id: int, on: date) -> sa.Row[Any] | None:
    """How a unit stood at the end of a day, in one statement; None before its first day."""
    return db.session.execute(
        sa.select(*S)
        .where(S.unit_id == unit_id, S.from_on <= on)
        .order_by(S.from_on.desc(), S.id.desc())
        .limit(at_most(1))
    ).first()


def states_of(unit_id: int, limit: int = 100) -> Sequence[sa.Row[Any]]:
    """The newest states of a unit, newest first."""
    return db.session.execute(
        sa.select(*S)
        .where(S.unit_id == unit_id)
        .order_by(S.from_on.desc(), S.id.desc())
        .limit(at_most(limit))
    ).all()


def begin(unit: Unit, by_id: int | None) -> None:
    """Write down with what state a unit begins."""
    db.session.add(UnitState(**first_row(_columns(unit), unit.id, by_id)))


def note(unit: Unit, by_id: int | None, on: date | None = None, reason: str = "") -> None:
    """Write down how a unit stands from a day on (today without one), when that is new.

    A day that has not come, or lies before the newest row, counts as today: the newest row is
    always the unit itself.
    """
    last = next(iter(states_of(unit.id, 1)), None)
    columns = _columns(unit)
    if last is not None and all(columns[name] == last._mapping[name] for name in TRACKED):
        return
    day = today() if on is None or on > today() or (last and on < last.from_on) else on
    row = row_of(columns, unit.id, max(day, last.from_on) if last else day, by_id)
    db.session.add(UnitState(**row | {"reason": reason}))


def _columns(unit: Unit) -> Fields:
    return {name: getattr(unit, name) for name in (*TRACKED, *BEGINNINGS)}
