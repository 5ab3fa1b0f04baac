"""Ask for meters and readings; lists and neighbours are rows, found by (meter, instant)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from crm.errors import NotFound
from crm.extensions import UtcDateTime, at_most, db
from crm.paging import Page, choose_sort, page
from crm.readings.judging import Around, Known, Line
from crm.readings.models import Meter, Reading
from crm.rights import Person, branches, may
from crm.staff.models import Staff

Fields = dict[str, Any]
CHUNK = 1000
R = Reading.__table__.c
MOST_METERS = 50
NEXT = ("before", "same", "after")


def get_meter(meter_id: int, user: Person, action: str = "view") -> Meter:
    """The door to a meter: who may see or edit a unit may do so with its meters."""
    found = db.session.get(Meter, meter_id)
    if found is None or not may(user, action, "unit"):
        raise NotFound
    return found


def get_reading(reading_id: int, user: Person, action: str = "view") -> Reading:
    """The door to a reading."""
    found = db.session.get(Reading, reading_id)
    if found is None or not may(user, action, "unit"):
        raise NotFound
    return found


def meters_of(unit_id: int) -> Sequence[sa.Row[Any]]:
    """The meters of a unit in the order they were made."""
    return db.session.execute(
        sa.select(*Meter.__table__.columns)
        .where(Meter.unit_id == unit_id)
        .order_by(Meter.id)
        .limit(at_most(MOST_METERS))
    ).all()


def standing(row: Any) -> sa.ColumnElement[bool]:
    """Whether a reading stands: it has a value, and no correction came after it."""
    later = aliased(Reading)
    corrected = sa.exists().where(
        later.meter_id == row.meter_id, later.at == row.at, later.revision > row.revision
    )
    return sa.and_(row.value.is_not(None), ~corrected)


def _next_to(meter_id: Any, when: Any, name: str) -> sa.Label[int | None]:
    """The key of the reading that stands before, at or after an instant: one look at the index."""
    near = aliased(Reading)
    where, order = {
        "before": (near.at < when, near.at.desc()),
        "until": (near.at <= when, near.at.desc()),
        "same": (near.at == when, near.at),
        "after": (near.at > when, near.at),
    }[name]
    return (
        sa.select(near.id)
        .where(near.meter_id == meter_id, where, standing(near))
        .order_by(order)
        .limit(at_most(1))
        .scalar_subquery()
        .label(name)
    )


def _free(meter_id: Any, when: Any) -> sa.Label[int]:
    """The next revision at an instant; 0 where nothing was ever noted."""
    last = sa.func.max(R.revision) + 1
    rows = sa.select(last).where(R.meter_id == meter_id, R.at == when)
    return sa.func.coalesce(rows.scalar_subquery(), 0).label("free")


def _asked(name: str, rows: Sequence[tuple[Any, ...]], *columns: sa.ColumnClause[Any]) -> sa.CTE:
    return sa.values(*columns, name=name).data(list(rows)).cte()


def around(lines: Sequence[Line]) -> dict[tuple[int, datetime], Around]:
    """(meter, instant) → what stands next to it; two statements for every thousand lines."""
    places = sorted({(line.meter_id, line.at) for line in lines})
    found: dict[tuple[int, datetime], Around] = {}
    for some in chunks(places):
        asked = _asked("asked", some, sa.column("meter_id", sa.BigInteger),
                       sa.column("at", UtcDateTime))  # fmt: skip
        keys = db.session.execute(
            sa.select(
                asked.c.meter_id, asked.c.at,
                *(_next_to(asked.c.meter_id, asked.c.at, one) for one in NEXT),
                _free(asked.c.meter_id, asked.c.at),
            )
        ).all()  # fmt: skip
        known = _known({key for row in keys for key in row[2:5] if key is not None})
        for row in keys:
            here, there = known.get(row.before), known.get(row.after)
            found[(row.meter_id, row.at)] = Around(here, known.get(row.same), there, row.free)
    return found


def _known(keys: Iterable[int]) -> dict[int, Known]:
    found: dict[int, Known] = {}
    for some in chunks(sorted(keys)):
        rows = db.session.execute(
            sa.select(R.id, R.at, R.value, R.offset, R.reset).where(R.id.in_(some))
        )
        found |= {row.id: Known(row.at, row.value, row.offset, row.reset, row.id) for row in rows}
    return found


def latest(meter_ids: Iterable[int]) -> dict[int, Known]:
    """Meter → the last reading that stands, in two statements."""
    ids = list(meter_ids)
    near = aliased(Reading)
    last = (
        sa.select(near.id)
        .where(near.meter_id == Meter.id, standing(near))
        .order_by(near.at.desc())
        .limit(at_most(1))
        .scalar_subquery()
    )
    keys = db.session.execute(sa.select(Meter.id, last.label("last")).where(Meter.id.in_(ids)))
    of = {row.id: row.last for row in keys if row.last is not None}
    known = _known(of.values())
    return {meter: known[key] for meter, key in of.items()}


def thinned(meter_ids: Iterable[int], instants: Sequence[datetime]) -> dict[int, list[Known]]:
    """Meter → its last reading before each instant, oldest first and each once: two statements.

    A meter with a million readings costs what one with a hundred does.
    """
    ids = list(meter_ids)
    found: dict[int, list[Known]] = {meter: [] for meter in ids}
    if not ids:
        return found
    asked = _asked("asked", [(one,) for one in instants], sa.column("at", UtcDateTime))
    rows = db.session.execute(
        sa.select(Meter.id, _next_to(Meter.id, asked.c.at, "until"))
        .select_from(sa.join(Meter, asked, sa.true()))
        .where(Meter.id.in_(ids))
    ).all()
    known = _known({row.until for row in rows if row.until is not None})
    held: dict[int, set[int]] = {meter: set() for meter in ids}
    for row in rows:
        if row.until is not None:
            held[row.id].add(row.until)
    return {
        meter: sorted((known[key] for key in keys), key=lambda one: one.at)
        for meter, keys in held.items()
    }


def chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """So many at a time as one statement takes."""
    for first in range(0, len(rows), CHUNK):
        yield rows[first : first + CHUNK]


def reading_page(meter_id: int, user: Person, cursor: str | None, limit: int) -> Page:
    """The readings of a meter, newest first, corrected ones among them."""
    columns = (*R, Staff.name.label("by"), standing(Reading).label("stands"))
    return page(
        columns, R.id, branches(user, "view", "unit", Reading), [R.meter_id == meter_id],
        choose_sort("-at", {"at": R.at}, "-at"), cursor, limit,
        sa.outerjoin(Reading, Staff, Staff.id == Reading.by_id),
    )  # fmt: skip
