"""What is asked and told of how a unit stands and stood."""

from __future__ import annotations

import marshmallow as ma

from crm.typed import Recorded, Schema, day, flag, key, line


class StateQuery(Schema):
    """`on`: the day that is asked about; today without it."""

    on = day()


class StateSchema(Schema):
    """How a unit stood from a day on, by whom it was noted and why."""

    unit_id = ma.fields.Integer(required=True)
    from_on = ma.fields.Date(required=True)
    account_id = ma.fields.Integer(required=True)
    site_id = ma.fields.Integer(required=True, allow_none=True)
    location = ma.fields.String(required=True)
    location_id = ma.fields.Integer(required=True, allow_none=True)
    status = ma.fields.String(required=True)
    ownership = ma.fields.String(required=True)
    parent_id = ma.fields.Integer(required=True, allow_none=True)
    end_user_account_id = ma.fields.Integer(required=True, allow_none=True)
    reason = ma.fields.String(required=True)
    by_id = ma.fields.Integer(required=True, allow_none=True)
    noted_at = ma.fields.AwareDateTime(required=True)


class PlaceSchema(Recorded):
    """A place inside a site; `path`: its names in a row with all that it is in."""

    site_id = key(required=True)
    parent_id = key(allow_none=True)
    name = line(60, required=True)
    path = ma.fields.String(dump_only=True)


class UnitMoveSchema(Schema):
    """Where a unit goes from `on` (today without it), and why.

    `even_with_open_tickets`: it moves although tickets about it are unfinished.
    """

    account_id = key()
    site_id = key(allow_none=True)
    location = line(100)
    location_id = key(allow_none=True)
    on = day()
    reason = line(200, required=True)
    even_with_open_tickets = flag()
