"""What an export looks like from outside; forms and JSON alike."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import Length, OneOf

from crm.exports.kinds.every import TABLES
from crm.exports.models import COLUMNS, FORMATS, STATES
from crm.sheets.writing import ENCODINGS, UTF8
from crm.typed import Recorded, choice, line

NAMES = ("words", "fields")


class ExportSchema(Recorded):
    """One export. `names` are those of people (`words`) or of this API (`fields`); `filters` are
    those of the list's page. `odd` are the characters for which it was refused, with the line of
    the spreadsheet and the column."""

    kind = choice(tuple(TABLES), required=True)
    format = choice(FORMATS, load_default="csv")
    encoding = choice(ENCODINGS, load_default=UTF8)
    columns = choice(COLUMNS, load_default="all")
    names = choice(NAMES, load_default="fields")
    filters = ma.fields.Dict(
        keys=line(40), values=line(200), load_default=dict, validate=Length(max=20)
    )
    state = ma.fields.String(dump_only=True, validate=OneOf(STATES))
    progress = ma.fields.Integer(dump_only=True)
    row_count = ma.fields.Integer(dump_only=True, allow_none=True)
    size = ma.fields.Integer(dump_only=True, allow_none=True)
    error = ma.fields.String(dump_only=True, allow_none=True)
    odd = ma.fields.List(ma.fields.Dict(), dump_only=True)
    requested_by_id = ma.fields.Integer(dump_only=True)
    finished_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)
