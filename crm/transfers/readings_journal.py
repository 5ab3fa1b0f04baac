"""Which readings and meters an import has made: what its undo needs to know."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from crm.extensions import db
from crm.readings.judging import Line
from crm.readings.models import Meter, Reading
from crm.transfers.bulk import insert_many
from crm.transfers.directories import parts
from crm.transfers.run_models import ImportStep
from crm.transfers.tables import table_of

Newest = dict[int, int]
_READINGS, _STEPS = table_of(Reading), table_of(ImportStep)


def newest_readings(meter_ids: Collection[int]) -> Newest:
    """Meter → its newest reading by number; the meters are locked, so that nobody else adds one."""
    found: Newest = {}
    for some in parts(sorted(meter_ids)):
        locked = sa.select(Meter.id).where(Meter.id.in_(some)).order_by(Meter.id).with_for_update()
        db.session.execute(locked).all()
        newest = (
            sa.select(_READINGS.c.meter_id, sa.func.max(_READINGS.c.id))
            .where(_READINGS.c.meter_id.in_(some))
            .group_by(_READINGS.c.meter_id)
        )
        found |= dict.fromkeys(some, 0) | {row[0]: row[1] for row in db.session.execute(newest)}
    return found


def note_readings(run_id: int | None, before: Newest, lines: Sequence[Line]) -> None:
    """Write down the readings that came after these."""
    if run_id is None or not before:
        return
    least, at = min(before.values()), {(one.meter_id, one.at): one.number for one in lines}
    for some in parts(sorted(before)):
        made = db.session.execute(
            sa.select(_READINGS.c.id, _READINGS.c.meter_id, _READINGS.c.at)
            .where(_READINGS.c.meter_id.in_(some), _READINGS.c.id > least)
            .order_by(_READINGS.c.id)
        )
        insert_many(_STEPS, [
            _step(run_id, at.get((row.meter_id, row.at), 0), "readings", row.id)
            for row in made if row.id > before[row.meter_id]
        ])  # fmt: skip


def note_meter(run_id: int | None, line: int, meter_id: int) -> None:
    """Write down a meter that was made for a row."""
    if run_id is not None:
        insert_many(_STEPS, [_step(run_id, line, "meters", meter_id)])


def _step(run_id: int, line: int, kind: str, record_id: int) -> dict[str, object]:
    return {
        "run_id": run_id, "line": line, "kind": kind, "record_id": record_id, "what": "new",
        "version": 1, "before": None, "outcome": "", "why": "",
    }  # fmt: skip
