"""What meters and readings look like from outside; forms, JSON and tables alike."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

import marshmallow as ma

from crm.extensions import DECIMALS
from crm.readings.models import METER_KINDS
from crm.typed import Recorded, Schema, Several, choice, flag, instant, key, line
from crm.typed import number as whole

MOST_LINES = 10_000
"""Readings that one request may bring."""


class Figure(ma.fields.Field[Any]):
    """An exact decimal number, as 8412.5 or "8,412.5"; answered as text, so that none is lost."""

    def __init__(self, **more: Any) -> None:
        kinds = ("number", "string", *(("null",) if more.get("allow_none") else ()))
        about: dict[str, Any] = {
            "description": "A decimal number or its digits as text; answered as text.",
            "anyOf": [{"type": kind} for kind in kinds],
        }
        super().__init__(metadata=about, **more)
        self._exact = ma.fields.Decimal(allow_nan=False)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:
        if isinstance(value, Decimal):
            value = format(value.normalize(), "f")
        found: str | None = ma.fields.String()._serialize(value, attr, obj, **more)
        return found

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> Any:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip().replace(",", "")
        wanted = isinstance(value, int | float | str) and not isinstance(value, bool)
        if not wanted or len(str(value)) > 40:
            raise ma.ValidationError("Not a valid number.")
        return self._exact._deserialize(value, attr, data, **more)


class MeterSchema(Recorded):
    """What is read on a unit; `rated_limit` is what it is built for, in its unit of measure."""

    unit_id = ma.fields.Integer(dump_only=True)
    name = line(60, required=True)
    measure = line(20)
    kind = choice(METER_KINDS)
    rated_limit = Figure(allow_none=True)
    decimals = whole(0, DECIMALS)


class NewMeterSchema(MeterSchema):
    """A meter that is made says on which unit."""

    unit_id = key(required=True)


class ReadingSchema(Schema):
    """What a meter of a unit said; `at` this instant when left out.

    The meter is named by `meter_id`, or by its name in `meter`; a unit with one meter needs
    neither. `reset` marks a counter that began anew; `total` runs on over resets.
    """

    id = ma.fields.Integer(dump_only=True)
    meter_id = key()
    meter = line(60, load_only=True)
    at = instant()
    value = Figure(required=True)
    reset = flag()
    total = Figure(dump_only=True)
    revision = ma.fields.Integer(dump_only=True)
    source = ma.fields.String(dump_only=True)
    reason = ma.fields.String(dump_only=True)
    by_id = ma.fields.Integer(dump_only=True, allow_none=True)
    noted_at = ma.fields.AwareDateTime(dump_only=True)


class ShownReadingSchema(ReadingSchema):
    """One row of the readings; without a value it takes back the reading of its time."""

    value = Figure(dump_only=True, allow_none=True)
    total = Figure(dump_only=True, allow_none=True)


class LineSchema(ReadingSchema):
    """One of many readings: its meter by `meter_id`, or by `unit_id` and the name in `meter`."""

    unit_id = key()


class ReadingsSchema(Schema):
    """Many readings of any units at once; each is checked as a line of its own."""

    readings = ma.fields.List(
        ma.fields.Dict(), required=True, validate=Several(1, MOST_LINES)
    )  # fmt: skip


class VerdictSchema(Schema):
    """What became of a line (counted from 1): taken, same or refused; `errors` says why."""

    line = ma.fields.Integer()
    verdict = ma.fields.String()
    errors = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.List(ma.fields.String())
    )  # fmt: skip


class VerdictsSchema(Schema):
    """How many were taken, were there already, and were refused; and each line."""

    taken = ma.fields.Integer()
    same = ma.fields.Integer()
    refused = ma.fields.Integer()
    lines = ma.fields.List(ma.fields.Nested(VerdictSchema))


class CorrectionSchema(Schema):
    """What the meter said instead, or no value when the reading is taken back; and why."""

    value = Figure(allow_none=True, load_default=None)
    reason = line(200, required=True)
