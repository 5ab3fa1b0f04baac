"""Meters of one name on two units that are one: their readings become one row of readings, unless
a counter would run backwards; then the second meter stays beside it under the other's number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, cast

import sqlalchemy as sa

from crm.accounts.keys import keep_spent, spend
from crm.doubles.models import Merge, Move
from crm.doubles.moving import note_change, note_removed, remove
from crm.doubles.referring import Reference, reference
from crm.extensions import db
from crm.readings.models import Meter, Reading
from crm.text.normal import search_key
from crm.timeline.removals import removed_many

Readings = cast(sa.Table, Reading.__table__)
R = Readings.c
keep_spent(Meter)
LONGEST = 60
JOINED = "meter_id:"
"""Before the key of a meter: the column under which a joined reading is noted."""


def twins(survivor_id: int, lost_id: int) -> list[tuple[Meter, Meter]]:
    """Meters of one name, the survivor's first."""
    rows = db.session.scalars(sa.select(Meter).where(Meter.unit_id.in_((survivor_id, lost_id))))
    found: dict[str, dict[int, Meter]] = {}
    for one in rows:
        found.setdefault(one.name_key, {})[one.unit_id] = one
    return [(two[survivor_id], two[lost_id]) for two in found.values() if len(two) > 1]


def clashes(survivor_id: int, lost_id: int) -> Iterator[tuple[str, int]]:
    """How many meters become one, and how many cannot."""
    fitting = _fitting(twins(survivor_id, lost_id))
    if any(fitting):
        yield "meters_joined", sum(fitting)
    if not all(fitting):
        yield "meters_apart", len(fitting) - sum(fitting)


Said = dict[Any, tuple[Any, ...]]
"""Instant → value (none when it was taken back), offset and whether it was reset there."""


def _fitting(found: Sequence[tuple[Meter, Meter]]) -> list[bool]:
    """Of each two, whether the readings of both, in the order of time, can be one meter's."""
    standing = _standing([one.id for two in found for one in two])
    return [_fits(two, standing[two[0].id], standing[two[1].id]) for two in found]


def _fits(two: tuple[Meter, Meter], ours: Said, others: Said) -> bool:
    mine, theirs = two
    if (mine.kind, mine.measure) != (theirs.kind, theirs.measure):
        return False
    shared = ours.keys() & others.keys()
    if theirs.decimals > mine.decimals or any(ours[at] != others[at] for at in shared):
        return False
    told = [row for _at, row in sorted((ours | others).items()) if row[0] is not None]
    return mine.kind != "counter" or _forward(told)


def _standing(meter_ids: Sequence[int]) -> dict[int, Said]:
    """What each meter says, in one statement."""
    found: dict[int, Said] = {key: {} for key in meter_ids}
    rows = db.session.execute(
        sa.select(R.meter_id, R.at, R.value, R.offset, R.reset)
        .where(R.meter_id.in_(found))
        .order_by(R.meter_id, R.at, R.revision)
    )
    for row in rows if found else ():
        found[row.meter_id][row.at] = (row.value, row.offset, row.reset)
    return found


def _forward(rows: Sequence[tuple[Any, ...]]) -> bool:
    for (value, offset, _reset), (then, started, reset) in pairwise(rows):
        if then + started < value + offset or (started != offset and not reset):
            return False
    return True


def join(merge: Merge, serial_no: str) -> int:
    """Make one meter of two, or tell them apart by name; returns how many went."""
    gone, found = 0, twins(merge.survivor_id, merge.lost_id)
    for (mine, theirs), fit in zip(found, _fitting(found), strict=True):
        if fit:
            _join(merge, mine.id, theirs.id)
            db.session.expunge(theirs)
            gone += 1
        else:
            _rename(merge, theirs, serial_no)
    return gone


def _rename(merge: Merge, meter: Meter, serial_no: str) -> None:
    names = db.session.scalars(
        sa.select(Meter.name_key).where(Meter.unit_id.in_((merge.survivor_id, merge.lost_id)))
    ).all()
    before = {"name": meter.name, "name_key": meter.name_key}
    ending = f" ({serial_no[:30] or merge.lost_id})"
    while search_key(meter.name) in names:
        meter.name = f"{meter.name[: LONGEST - len(ending)]}{ending}"
        ending = f" ({merge.lost_id}-{meter.id})"
    meter.name_key = search_key(meter.name)[:120]
    db.session.flush()
    note_change(merge, meter, before)


def _join(merge: Merge, mine: int, theirs: int) -> None:
    """The meter is noted before its readings, so that it is there when they come back."""
    meters = reference("unit", "meters.unit_id")
    table = meters.table
    row = db.session.execute(sa.select(table).where(table.c.id == theirs)).mappings().one()
    note_removed(merge, meters, [row])
    other = Readings.alias()
    there = sa.exists().where(other.c.meter_id == mine, other.c.at == R.at)
    remove(merge, Reference(Readings, R.meter_id), [R.meter_id == theirs, there])
    said: list[Any] = [
        sa.literal(merge.id), sa.literal("readings"), sa.literal(f"{JOINED}{theirs}"),
        sa.literal("joined"), R.id,
    ]  # fmt: skip
    names = ["merge_id", "table_name", "column_name", "what", "row_id"]
    rows = sa.select(*said).where(R.meter_id == theirs)
    db.session.execute(sa.insert(Move).from_select(names, rows))
    db.session.execute(
        sa.update(Readings).where(R.meter_id == theirs).values(meter_id=mine)
    )  # fmt: skip
    spend(table, theirs)
    removed_many("meters", [theirs])
    db.session.execute(sa.delete(table).where(table.c.id == theirs))


def part(merge: Merge) -> Iterator[dict[str, Any]]:
    """The readings go back to the meter that they were read on; yields what could not."""
    noted = Move.merge_id == merge.id, Move.what == "joined"
    for name in db.session.scalars(sa.select(Move.column_name).where(*noted).distinct()).all():
        meter_id = int(name.removeprefix(JOINED))
        these = sa.select(Move.row_id).where(*noted, Move.column_name == name)
        whole = db.session.scalar(sa.select(sa.func.count()).select_from(these.subquery())) or 0
        back = 0
        if db.session.get(Meter, meter_id) is not None:
            done = db.session.execute(
                sa.update(Readings).where(R.id.in_(these)).values(meter_id=meter_id)
            )
            back = int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one
        if back < whole:
            yield {"what": "elsewhere", "table": "readings", "number": whole - back}
