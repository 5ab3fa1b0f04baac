"""What was removed, for programs that keep a copy."""

from __future__ import annotations

import marshmallow as ma

from crm.rest import Collection, blueprint, collection
from crm.timeline.models import Removal
from crm.timeline.removals import COLLECTIONS, get_removal
from crm.typed import Schema, choice

blp = blueprint("timeline", "Records that are gone")


class RemovalSchema(Schema):
    """A record that is gone; `collection` is the name in the address."""

    id = ma.fields.Integer(dump_only=True)
    collection = ma.fields.String(dump_only=True)
    record_id = ma.fields.Integer(dump_only=True)
    removed_at = ma.fields.AwareDateTime(dump_only=True)


collection(
    blp,
    Collection(
        "removals", "removal", Removal, RemovalSchema, get_removal,
        filters={"collection": choice(tuple(COLLECTIONS.values()))}, changed="removed_at",
    ),
)  # fmt: skip
