"""Ask for meters and readings; lists and neighbours are rows, found by (meter, instant)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from crm.connections import BY_INDEX
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
    last = sa.select(sa.func.max(later.revision)).where(
        later.meter_id == row.meter_id, later.at == row.at
    )
    # Not "no later one exists": without statistics PostgreSQL makes that a join with all readings.
    # Not "the last one": of that it expects so little that it sorts all readings of the meter.
    return sa.and_(row.value.is_not(None), row.revision >= last.scalar_subquery())


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


def _asked(places: Sequence[tuple[int, datetime]]) -> sa.Subquery:
    """(place in the list, meter_id, at) of many instants as one parameter, so that the statement
    is the same for any number of them and compiled once."""
    if db.session.get_bind().dialect.name == "sqlite":
        told = [[meter, f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"] for meter, at in places]
        rows = sa.func.json_each(json.dumps(told)).table_valued("key", "value")
        return sa.select(
            sa.type_coerce(rows.c.key, sa.Integer).label("place"),
            sa.type_coerce(sa.func.json_extract(rows.c.value, "$[0]"), sa.BigInteger)
            .label("meter_id"),
            sa.type_coerce(sa.func.json_extract(rows.c.value, "$[1]"), UtcDateTime).label("at"),
        ).subquery("asked")  # fmt: skip
    meters = sa.cast([meter for meter, _at in places], ARRAY(sa.BigInteger))
    instants = sa.cast([at for _meter, at in places], ARRAY(sa.DateTime(timezone=True)))
    found = sa.func.unnest(meters, instants).table_valued(
        sa.column("meter_id", sa.BigInteger), sa.column("at", UtcDateTime),
        with_ordinality="place", name="asked",
    ).render_derived()  # fmt: skip
    return sa.select((found.c.place - 1).label("place"), found.c.meter_id, found.c.at).subquery()


def around(lines: Sequence[Line]) -> dict[tuple[int, datetime], Around]:
    """(meter, instant) → what stands next to it; two statements for every thousand lines."""
    places = sorted({(line.meter_id, line.at) for line in lines})
    found: dict[tuple[int, datetime], Around] = {}
    for some in chunks(places):
        asked = _asked(some).c
        keys = db.session.execute(
            sa.select(
                asked.place,
                *(_next_to(asked.meter_id, asked.at, one) for one in NEXT),
                _free(asked.meter_id, asked.at),
            ).execution_options(**BY_INDEX)
        ).all()
        known = _known({key for row in keys for key in row[1:4] if key is not None})
        for place, before, same, after, free in keys:
            found[some[place]] = Around(known.get(before), known.get(same), known.get(after), free)
    return found


def _known(keys: Iterable[int]) -> dict[int, Known]:
    found: dict[int, Known] = {}
    for some in chunks(sorted(keys)):
        each = sa.select(R.id, R.at, R.value, R.offset, R.reset).where(R.id.in_(some))
        rows = db.session.execute(each.execution_options(**BY_INDEX))
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
    each = sa.select(Meter.id, last.label("last")).where(Meter.id.in_(ids))
    keys = db.session.execute(each.execution_options(**BY_INDEX))
    of = {row.id: row.last for row in keys if row.last is not None}
    known = _known(of.values())
    return {meter: known[key] for meter, key in of.items()}


def thinned(meter_ids: Iterable[int], instants: Sequence[datetime]) -> dict[int, list[Known]]:
    """Meter → its last reading before each instant, oldest first and each once: two statements
    for a thousand looks.

    A meter with a million readings costs what one with a hundred does.
    """
    ids = list(meter_ids)
    places = [(meter, at) for meter in ids for at in instants]
    held: dict[int, set[int]] = {meter: set() for meter in ids}
    for some in chunks(places):
        asked = _asked(some).c
        until = _next_to(asked.meter_id, asked.at, "until")
        each = sa.select(asked.meter_id, until).execution_options(**BY_INDEX)
        for meter, key in db.session.execute(each):
            if key is not None:
                held[meter].add(key)
    known = _known({key for keys in held.values() for key in keys})
    return {
        meter: sorted((known[key] for key in keys), key=lambda one: one.at)
        for meter, keys in held.items()
    }


def out_of_bounds(
    meter_id: int, bound: Decimal, above: bool, times: int, since: datetime | None
) -> Known | None:
    """The first reading of the episode a gauge is in: it has been above (or below) a bound at each
    of its last readings, at least so many `times` since an instant. None when it is not."""
    beyond = R.value > bound if above else R.value < bound
    own = [R.meter_id == meter_id, standing(Reading), *([R.at >= since] if since else [])]
    good = db.session.scalar(
        sa.select(R.at).where(*own, ~beyond).order_by(R.at.desc()).limit(at_most(1))
    )
    episode = [*own, R.at > good] if good is not None else own
    rows = db.session.execute(
        sa.select(R.id, R.at, R.value, R.offset, R.reset)
        .where(*episode)
        .order_by(R.at)
        .limit(at_most(times))
    ).all()
    if len(rows) < times:
        return None
    return Known(rows[0].at, rows[0].value, rows[0].offset, rows[0].reset, rows[0].id)


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
