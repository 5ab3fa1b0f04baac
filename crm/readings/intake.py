"""Many readings as they arrive, a verdict for each line; nothing here commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import now
from crm.errors import Invalid
from crm.extensions import db
from crm.readings.actions import take
from crm.readings.judging import Errors, Line, Verdict
from crm.readings.models import Meter
from crm.readings.queries import chunks
from crm.readings.schemas import LineSchema
from crm.text.normal import search_key
from crm.web import flatten

Fields = dict[str, Any]
_BEGINS, _ENDS = 1900, 2199


def line_of(fields: Fields, number: int, meter_id: int) -> Line:
    """One reading that was checked, as a line."""
    at = fields.get("at") or now()
    return Line(number, meter_id, at, fields["value"], bool(fields.get("reset")))


def named_meter(unit_id: int, fields: Fields) -> int:
    """The meter that a body names; a unit with one needs no name. Raises Invalid."""
    rows = db.session.execute(
        sa.select(Meter.id, Meter.name_key).where(Meter.unit_id == unit_id)
    ).all()
    if not rows:
        raise Invalid({"meter": [_("The unit has no meter yet.")]})
    if "meter_id" in fields:
        if fields["meter_id"] not in {row.id for row in rows}:
            raise Invalid({"meter_id": [_("The unit has no such meter.")]})
        return int(fields["meter_id"])
    if fields.get("meter"):
        wanted = search_key(fields["meter"])[:120]
        found = next((row.id for row in rows if row.name_key == wanted), None)
        if found is None:
            raise Invalid({"meter": [_("The unit has no such meter.")]})
        return int(found)
    if len(rows) > 1:
        raise Invalid({"meter": [_("The unit has several meters: name one.")]})
    return int(rows[0].id)


def checked_at(at: datetime | None) -> None:
    """An instant that a database can hold and somebody may mean. Raises Invalid."""
    if at is not None and not _BEGINS <= at.year <= _ENDS:
        raise Invalid({"at": [_("A day between 1900 and 2199.")]})


def take_bodies(bodies: Sequence[Any], source: str, by_id: int | None) -> Fields:
    """Take many readings as a program sends them; the answer holds a verdict for each."""
    schema, errors = LineSchema(), dict[int, Errors]()
    loaded: dict[int, Fields] = {}
    for number, body in enumerate(bodies, 1):
        try:
            loaded[number] = schema.load(body)
            checked_at(loaded[number].get("at"))
        except ma.ValidationError as error:
            errors[number] = flatten({"form": error.messages})
        except Invalid as error:
            errors[number] = error.errors
            del loaded[number]
    names = meters_named((one["unit_id"], one["meter"]) for one in loaded.values() if _by_name(one))
    lines = []
    for number, one in loaded.items():
        meter_id = one.get("meter_id")
        if meter_id is None and _by_name(one):
            meter_id = names.get((one["unit_id"], search_key(one["meter"])[:120]))
            if meter_id is None:
                errors[number] = {"meter": [_("The unit has no such meter.")]}
        elif meter_id is None:
            errors[number] = {"meter_id": [_("Name the meter, or the unit and its meter.")]}
        if meter_id is not None:
            lines.append(line_of(one, number, meter_id))
    verdicts = {line.number: verdict for line, verdict in zip(
        lines, take(lines, source, by_id), strict=True)}  # fmt: skip
    return answer(len(bodies), verdicts, errors)


def _by_name(fields: Fields) -> bool:
    return "unit_id" in fields and bool(fields.get("meter"))


def answer(many: int, verdicts: Mapping[int, Verdict], errors: Mapping[int, Errors]) -> Fields:
    """The verdicts of all lines, counted."""
    lines: list[Fields] = []
    for number in range(1, many + 1):
        verdict = verdicts.get(number) or Verdict("refused", errors=errors[number])
        told: Fields = {"line": number, "verdict": verdict.word}
        lines.append(told | ({"errors": verdict.errors} if verdict.errors else {}))
    counts = Counter(one["verdict"] for one in lines)
    return {word: counts[word] for word in ("taken", "same", "refused")} | {"lines": lines}


def meters_named(names: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """(unit, key of the name) → meter, in one statement for a thousand units."""
    units = sorted({unit for unit, _name in names})
    found: dict[tuple[int, str], int] = {}
    for some in chunks(units):
        rows = db.session.execute(
            sa.select(Meter.id, Meter.unit_id, Meter.name_key).where(Meter.unit_id.in_(some))
        )
        found |= {(row.unit_id, row.name_key): row.id for row in rows}
    return found
