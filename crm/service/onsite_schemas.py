"""What an engineer writes at the customer's: one schema for the form of the phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length

from crm.clock import zone
from crm.service import signature_strokes
from crm.service.instants import Instant, typed
from crm.service.onsite_rows import read, written
from crm.service.schemas import LONG, MOST_CHECKS, MOST_MINUTES, MOST_PARTS
from crm.service.signature_models import UNSIGNED
from crm.typed import Schema, amount, choice, key, line, number, words


class Minute(ma.fields.Field[str]):
    """A minute on the company's clock, as its field on the page holds it."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        return typed(Instant().deserialize(value, attr, data, **kwargs))


def instant_of(text: str | None) -> datetime | None:
    """The instant of such a minute, in UTC."""
    if not text:
        return None
    return datetime.fromisoformat(text).replace(tzinfo=zone()).astimezone(UTC)


class PartRow(Schema):
    """One line of parts; `chargeable` empty: as the contract says."""

    id = key(allow_none=True, load_default=None)
    part_no = line(40, load_default="")
    name = line(100, required=True)
    product_id = key(allow_none=True, load_default=None)
    removed_serial = line(80, load_default="")
    fitted_serial = line(80, load_default="")
    quantity = number(1, 10_000, load_default=1)
    unit_price = amount(load_default=0)
    chargeable = ma.fields.Boolean(allow_none=True, load_default=None)


class CheckRow(Schema):
    """One line of what was measured; `passed` empty: not judged."""

    id = key(allow_none=True, load_default=None)
    item = line(60, required=True)
    standard = line(60, load_default="")
    measured = line(60, load_default="")
    passed = ma.fields.Boolean(allow_none=True, load_default=None)


class Rows(ma.fields.Field[str]):
    """Rows as a list, or as the text a form carries; checked, and given back as that text."""

    default_error_messages = {
        "invalid": _l("These rows cannot be read."), "many": _l("Too many rows."),
    }  # fmt: skip

    def __init__(self, row: type[ma.Schema], most: int) -> None:
        super().__init__()
        self.row, self.most = row, most

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        value = super()._deserialize(value, attr, data, **kwargs)
        try:
            rows = read(value if isinstance(value, str) else written(value))
        except (ValueError, TypeError) as error:
            raise self.make_error("invalid") from error
        if len(rows) > self.most:
            raise self.make_error("many")
        return written(self.row(many=True).load(rows))


class OnsiteSchema(Schema):
    """The one form that an engineer fills in at the customer's. All of it may be left out."""

    arrived_at = Minute(allow_none=True)
    finished_at = Minute(allow_none=True)
    down_from = Minute(allow_none=True)
    down_until = Minute(allow_none=True)
    symptom_code = line(10)
    symptom = words(LONG)
    cause_code = line(10)
    cause = words(LONG)
    action_code = line(10)
    action = words(LONG)
    parts = Rows(PartRow, MOST_PARTS)
    checks = Rows(CheckRow, MOST_CHECKS)
    labour_minutes = number(0, MOST_MINUTES, allow_none=True)
    travel_km = number(0, 100_000, allow_none=True)
    substitute = line(200)
    customer_notice = words(LONG)


class Drawn(ma.fields.Field[list[Any]]):
    """The strokes of a signature, see signature_strokes."""

    default_error_messages = {"invalid": _l("This signature cannot be read. Please sign again.")}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> signature_strokes.Strokes:
        try:
            return signature_strokes.read(super()._deserialize(value, attr, data, **kwargs))
        except ValueError as error:
            raise self.make_error("invalid") from error


class SignatureSchema(Schema):
    """Whose signature, the strokes or why there are none, and what was shown when it was given."""

    name = line(100, required=True)
    strokes = Drawn(load_default=list)
    reason = choice(("", *UNSIGNED), load_default="")
    sha256 = ma.fields.String(required=True, validate=Length(64, 64))

    @ma.validates_schema
    def _signed_or_said(self, fields: dict[str, Any], **_more: Any) -> None:
        drawn = signature_strokes.length(fields.get("strokes", [])) >= signature_strokes.LEAST
        if not drawn and not fields.get("reason"):
            why = _l("Sign with a finger, or say why there is no signature.")
            raise ma.ValidationError(why, "strokes")
