"""Lines in the history of units that tell of warranties, meters and readings which a file brought:
they go when these are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.installed_base.warranty_models import Warranty
from crm.readings.models import Meter, Reading
from crm.timeline.models import Event
from crm.transfers.directories import among
from crm.transfers.kinds import Kind
from crm.transfers.run_models import ImportRun

Step = Any
_OF_METERS = sa.select(Meter.unit_id).join(Reading, Reading.meter_id == Meter.id)
_TOLD = {
    "warranties": ("warranty.imported", sa.select(Warranty.unit_id), Warranty.id),
    "meters": ("unit.meter_added", sa.select(Meter.unit_id), Meter.id),
    "readings": ("unit.metered", _OF_METERS, Reading.id),
}


def unsay(kind: Kind, steps: Sequence[Step], run: ImportRun) -> None:
    """To be asked while the records are still there. What a person brought as news, and what was
    told at another time, stays."""
    if kind.name not in _TOLD or not steps:
        return
    told, units, record_id = _TOLD[kind.name]
    some = units.where(among(record_id, [step.record_id for step in steps])).distinct()
    began, ended = run.started_at or run.created_at, _ended(run)
    found = db.session.execute(
        sa.select(Event.id, Event.facts).where(
            Event.kind == told, Event.subject_type == "unit", Event.subject_id.in_(some),
            Event.by_id.is_(None), Event.at.between(began, ended),
        )
    ).all()  # fmt: skip
    lines = {step.line for step in steps}
    gone = [one.id for one in found if one.facts.get("line", next(iter(lines))) in lines]
    if gone:
        db.session.execute(sa.delete(Event).where(among(Event.id, gone)))


def _ended(run: ImportRun) -> datetime:
    """When its last row was written: what was told later is of others."""
    said = run.findings.get("ended")
    return datetime.fromisoformat(said) if said else run.finished_at or now()
