"""What advice looks like from outside; forms and JSON alike."""

from __future__ import annotations

import marshmallow as ma
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length

from crm.advice.models import OUTCOMES
from crm.typed import Recorded, Schema, Words, choice, day, key, line

MOST = 4000
LONGEST_WORD = 300


def _text() -> Words:
    return Words(required=True, validate=Length(1, MOST))


def _colleague() -> ma.fields.Integer:
    return key(required=True, error_messages={"required": _l("Choose a colleague.")})


class AdviceSchema(Recorded):
    """A question to one colleague about one ticket or deal, and what came of it.

    `asked_at` is when the colleague who has it now was asked; `wanted_on` when a day is wished
    for. `word` was said when it was declined or handed on.
    """

    ticket_id = key(allow_none=True)
    deal_id = key(allow_none=True)
    asked_id = _colleague()
    question = _text()
    wanted_on = day(allow_none=True)
    asker_id = ma.fields.Integer(dump_only=True)
    state = ma.fields.String(dump_only=True)
    asked_at = ma.fields.AwareDateTime(dump_only=True)
    handed_by_id = ma.fields.Integer(dump_only=True, allow_none=True)
    word = ma.fields.String(dump_only=True)
    answer = ma.fields.String(dump_only=True)
    settled_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    seen_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
    outcome = ma.fields.String(dump_only=True, allow_none=True)
    outcome_word = ma.fields.String(dump_only=True)
    outcome_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)


class AdviceAnswerSchema(Schema):
    """What the colleague advises."""

    answer = _text()


class AdviceDeclineSchema(Schema):
    """Why the colleague cannot answer."""

    word = line(LONGEST_WORD, required=True)


class AdviceHandOnSchema(Schema):
    """Who is asked instead, and a word to her."""

    asked_id = _colleague()
    word = line(LONGEST_WORD)


class AdviceOutcomeSchema(Schema):
    """Whether the answer helped, and what was done."""

    outcome = choice(OUTCOMES, required=True)
    outcome_word = line(LONGEST_WORD)
