"""What is sent about addresses outside, and what is shown of them and of every telling."""

from __future__ import annotations

import marshmallow as ma
from flask import current_app
from flask_babel import gettext as _
from marshmallow.validate import Length, OneOf

from crm.typed import OneLine, Recorded, Schema, instant, line
from crm.webhooks import words
from crm.webhooks.addresses import Denied, reachable, read
from crm.webhooks.kinds import KINDS
from crm.webhooks.models import STATES


def inside() -> tuple[str, ...]:
    """The company's own networks, where receivers may run (CRM_WEBHOOK_PRIVATE)."""
    found: tuple[str, ...] = current_app.extensions["settings"].webhook_networks
    return found


def _unknown(_host: str, _port: int, _seconds: float) -> list[str]:
    return []


def _address(url: str) -> None:
    """Refuse what is never called; what a name leads to is looked at each time it is called."""
    try:
        target = read(url)
        if target.scheme != "https" and not inside():
            raise Denied("scheme")
        reachable(target, inside(), 0, _unknown)
    except Denied as denied:
        raise ma.ValidationError(words.error(str(denied))) from denied


def _once(kinds: list[str]) -> None:
    if len(set(kinds)) < len(kinds):
        raise ma.ValidationError(_("A kind stands there twice."))


class WebhookSchema(Recorded):
    """An address that hears of some kinds of event."""

    label = line(100, required=True)
    url = OneLine(required=True, validate=[Length(1, 500), _address])
    kinds = ma.fields.List(
        ma.fields.String(validate=OneOf(KINDS)), required=True, validate=[Length(1), _once]
    )
    paused_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    pause_reason = ma.fields.String(dump_only=True)
    failing_since = ma.fields.AwareDateTime(dump_only=True, allow_none=True)


class SecretSchema(Schema):
    """A secret, shown this once."""

    secret = ma.fields.String(required=True)


class DeliverySchema(Schema):
    """One event for one address, and how the last try went."""

    id = ma.fields.Integer(dump_only=True)
    webhook_id = ma.fields.Integer(dump_only=True)
    message_id = ma.fields.String(dump_only=True)
    event_id = ma.fields.Integer(dump_only=True, allow_none=True)
    kind = ma.fields.String(dump_only=True)
    state = ma.fields.String(dump_only=True, validate=OneOf(STATES))
    attempts = ma.fields.Integer(dump_only=True)
    made_at = ma.fields.AwareDateTime(dump_only=True)
    due_at = ma.fields.AwareDateTime(dump_only=True)
    sent_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    updated_at = ma.fields.AwareDateTime(dump_only=True)
    status = ma.fields.Integer(dump_only=True, allow_none=True)
    took_ms = ma.fields.Integer(dump_only=True, allow_none=True)
    error = ma.fields.String(dump_only=True)
    request = ma.fields.String(dump_only=True)
    answer = ma.fields.String(dump_only=True)


class SinceSchema(Schema):
    """From which instant on; everything that is kept when it is left out."""

    since = instant()


class ReplayedSchema(Schema):
    """How many deliveries wait again."""

    number = ma.fields.Integer(required=True)
