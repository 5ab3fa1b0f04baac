"""What a hand-over looks like from outside, and what is filled in for each of its units."""

from __future__ import annotations

import marshmallow as ma

from crm.handover.queries import MOST_PIECES
from crm.typed import Recorded, Schema, Several, day, key, line


class HandoverSchema(Recorded):
    """What one won deal hands over; open until the last of its units is accepted."""

    deal_id = ma.fields.Integer(dump_only=True)
    account_id = ma.fields.Integer(dump_only=True)
    ticket_id = ma.fields.Integer(dump_only=True, allow_none=True)
    open = ma.fields.Boolean(dump_only=True)
    done_on = ma.fields.Date(dump_only=True, allow_none=True)


class FilledSchema(Schema):
    """One row of the table: what is known of a unit by now; what is left out stays."""

    serial_no = line(80)
    delivered_on = day(allow_none=True)
    installed_on = day(allow_none=True)
    accepted_on = day(allow_none=True)
    location = line(100)
    replaces_id = key(allow_none=True)


class FilledUnitSchema(FilledSchema):
    """The same with the key of the unit."""

    unit_id = key(required=True)


class FillingSchema(Schema):
    """All rows or none of them are written."""

    units = ma.fields.List(
        ma.fields.Nested(FilledUnitSchema), required=True, validate=Several(1, MOST_PIECES)
    )


class HandoverUnitSchema(FilledUnitSchema):
    """A unit of a hand-over as it stands."""

    product_id = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    warranty_ends_on = ma.fields.Date(required=True, allow_none=True)
    version = ma.fields.Integer(required=True)


class MadeSchema(Schema):
    """So many units of a product."""

    product_id = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)


class TakenSchema(Schema):
    """A unit that nobody touched."""

    unit_id = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True)


class KeptSchema(Schema):
    """A record that stays because somebody touched it, and how."""

    kind = ma.fields.String(required=True)
    id = ma.fields.Integer(required=True)
    label = ma.fields.String(required=True)
    reasons = ma.fields.List(ma.fields.String(), required=True)


class OutcomeSchema(Schema):
    """What winning the deal would make, or what opening it again would take back and keep."""

    create = ma.fields.List(ma.fields.Nested(MadeSchema), required=True)
    take_back = ma.fields.List(ma.fields.Nested(TakenSchema), required=True)
    keep = ma.fields.List(ma.fields.Nested(KeptSchema), required=True)
    plans = ma.fields.Integer(required=True)
    ticket = ma.fields.String(required=True)


class DealHandoverSchema(Schema):
    """The hand-over of a deal, null while there is none, its units, and what comes next."""

    handover = ma.fields.Nested(HandoverSchema, required=True, allow_none=True)
    units = ma.fields.List(ma.fields.Nested(HandoverUnitSchema), required=True)
    to_remove = ma.fields.List(ma.fields.Integer(), required=True)
    next = ma.fields.Nested(OutcomeSchema, required=True)
