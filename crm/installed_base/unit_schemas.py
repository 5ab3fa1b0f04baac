"""What is asked and told of how a unit stands and stood."""

from __future__ import annotations

import marshmallow as ma

from crm.typed import day


class StateQuery(ma.Schema):
    """`on`: the day that is asked about; today without it."""

    on = day()


class StateSchema(ma.Schema):
    """How a unit stood from a day on, by whom it was noted and why."""

    unit_id = ma.fields.Integer(required=True)
    from_on = ma.fields.Date(required=True)
    account_id = ma.fields.Integer(required=True)
    site_id = ma.fields.Integer(required=True, allow_none=True)
    location = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    ownership = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    by_id = ma.fields.Integer(required=True, allow_none=True)
    noted_at = ma.fields.AwareDateTime(required=True)
