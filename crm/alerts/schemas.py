"""What an alert looks like from outside."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import OneOf

from crm.alerts.models import DISMISSALS, STATES
from crm.typed import Schema, instant, words


class AlertFactSchema(Schema):
    """One fact behind an alert, with the record it can be read in."""

    text = ma.fields.String(required=True)
    type = ma.fields.String(required=True)
    id = ma.fields.Integer(required=True)


class AlertSchema(Schema):
    """An alert; `estimated_value` in yen."""

    id = ma.fields.Integer(dump_only=True)
    rule = ma.fields.String(dump_only=True)
    rule_version = ma.fields.Integer(dump_only=True)
    reason = ma.fields.String(dump_only=True)
    evidence = ma.fields.List(ma.fields.Nested(AlertFactSchema), dump_only=True)
    voice = ma.fields.String(dump_only=True)
    account_id = ma.fields.Integer(dump_only=True)
    unit_id = ma.fields.Integer(dump_only=True, allow_none=True)
    ticket_id = ma.fields.Integer(dump_only=True, allow_none=True)
    contract_id = ma.fields.Integer(dump_only=True, allow_none=True)
    estimated_value = ma.fields.Integer(dump_only=True)
    owner_id = ma.fields.Integer(dump_only=True, allow_none=True)
    state = ma.fields.String(dump_only=True, validate=OneOf(STATES))
    raised_at = ma.fields.AwareDateTime(dump_only=True)
    snoozed_until = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    decided_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    dismissal = ma.fields.String(dump_only=True, allow_none=True)
    deal_id = ma.fields.Integer(dump_only=True, allow_none=True)
    version = ma.fields.Integer(dump_only=True)


class DismissalSchema(Schema):
    """Why an alert is not taken up."""

    reason = ma.fields.String(required=True, validate=OneOf(DISMISSALS))
    note = words(300, load_default="")


class SnoozeSchema(Schema):
    """Until when an alert is put off; a week when nothing is said."""

    until = instant(load_default=None, allow_none=True)


class MadeLineSchema(Schema):
    """One line of the deal; yen."""

    product_id = ma.fields.Integer(required=True, allow_none=True)
    description = ma.fields.String(required=True)
    quantity = ma.fields.Integer(required=True)
    unit_price = ma.fields.Integer(required=True)


class MadeDealSchema(Schema):
    """The deal that an alert became, as the alert filled it; all of it stands under its address."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    account_id = ma.fields.Integer(required=True)
    contact_id = ma.fields.Integer(required=True, allow_none=True)
    site_id = ma.fields.Integer(required=True, allow_none=True)
    owner_id = ma.fields.Integer(required=True, allow_none=True)
    stage = ma.fields.String(required=True)
    rank = ma.fields.String(required=True)
    origin = ma.fields.String(required=True)
    amount = ma.fields.Integer(required=True)
    lines = ma.fields.List(ma.fields.Nested(MadeLineSchema), required=True)
    unit_ids = ma.fields.List(ma.fields.Integer(), required=True)
    expected_close_on = ma.fields.Date(required=True, allow_none=True)
    next_step = ma.fields.String(required=True)
    next_step_on = ma.fields.Date(required=True, allow_none=True)
    next_step_kind = ma.fields.String(required=True, allow_none=True)
    from_alert_id = ma.fields.Integer(required=True)
    version = ma.fields.Integer(required=True)
