"""What an import looks like from outside."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range

from crm.rest import page_schema
from crm.transfers.kinds.table import KINDS
from crm.transfers.run_models import STATES, VERDICTS
from crm.typed import LARGEST_KEY, Schema, Whole, choice, line


class NewImportSchema(Schema):
    """What is to be imported. `mapping` is the name of one that is shipped, or a mapping written
    out as its file would be, in JSON; left out, the one that fits is found, or what the columns say
    themselves is taken where nothing is left to ask. `file_id` is a file that hangs on a record,
    instead of one that is sent. A dry run says what would be."""

    kind = choice(tuple(KINDS), required=True)
    mapping = ma.fields.Raw(load_default=None, allow_none=True)
    encoding = line(20, load_default="")
    delimiter = ma.fields.String(load_default="", validate=Length(max=1))
    sheet = line(100, load_default="")
    dry_run = ma.fields.Boolean(load_default=False)
    file_id = Whole(load_default=None, allow_none=True, validate=Range(1, LARGEST_KEY))


class ImportSchema(Schema):
    """One import. `rows` = new + changed + same + conflict + refused once all are done; `junk` are
    lines above the header. `findings` says what was put where nothing stood, taken for a like
    name, and what came along; `left` are columns that were not read, `hidden` the first of the rows
    that a workbook hides (they were read), `beside` what stands to the right of the table."""

    id = ma.fields.Integer()
    kind = ma.fields.String(validate=OneOf(tuple(KINDS)))
    file_name = ma.fields.String()
    size = ma.fields.Integer()
    sha256 = ma.fields.String()
    encoding = ma.fields.String()
    delimiter = ma.fields.String()
    sheet = ma.fields.String()
    mapping = ma.fields.Dict()
    state = ma.fields.String(validate=OneOf(STATES))
    rows = ma.fields.Integer()
    rows_done = ma.fields.Integer()
    new = ma.fields.Integer(attribute="new_count")
    changed = ma.fields.Integer(attribute="changed_count")
    same = ma.fields.Integer(attribute="same_count")
    conflict = ma.fields.Integer(attribute="conflict_count")
    refused = ma.fields.Integer(attribute="refused_count")
    junk = ma.fields.Integer(attribute="junk_count")
    undone = ma.fields.Integer(attribute="undone_count")
    kept = ma.fields.Integer(attribute="kept_count")
    findings = ma.fields.Dict()
    error = ma.fields.String()
    started_by_id = ma.fields.Integer(allow_none=True)
    created_at = ma.fields.AwareDateTime()
    checked_at = ma.fields.AwareDateTime(allow_none=True)
    started_at = ma.fields.AwareDateTime(allow_none=True)
    finished_at = ma.fields.AwareDateTime(allow_none=True)
    undone_at = ma.fields.AwareDateTime(allow_none=True)


class ImportRowSchema(Schema):
    """What became of one row. Rows that were not taken are all here, with their cells; of the
    others the first, and those with a remark; `address` leads to the record a remark names."""

    id = ma.fields.Integer()
    line = ma.fields.Integer()
    verdict = ma.fields.String(validate=OneOf(VERDICTS))
    reason = ma.fields.String()
    label = ma.fields.String()
    cells = ma.fields.List(ma.fields.String(), allow_none=True)
    changes = ma.fields.Dict(allow_none=True)
    address = ma.fields.String()


class ImportKeptSchema(Schema):
    """A record that an undo left as it is."""

    id = ma.fields.Integer()
    line = ma.fields.Integer()
    kind = ma.fields.String()
    record_id = ma.fields.Integer()
    what = ma.fields.String(validate=OneOf(("new", "changed")))
    why = ma.fields.String()


def _paging(**more: Any) -> dict[str, Any]:
    return more | {
        "after": ma.fields.Integer(load_default=0, validate=Range(0, LARGEST_KEY)),
        "limit": ma.fields.Integer(load_default=50, validate=Range(1, 200)),
    }


RowQuery = Schema.from_dict(
    _paging(verdict=ma.fields.String(load_default=None, validate=OneOf(VERDICTS))),
    name="ImportRowQuery",
)
KeptQuery = Schema.from_dict(_paging(), name="ImportKeptQuery")
RowsPage = page_schema("ImportRows", ImportRowSchema)
KeptPage = page_schema("ImportKept", ImportKeptSchema)
