"""What pairs and merges look like to programs."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow.validate import Length

from crm.doubles.kinds import SIDES
from crm.doubles.models import KINDS, STATES
from crm.typed import Schema, choice, key


class DoubleSchema(Schema):
    """Two records that may be one: how likely (60 to 100) and why. Products are no account's."""

    id = ma.fields.Integer()
    kind = choice(KINDS)
    left_id = ma.fields.Integer()
    right_id = ma.fields.Integer()
    left_account_id = ma.fields.Integer(allow_none=True)
    right_account_id = ma.fields.Integer(allow_none=True)
    score = ma.fields.Integer()
    reasons = ma.fields.List(ma.fields.String())
    state = choice(STATES)
    again_on = ma.fields.Date(allow_none=True)
    decided_at = ma.fields.AwareDateTime(allow_none=True)
    decided_by_id = ma.fields.Integer(allow_none=True)
    updated_at = ma.fields.AwareDateTime()

    @ma.post_dump
    def nobodys(self, row: dict[str, Any], **_more: Any) -> dict[str, Any]:
        """The account of a product, which is nobody's, is none."""
        for name in ("left_account_id", "right_account_id"):
            row[name] = row.get(name) or None
        return row


class DecisionSchema(Schema):
    """`same` merges the two: `survivor_id` (the older one unless said), `choices` as in a merge."""

    decision = choice(("same", "different", "later", "open"), required=True)
    survivor_id = key()
    choices = ma.fields.Dict(
        keys=ma.fields.String(validate=Length(max=60)), values=choice(SIDES), load_default=dict
    )


class MergeOrder(Schema):
    """Which record goes, and of each field whose value stays; left out: what is filled in."""

    lost_id = key(required=True)
    choices = ma.fields.Dict(
        keys=ma.fields.String(validate=Length(max=60)), values=choice(SIDES), load_default=dict
    )


class MergeQuery(Schema):
    """The record that would go; it must be named."""

    lost_id = ma.fields.Integer()


class FieldSchema(Schema):
    """One field of the two. `proposed` is null where it must be said: whose a unit is that stands
    with two customers."""

    field = ma.fields.String()
    survivor = ma.fields.Raw(allow_none=True)
    lost = ma.fields.Raw(allow_none=True)
    proposed = choice(SIDES, allow_none=True)


class TwinsSchema(Schema):
    """Two units of two products with one serial number."""

    survivor_id = ma.fields.Integer()
    lost_id = ma.fields.Integer()
    serial_no = ma.fields.String()


class PlanSchema(Schema):
    """What a merge would do: fields, rows that move (`table.column`), what collides.

    `twins`: units that two products have alike; they must be merged before the products.
    """

    survivor_id = ma.fields.Integer()
    lost_id = ma.fields.Integer()
    fields_ = ma.fields.List(ma.fields.Nested(FieldSchema), data_key="fields")
    moves = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    clashes = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    twins = ma.fields.List(ma.fields.Nested(TwinsSchema))


class MergeSchema(Schema):
    """One record that was merged into another. `left_over`: what could not be given back."""

    id = ma.fields.Integer()
    kind = choice(KINDS)
    survivor_id = ma.fields.Integer()
    lost_id = ma.fields.Integer()
    lost_name = ma.fields.String()
    at = ma.fields.AwareDateTime()
    by_id = ma.fields.Integer(allow_none=True)
    until = ma.fields.AwareDateTime()
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    undone_at = ma.fields.AwareDateTime(allow_none=True)
    left_over = ma.fields.List(ma.fields.Dict())


class UnmergeOrder(Schema):
    """Which merge is taken back."""

    merge_id = key(required=True)
