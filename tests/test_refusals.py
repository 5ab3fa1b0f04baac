"""Every reason that marshmallow can give is said in the reader's language."""

from __future__ import annotations

import re

import marshmallow as ma
import pytest
from flask_babel import force_locale
from marshmallow import fields, validate

from crm.refusals import why
from crm.typed import Several


class Everything(ma.Schema):
    """One field of every kind that the product uses."""

    text = fields.String(required=True, validate=validate.Length(2, 5))
    code = fields.String(validate=validate.Length(equal=7))
    pattern = fields.String(validate=validate.Regexp(r"[a-z]+\Z"))
    whole = fields.Integer(strict=True, validate=validate.Range(1, 9))
    least = fields.Integer(validate=validate.Range(min=1))
    most = fields.Integer(validate=validate.Range(max=9))
    flag = fields.Boolean(truthy={True}, falsy={False})
    day = fields.Date()
    moment = fields.AwareDateTime()
    mail = fields.Email()
    many = fields.List(fields.Integer())
    nested = fields.Nested(ma.Schema.from_dict({"a": fields.Integer()}))
    choice = fields.String(validate=validate.OneOf(("a", "b")))


WRONG = (
    {}, {"text": None}, {"text": 5}, {"text": "a"}, {"text": "abcdefg"}, {"nonsense": 1},
    {"code": "x"}, {"pattern": "A"}, {"whole": "x"}, {"whole": 10}, {"least": 0}, {"most": 10},
    {"flag": "x"}, {"day": "x"}, {"moment": "x"}, {"moment": "2026-01-01T00:00:00"},
    {"mail": "x"}, {"many": 5}, {"many": ["x"]}, {"nested": 5}, {"nested": {"b": 1}},
    {"choice": "c"},
)  # fmt: skip


def reasons(messages: object) -> list[str]:
    if isinstance(messages, dict):
        return [one for value in messages.values() for one in reasons(value)]
    return [str(one) for one in messages]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_japanese_reader_is_told_why_in_japanese(app, wrong):
    with pytest.raises(ma.ValidationError) as refused:
        Everything(partial=bool(wrong)).load(wrong)
    with app.test_request_context(), force_locale("ja"):
        for text in reasons(refused.value.messages):
            assert re.search(r"[ぁ-ん]", why(text)), text


def test_words_of_our_own_pass_as_they_are(app):
    with app.test_request_context(), force_locale("en"):
        assert why("The warranty ended.") == "The warranty ended."
        assert why("Missing data for required field.") == "This is required."
        for least, most, words in (
            (1, None, "At least 1 of them."), (None, 2, "At most 2 of them."),
            (1, 2, "From 1 to 2 of them."),
        ):  # fmt: skip
            with pytest.raises(ma.ValidationError) as refused:
                Several(least, most)([] if least else [1, 2, 3])
            assert why(str(refused.value.messages[0])) == words


def test_a_choice_of_nothing_is_not_listed_among_the_words(app):
    with app.test_request_context(), force_locale("en"):
        assert why("Must be one of: , a, b.") == "One of: a, b."
