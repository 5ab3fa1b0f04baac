"""Walks over the days that follow from intervals and cycles (`unit_dues`).

What comes back every so many days has no one day to look for: its next day depends on the first
day of the list. But its days always have the same place in their cycle, so a walk over the places
meets the units in the order of their next days, from any day on, whatever the year.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crm.expiry.models import UnitDue
from crm.expiry.spans import Branches, Reading
from crm.extensions import at_most, db
from crm.installed_base.models import Unit

D, U = UnitDue.__table__.c, Unit.__table__.c
_READ = UnitDue.__table__.join(Unit.__table__, U.id == D.unit_id)
Walk = tuple[int, int, int, date, int]
"""Days of the cycle, the first place and the last, the day of the first, and the key of the unit
behind which the walk begins there."""
NAMES = ("every", "low", "high", "day", "behind")
TYPES: tuple[Any, ...] = (
    sa.SmallInteger(), sa.SmallInteger(), sa.SmallInteger(), sa.Date(), sa.BigInteger(),
)  # fmt: skip


def for_the_first_time(reading: Reading, kind: str) -> Branches:
    """Units whose first day by an interval or a cycle is a day of the list."""
    found = reading.units(_READ, D.due_on, kind)
    yield found.where(D.kind == kind, *reading.span(D.due_on))


def again(reading: Reading) -> Branches:
    """Units that have been there before and come back in the list; of each the next time only."""
    walks = [one for every in reading.lengths("consumable") for one in _walks(reading, every)]
    if walks and db.engine.dialect.name == "postgresql":
        yield _all_at_once(reading, walks)
        return
    for every, low, high, _day, behind in walks:
        found = reading.units(_READ, D.due_on, "consumable", shift=sa.literal(every))
        yield (
            found.where(*_on(reading, every, low, high, behind))
            .order_by(None)
            .order_by(D.phase, D.unit_id)
        )


def _walks(reading: Reading, every: int) -> Iterator[Walk]:
    """Walks over the places of one length of cycle. They begin with the first day's and go round
    once at most, so they are cut in two where the places begin anew."""
    first, last = reading.ends
    begins, behind = max((first, 0), reading.after or (first, 0))
    low = begins.toordinal()
    high = min(last, first + timedelta(days=every - 1)).toordinal()
    while low <= high:
        top = min(high, low + every - 1 - low % every)
        yield every, low % every, top % every, date.fromordinal(low), behind
        low, behind = top + 1, 0


def _on(reading: Reading, every: Any, low: Any, high: Any, behind: Any) -> list[Any]:
    return [
        D.every_days == every, D.phase.between(low, high), D.due_on < reading.ends[0],
        sa.or_(D.phase > low, D.unit_id > behind),
    ]  # fmt: skip


def _all_at_once(reading: Reading, walks: list[Walk]) -> sa.Select[Any]:
    """All walks in one read, each to the limit, by LATERAL, which SQLite has not.

    They are given as arrays: a statement with VALUES of its own is put together anew every time.
    """
    columns: list[Any] = [sa.column(*one) for one in zip(NAMES, TYPES, strict=True)]
    arrays = map(_array, TYPES, zip(*walks, strict=True))
    given = sa.func.unnest(*arrays).table_valued(*columns, name="walks").render_derived()
    w = given.c
    days = (
        sa.select(D.due_on, D.unit_id, D.phase)
        .select_from(_READ)
        .where(
            *_on(reading, w.every, w.low, w.high, w.behind), *reading.accounts(U.account_id),
            *reading.wanted(),
        )
        .order_by(D.phase, D.unit_id)
        .limit(at_most(reading.limit))
        .correlate(given)
        .lateral("days")
    )  # fmt: skip
    read = given.join(days, sa.true())
    found = reading.branch(read, days.c.due_on, days.c.unit_id, "consumable", shift=w.every)
    return found.order_by(None).order_by(w.day + (days.c.phase - w.low), days.c.unit_id)


def _array(kind: Any, values: tuple[Any, ...]) -> sa.BindParameter[Any]:
    return sa.bindparam(None, list(values), postgresql.ARRAY(kind), unique=True)
