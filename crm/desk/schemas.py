"""What the call form sends, and what a look-up answers."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length, OneOf

from crm.support.models import CATEGORIES
from crm.support.schemas import NOTE_MOST, VOICE_MOST, Words
from crm.typed import Schema, key, line, number

OUTCOMES = ("visit", "solved", "callback")


class CallSchema(Schema):
    """One call: who, what, which unit, in whose words, and what comes of it."""

    class Meta:
        """The form also carries what belongs to the screen (its draft, the look-up)."""

        unknown = ma.EXCLUDE

    account_id = key(required=True, error_messages={"required": _l("Choose who is calling first.")})
    contact_id = key(allow_none=True)
    site_id = key(allow_none=True)
    unit_id = key(allow_none=True)
    category = ma.fields.String(validate=OneOf(CATEGORIES), load_default="other")
    symptom = Words(validate=Length(max=100), load_default="")
    voice = Words(validate=Length(max=VOICE_MOST), load_default="")
    memo = Words(validate=Length(max=NOTE_MOST), load_default="")
    outcome = ma.fields.String(validate=OneOf(OUTCOMES), allow_none=True)


class LookupQuery(Schema):
    """What was typed or dialled."""

    q = Words(required=True, validate=Length(1, 200))
    limit = ma.fields.Integer(validate=ma.validate.Range(1, 20), load_default=8)


class CallerAccountSchema(Schema):
    id = ma.fields.Integer()
    name = ma.fields.String()
    name_kana = ma.fields.String()
    rank = ma.fields.String(allow_none=True)
    owner_id = ma.fields.Integer(allow_none=True)
    owner = ma.fields.String(allow_none=True)
    handling_note = ma.fields.String()


class CallerContactSchema(Schema):
    id = ma.fields.Integer()
    name = ma.fields.Function(lambda row: f"{row.family_name} {row.given_name}".strip())
    name_kana = ma.fields.Function(
        lambda row: f"{row.family_name_kana} {row.given_name_kana}".strip()
    )
    department = ma.fields.String()
    title = ma.fields.String()
    email = ma.fields.String()


class CallerSiteSchema(Schema):
    id = ma.fields.Integer()
    name = ma.fields.String()


class CallerUnitSchema(Schema):
    id = ma.fields.Integer()
    product_id = ma.fields.Integer()
    product = ma.fields.String()
    product_code = ma.fields.String()
    serial_no = ma.fields.String()
    site_id = ma.fields.Integer(allow_none=True)
    status = ma.fields.String()
    entitlement = ma.fields.Dict()


class CallerTicketSchema(Schema):
    id = ma.fields.Integer()
    number = ma.fields.Function(lambda row: row.id)
    subject = ma.fields.String()
    status = ma.fields.String()
    category = ma.fields.String()
    severity = ma.fields.String()
    unit_id = ma.fields.Integer(allow_none=True)
    assignee_id = ma.fields.Integer(allow_none=True)
    opened_at = ma.fields.AwareDateTime()
    due_at = ma.fields.AwareDateTime(allow_none=True)


class CallerDealSchema(Schema):
    id = ma.fields.Integer()
    title = ma.fields.String()
    stage = ma.fields.String()
    rank = ma.fields.String()
    owner = ma.fields.String(allow_none=True)


class CandidateSchema(Schema):
    """One who may be calling. `matched` says by what, `score` how surely (100 is the number)."""

    matched = ma.fields.String(required=True)
    score = ma.fields.Integer(required=True)
    account = ma.fields.Nested(CallerAccountSchema, required=True)
    contact = ma.fields.Nested(CallerContactSchema, required=True, allow_none=True)
    site = ma.fields.Nested(CallerSiteSchema, required=True, allow_none=True)
    unit_id = ma.fields.Integer(required=True, allow_none=True)
    ticket_id = ma.fields.Integer(required=True, allow_none=True)
    units = ma.fields.List(ma.fields.Nested(CallerUnitSchema), required=True)
    open_tickets = ma.fields.List(ma.fields.Nested(CallerTicketSchema), required=True)
    open_deals = ma.fields.List(ma.fields.Nested(CallerDealSchema), required=True)


class FoundSchema(Schema):
    """Candidates, the surest first."""

    q = ma.fields.String(required=True)
    items = ma.fields.List(ma.fields.Nested(CandidateSchema), required=True)


SEATS_MOST = 9999


class QueueSchema(Schema):
    """One group of the telephone system: callers who wait, seats that answer, seats signed in."""

    name = line(60, required=True)
    waiting = number(0, SEATS_MOST, required=True)
    answering = number(0, SEATS_MOST, required=True)
    seats = number(0, SEATS_MOST, required=True)
    reported_at = ma.fields.AwareDateTime(dump_only=True)


class QueuesSchema(Schema):
    """Every group, and the sums of those that reported within two minutes; null when none did."""

    items = ma.fields.List(ma.fields.Nested(QueueSchema), required=True)
    waiting = ma.fields.Integer(required=True, allow_none=True)
    answering = ma.fields.Integer(required=True, allow_none=True)
    seats = ma.fields.Integer(required=True, allow_none=True)


def shown(q: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer of a look-up as JSON."""
    dumped: dict[str, Any] = FoundSchema().dump({"q": q, "items": rows})
    return dumped
