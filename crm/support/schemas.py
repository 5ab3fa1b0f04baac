"""What a ticket, its notes and its closure look like from outside."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length, OneOf

from crm.attributes.schemas import custom_values
from crm.installed_base.models import WORK_KINDS
from crm.support.models import CATEGORIES, CHANNELS, NOTE_KINDS, SEVERITIES, STATUSES
from crm.text import buying_words
from crm.text.normal import clean
from crm.typed import Schema, Several, choice, day, flag, key

VOICE_MOST = 20_000
NOTE_MOST = 20_000


class Words(ma.fields.String):
    """Typed text: composed, blanks around it gone; characters that cannot be are refused."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        if not isinstance(text, str):
            return text
        if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise ma.ValidationError(str(_l("This holds a character that cannot be stored.")))
        return clean(text)


def _most(characters: int) -> Length:
    return Length(max=characters, error=_l("At most {max} characters."))


class TicketSchema(Schema):
    """One inquiry. `voice` is what the customer said and can only be set when it is opened, and so
    are `withdrawn_words`: buying words in it that are no sign for sales."""

    id = ma.fields.Integer(dump_only=True)
    number = ma.fields.Integer(dump_only=True)
    account_id = key(required=True)
    contact_id = key(allow_none=True)
    site_id = key(allow_none=True)
    unit_id = key(allow_none=True)
    channel = ma.fields.String(validate=OneOf(CHANNELS))
    subject = Words(required=True, validate=Length(1, 200))
    voice = Words(validate=_most(VOICE_MOST))
    withdrawn_words = ma.fields.List(
        ma.fields.String(validate=OneOf(buying_words.KNOWN)),
        validate=Several(max=len(buying_words.KNOWN)),
    )
    category = ma.fields.String(validate=OneOf(CATEGORIES))
    symptom = Words(validate=_most(100))
    severity = ma.fields.String(validate=OneOf(SEVERITIES))
    status = ma.fields.String(validate=OneOf(STATUSES))
    assignee_id = key(allow_none=True)
    confidential = flag()
    team_id = ma.fields.Integer(dump_only=True, allow_none=True)
    opened_by_id = ma.fields.Integer(dump_only=True, allow_none=True)
    opened_at = ma.fields.AwareDateTime(dump_only=True)
    first_response_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    due_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    solved_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    closed_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    resolution = ma.fields.String(dump_only=True)
    entitlement = ma.fields.Dict(dump_only=True, allow_none=True)
    attributes = custom_values()
    version = ma.fields.Integer(dump_only=True)
    created_at = ma.fields.AwareDateTime(dump_only=True)
    updated_at = ma.fields.AwareDateTime(dump_only=True)


class NoteSchema(Schema):
    """One entry of the conversation, or one note among colleagues."""

    id = ma.fields.Integer(dump_only=True)
    ticket_id = ma.fields.Integer(dump_only=True)
    kind = ma.fields.String(validate=OneOf(NOTE_KINDS))
    body = Words(required=True, validate=[Length(min=1), _most(NOTE_MOST)])
    by_id = ma.fields.Integer(dump_only=True)
    at = ma.fields.AwareDateTime(dump_only=True)


class ClosureSchema(Schema):
    """How a ticket ended."""

    status = ma.fields.String(validate=OneOf(("solved", "closed")), load_default="solved")
    resolution = Words(validate=_most(NOTE_MOST), load_default="")


REQUESTED = tuple(one for one in WORK_KINDS if one != "recall")
"""Work that can be asked of service; a recall is begun by a campaign."""


class WorkRequestSchema(Schema):
    """Work on a unit that service is asked to arrange; `wanted_on` when a day is wished for."""

    kind = choice(REQUESTED, required=True)
    wanted_on = day(allow_none=True)
    words = Words(required=True, validate=[Length(min=1), _most(4000)])
