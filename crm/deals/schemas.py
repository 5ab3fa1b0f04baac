"""What deals and activities look like from outside. Amounts in yen without tax."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow.validate import OneOf, Range

from crm.attributes.schemas import custom_values
from crm.deals.models import (
    ACTIVITY_KINDS,
    EVIDENCE,
    LOST_REASONS,
    MOST_YEN,
    ORIGINS,
    RANKS,
    RESULTS,
    STAGES,
)
from crm.typed import (
    LARGEST_KEY,
    Schema,
    Several,
    Shape,
    amount,
    day,
    flag,
    instant,
    key,
    line,
    words,
)

MOST_LINES = 200


def asked_key() -> ma.fields.Integer:
    """The key of another record in a query."""
    return ma.fields.Integer(validate=Range(1, LARGEST_KEY))


class DealLineSchema(Schema):
    """One line: a product or a description, how many, at what price each."""

    product_id = key(allow_none=True)
    description = line(200)
    quantity = ma.fields.Integer(strict=True, validate=Range(1, 1_000_000), load_default=1)
    unit_price = amount(allow_none=True)
    unit_cost = amount(allow_none=True)

    @ma.validates_schema
    def says_what(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A line without a product needs words, and every line a price."""
        if data.get("product_id") is None and not data.get("description", "").strip():
            raise ma.ValidationError(_("Say what this line is."), "description")
        if data.get("unit_price") is None:
            raise ma.ValidationError(_("A line needs its price."), "unit_price")


class EvidenceSchema(Schema):
    """What is known of budget, decision maker, need and timing; empty: not known yet."""

    budget = line(300)
    decision_maker = line(300)
    need = line(300)
    timing = line(300)


assert set(EVIDENCE) == set(EvidenceSchema._declared_fields)


class DealSchema(Schema):
    """A deal. `amount` is the sum of the lines where there are lines."""

    id = ma.fields.Integer(dump_only=True)
    number = ma.fields.String(dump_only=True)
    title = line(200, required=True)
    account_id = key(required=True)
    site_id = key(allow_none=True)
    contact_id = key(allow_none=True)
    owner_id = key(allow_none=True)
    team_id = ma.fields.Integer(dump_only=True, allow_none=True)
    stage = ma.fields.String(validate=OneOf(STAGES))
    stage_since = ma.fields.AwareDateTime(dump_only=True)
    rank = ma.fields.String(validate=OneOf(RANKS))
    amount = amount(allow_none=True)
    weighted_amount = ma.fields.Integer(dump_only=True, allow_none=True)
    gross_profit = ma.fields.Integer(
        strict=True, allow_none=True, validate=Range(-MOST_YEN, MOST_YEN)
    )
    expected_close_on = day(allow_none=True)
    revenue_on = day(allow_none=True)
    closed_on = ma.fields.Date(dump_only=True, allow_none=True)
    next_step = line(200)
    next_step_on = day(allow_none=True)
    next_step_kind = ma.fields.String(allow_none=True, validate=OneOf(ACTIVITY_KINDS))
    next_step_time = ma.fields.String(
        allow_none=True, validate=Shape(r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    )
    next_step_promised = flag()
    origin = ma.fields.String(validate=OneOf(ORIGINS))
    from_alert_id = ma.fields.Integer(dump_only=True, allow_none=True)
    competitor = line(100)
    competitor_note = words(2000)
    evidence = ma.fields.Nested(EvidenceSchema)
    lines = ma.fields.List(ma.fields.Nested(DealLineSchema), validate=Several(max=MOST_LINES))
    unit_ids = ma.fields.List(key(), validate=Several(max=500))
    last_activity_on = ma.fields.Date(dump_only=True, allow_none=True)
    won_reason = ma.fields.String(dump_only=True)
    lost_reason = ma.fields.String(dump_only=True, allow_none=True)
    lost_reason_own = ma.fields.String(dump_only=True)
    revisit_on = ma.fields.Date(dump_only=True, allow_none=True)
    attributes = custom_values()
    version = ma.fields.Integer(dump_only=True)
    created_at = ma.fields.AwareDateTime(dump_only=True)
    updated_at = ma.fields.AwareDateTime(dump_only=True)


class StageChangeSchema(Schema):
    """A move to another stage. Winning needs `closed_on`, losing `lost_reason`."""

    stage = ma.fields.String(required=True, validate=OneOf(STAGES))
    rank = ma.fields.String(validate=OneOf(RANKS))
    closed_on = day()
    won_reason = line(200)
    lost_reason = ma.fields.String(
        validate=OneOf(LOST_REASONS, error=_l("Please choose one of the reasons."))
    )
    lost_reason_own = line(200)
    competitor = line(100)
    revisit_on = day(allow_none=True)


class ActivitySchema(Schema):
    """A visit, a call, a meeting: planned, or done. `at` defaults to this instant."""

    id = ma.fields.Integer(dump_only=True)
    kind = ma.fields.String(required=True, validate=OneOf(ACTIVITY_KINDS))
    account_id = key()
    deal_id = key(allow_none=True)
    contact_ids = ma.fields.List(key(), validate=Several(max=50))
    by_id = ma.fields.Integer(dump_only=True, allow_none=True)
    at = instant()
    planned = flag()
    summary = words(10_000)
    result = ma.fields.String(validate=OneOf(("", *RESULTS)))
    next_step = line(200)
    next_step_on = day(load_only=True, allow_none=True)
    promised = flag()
    attributes = custom_values()
    version = ma.fields.Integer(dump_only=True)
    created_at = ma.fields.AwareDateTime(dump_only=True)
    updated_at = ma.fields.AwareDateTime(dump_only=True)
