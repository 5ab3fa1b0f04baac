"""What a search is asked and answers."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from marshmallow.validate import Length, OneOf, Range

from crm.search.folding import MOST_CHARACTERS
from crm.search.places import PLACES
from crm.typed import LARGEST_KEY, Schema, day


class SearchFilter(Schema):
    """What narrows a search: a kind of record, who has it, the days (both included)."""

    kind = ma.fields.String(validate=OneOf(tuple(PLACES)))
    owner_id = ma.fields.Integer(validate=Range(1, LARGEST_KEY))
    since = day(data_key="from")
    until = day(data_key="to")

    @ma.validates_schema
    def _in_order(self, asked: dict[str, Any], **_more: Any) -> None:
        if "since" in asked and "until" in asked and asked["until"] < asked["since"]:
            raise ma.ValidationError({"to": [_("The last day comes before the first.")]})


class SearchQuery(SearchFilter):
    """The question and how many answers; everything else narrows it."""

    q = ma.fields.String(required=True, validate=Length(1, MOST_CHARACTERS))
    limit = ma.fields.Integer(validate=Range(1, 50), load_default=20)


class SearchHit(Schema):
    """One record found; `snippet` holds the part of its text that matches, `at` its instant."""

    type = ma.fields.String(required=True, attribute="kind")
    id = ma.fields.Integer(required=True, attribute="record_id")
    account_id = ma.fields.Integer(required=True, allow_none=True)
    label = ma.fields.String(required=True)
    sublabel = ma.fields.String(required=True)
    snippet = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, allow_none=True)
    url = ma.fields.String(required=True)


class SearchAnswer(Schema):
    """The records found, best first; `near` when nothing holds the words and these come near."""

    items = ma.fields.List(ma.fields.Nested(SearchHit), required=True)
    near = ma.fields.Boolean(required=True)
