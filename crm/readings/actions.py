"""Keep meters, take readings (many at once), correct them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import now
from crm.crash import crashpoint
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.products.models import Product
from crm.readings import judging, queries
from crm.readings.judging import Around, Known, Line, Verdict, judge
from crm.readings.models import MOST, Meter, Reading
from crm.references import refuse_if_referred_to
from crm.text.normal import search_key
from crm.timeline.actions import record, record_many

Fields = dict[str, Any]
_READINGS = db.metadata.tables[Reading.__tablename__]
CLOCKS_DIFFER = timedelta(minutes=5)
"""A device's clock may be ahead of ours by so much."""


def add_meter(unit: Unit, fields: Fields, by_id: int | None) -> Meter:
    """A unit gets a meter. Raises Invalid."""
    meter = Meter(unit_id=unit.id, kind="counter", decimals=0, measure="")
    _write(meter, fields)
    db.session.add(meter)
    facts = unit_facts([unit.id])[unit.id]
    record("unit.meter_added", unit, by_id, account_id=unit.account_id, meter=meter.name,
           **facts.told)  # fmt: skip
    return meter


def change_meter(meter: Meter, fields: Fields, by_id: int | None) -> None:
    """Change a meter; its kind and decimals only while nothing was read. Raises Invalid."""
    read = bool(queries.latest([meter.id]))
    if read and fields.get("kind", meter.kind) != meter.kind:
        raise Invalid({"kind": [_("It has been read already.")]})
    if read and fields.get("decimals", meter.decimals) < meter.decimals:
        raise Invalid({"decimals": [_("It has been read already.")]})
    _write(meter, fields)
    unit = db.session.get_one(Unit, meter.unit_id)
    facts = unit_facts([unit.id])[unit.id]
    record("unit.meter_changed", unit, by_id, account_id=unit.account_id, meter=meter.name,
           **facts.told)  # fmt: skip


def remove_meter(meter: Meter, by_id: int | None) -> None:
    """Take a meter away that was never read. Raises Conflict."""
    refuse_if_referred_to(meter)
    unit, name = db.session.get_one(Unit, meter.unit_id), meter.name
    facts = unit_facts([unit.id])[unit.id]
    db.session.delete(meter)
    record("unit.meter_removed", unit, by_id, account_id=unit.account_id, meter=name, **facts.told)


def _write(meter: Meter, fields: Fields) -> None:
    with db.session.no_autoflush:
        for name, value in fields.items():
            setattr(meter, name, value)
        meter.name_key = search_key(meter.name)[:120]
        limit = meter.rated_limit
        if limit is not None and (limit <= 0 or limit > MOST or limit != round(limit, 6)):
            raise Invalid({"rated_limit": [_("A number above 0, of at most 6 decimals.")]})
        twin = sa.select(Meter.id).where(
            Meter.unit_id == meter.unit_id, Meter.name_key == meter.name_key,
            Meter.id.is_distinct_from(meter.id),
        )  # fmt: skip
        if db.session.scalar(twin) is not None:
            raise Invalid({"name": [_("The unit has a meter of this name.")]})


def read_meter(line: Line, source: str, by_id: int | None) -> Reading:
    """Note one reading; the same one twice is one. Raises Invalid naming the field."""
    verdict = take([line], source, by_id)[0]
    if verdict.word == "refused":
        raise Invalid(verdict.errors)
    found = queries.around([line])[(line.meter_id, line.at)].same
    assert found is not None
    return db.session.get_one(Reading, found.id)


def take(
    lines: Sequence[Line], source: str, by_id: int | None, quiet: bool = False
) -> list[Verdict]:
    """What becomes of each line; those that are taken are written with a few statements in all.

    Lines of one meter are judged in the order of time, each against what stands and against those
    taken before it. One event for each unit; `quiet` is for the past, which alarms nobody.
    """
    meters = _locked({line.meter_id for line in lines})
    order = sorted(range(len(lines)), key=lambda n: (lines[n].meter_id, lines[n].at, n))
    verdicts: list[Verdict] = [Verdict("refused")] * len(lines)
    standing = queries.around([line for line in lines if line.meter_id in meters])
    until, last, taken = now() + CLOCKS_DIFFER, Known(now(), Decimal(0)), 0
    rows: list[Fields] = []
    for place in order:
        line, meter = lines[place], meters.get(lines[place].meter_id)
        if meter is None:
            verdicts[place] = judging.refused("meter_id", _("There is no such meter."))
            continue
        if line.meter_id != taken:
            last, taken = Known(datetime.min.replace(tzinfo=line.at.tzinfo), Decimal(0)), 0
        near = _with(standing[(line.meter_id, line.at)], line.at, last if taken else None)
        verdicts[place] = verdict = judge(line, meter, near, until)
        if verdict.word == "taken":
            last, taken = Known(line.at, line.value, verdict.offset, line.reset), line.meter_id
            rows.append(_row(line, near.revision, verdict, source, by_id))
    _insert(rows)
    crashpoint("readings.after_rows")
    _tell(rows, meters, by_id, quiet)
    return verdicts


def _with(near: Around, at: datetime, last: Known | None) -> Around:
    """What stands next to an instant, with what the same batch said before it."""
    if last is None:
        return near
    if last.at == at:
        return replace(near, same=last)
    before = last if near.before is None or near.before.at < last.at else near.before
    return replace(near, before=before)


def _locked(meter_ids: Iterable[int]) -> dict[int, Any]:
    """The meters, locked: nobody else adds to them until this transaction ends."""
    found: dict[int, Any] = {}
    for some in queries.chunks(sorted(set(meter_ids))):
        rows = db.session.execute(
            sa.select(*Meter.__table__.columns)
            .where(Meter.id.in_(some))
            .order_by(Meter.id)
            .with_for_update()
        )
        found |= {row.id: row for row in rows}
    return found


def _row(line: Line, revision: int, verdict: Verdict, source: str, by_id: int | None) -> Fields:
    return {
        "meter_id": line.meter_id, "at": line.at, "revision": revision, "value": line.value,
        "offset": verdict.offset, "reset": line.reset, "source": source, "reason": "",
        "by_id": by_id, "noted_at": now(),
    }  # fmt: skip


def _insert(rows: Sequence[Fields]) -> None:
    if rows:
        db.session.connection().execute(sa.insert(_READINGS), list(rows))


class UnitFacts:
    """How a unit is called in the history."""

    def __init__(self, row: Any) -> None:
        self.account_id: int = row.account_id
        self.told: Fields = {
            "serial_no": row.serial_no, "product_code": row.code, "product": row.name,
            "unit_id": row.id,
        }  # fmt: skip


def unit_facts(unit_ids: Iterable[int]) -> dict[int, UnitFacts]:
    """Unit → how it is called, in one statement for a thousand."""
    found: dict[int, UnitFacts] = {}
    for some in queries.chunks(sorted(set(unit_ids))):
        rows = db.session.execute(
            sa.select(Unit.id, Unit.account_id, Unit.serial_no, Product.code, Product.name)
            .join(Product, Product.id == Unit.product_id)
            .where(Unit.id.in_(some))
        )
        found |= {row.id: UnitFacts(row) for row in rows}
    return found


def _tell(rows: Sequence[Fields], meters: dict[int, Any], by_id: int | None, quiet: bool) -> None:
    """One event for every unit that was read, with the newest of what was read."""
    if not rows:
        return
    of_unit: dict[int, list[Fields]] = defaultdict(list)
    for row in rows:
        of_unit[meters[row["meter_id"]].unit_id].append(row)
    units = unit_facts(of_unit)
    happened = []
    for unit_id, some in of_unit.items():
        newest = max(some, key=lambda row: row["at"])
        meter = meters[newest["meter_id"]]
        facts = units[unit_id].told | {
            "readings": len(some), "meter": meter.name, "measure": meter.measure,
            "value": judging.shown(newest["value"], meter),
            "newest": newest["at"].isoformat(),
        }  # fmt: skip
        happened.append((unit_id, units[unit_id].account_id, facts))
    record_many("unit.metered", "units", happened, by_id, quiet)


def correct(reading: Reading, value: Decimal | None, reason: str, by_id: int | None) -> Reading:
    """A reading said something else, or is taken back (None). Raises Invalid, Conflict."""
    meter = _locked([reading.meter_id])[reading.meter_id]
    if not reason:
        raise Invalid({"reason": [_("Say why; the reason is kept.")]})
    near = queries.around([Line(0, meter.id, reading.at, Decimal(0))])[(meter.id, reading.at)]
    if near.same is None or near.same.id != reading.id:
        raise Conflict(_("This reading was corrected already."))
    if value == near.same.value:
        raise Invalid({"value": [_("It says this already.")]})
    verdict = judging.corrected(value, near.same, meter, near)
    if verdict.word == "refused":
        raise Invalid(verdict.errors)
    made = Reading(
        meter_id=meter.id, at=reading.at, revision=reading.revision + 1, value=value,
        offset=verdict.offset, reset=reading.reset, source="person", reason=reason, by_id=by_id,
    )  # fmt: skip
    db.session.add(made)
    unit = db.session.get_one(Unit, meter.unit_id)
    record(
        "unit.reading_corrected", unit, by_id, account_id=unit.account_id, meter=meter.name,
        before=judging.shown(near.same.value, meter), reason=reason,
        value=judging.shown(value, meter) if value is not None else "",
        **unit_facts([unit.id])[unit.id].told,
    )  # fmt: skip
    return made
