"""What a mass change looks like from outside."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length, OneOf

from crm.mass_changes.kinds import KINDS
from crm.mass_changes.models import STATES
from crm.mass_changes.queries import MOST
from crm.typed import Recorded, Schema, Several, choice, key, line


class RefusalSchema(Schema):
    """A record that was not changed or not put back, and why."""

    record_id = ma.fields.Integer(required=True)
    reason = ma.fields.String(required=True)


def _count(why: str) -> ma.fields.Integer:
    return ma.fields.Integer(dump_only=True, metadata={"description": why})


class MassChangeSchema(Recorded):
    """One change of many records: those named in `ids`, or all that match `filters` (those of the
    list's page) and may be changed by who asks. `fields` are the new values by their names.
    `refusals` are the first 100."""

    list = choice(tuple(KINDS), required=True)
    ids = ma.fields.List(key(), load_only=True, validate=Several(1, MOST))
    filters = ma.fields.Dict(
        keys=line(40), values=line(200), allow_none=True, validate=Length(max=20)
    )
    fields_ = ma.fields.Dict(
        keys=line(40), values=ma.fields.Raw(allow_none=True), required=True, data_key="fields",
        attribute="fields",
    )  # fmt: skip
    state = ma.fields.String(dump_only=True, validate=OneOf(STATES))
    progress = _count("In percent.")
    number = _count("Records in all.")
    changed = _count("Records that have the new values now.")
    same = _count("Records that had them already.")
    refused = _count("Records that were not changed.")
    returned = _count("Records that were put back.")
    kept = _count("Records that were not put back, as somebody has changed them since.")
    refusals = ma.fields.List(ma.fields.Nested(RefusalSchema), dump_only=True)
    requested_by_id = ma.fields.Integer(dump_only=True)
    finished_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)

    @ma.validates_schema
    def _one_way(self, data: dict[str, Any], **_more: Any) -> None:
        """Records are named one by one or by filters."""
        if ("ids" in data) == (data.get("filters") is not None):
            raise ma.ValidationError(str(_l("Say either ids or filters.")), "ids")
