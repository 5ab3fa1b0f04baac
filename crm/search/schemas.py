"""What a search is asked and answers."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range

from crm.search.folding import MOST_CHARACTERS
from crm.search.places import PLACES


class SearchQuery(ma.Schema):
    """The question; `kind` narrows it to one kind of record."""

    q = ma.fields.String(required=True, validate=Length(1, MOST_CHARACTERS))
    kind = ma.fields.String(validate=OneOf(tuple(PLACES)))
    limit = ma.fields.Integer(validate=Range(1, 50), load_default=20)


class SearchHit(ma.Schema):
    """One record found; `snippet` holds the part of its text that matches."""

    type = ma.fields.String(required=True, attribute="kind")
    id = ma.fields.Integer(required=True, attribute="record_id")
    label = ma.fields.String(required=True)
    sublabel = ma.fields.String(required=True)
    snippet = ma.fields.String(required=True)
    url = ma.fields.String(required=True)


class SearchAnswer(ma.Schema):
    """The records found, best first."""

    items = ma.fields.List(ma.fields.Nested(SearchHit), required=True)
