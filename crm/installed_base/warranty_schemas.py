"""What a warranty looks like from outside; form and JSON alike."""

from __future__ import annotations

import marshmallow as ma

from crm.installed_base.warranty_models import EXCHANGES, KINDS
from crm.typed import Recorded, choice, day, flag, key, line, words
from crm.typed import number as whole

MOST_METER = 10**12


class WarrantySchema(Recorded):
    """A warranty of a unit; both days belong to it, the shares are of the cost that it bears.

    `meter_limit` is in the unit of the meter `meter_name`: whichever ends it first. One that is
    not `transferable` ends when the unit becomes another account's. `exchange` is how a defective
    unit is dealt with: another comes in advance, a loaner stands in, or it is sent in and returned.
    """

    unit_id = key(required=True)
    kind = choice(KINDS)
    starts_on = day(required=True)
    ends_on = day(required=True)
    meter_name = line(60)
    meter_limit = whole(1, MOST_METER, allow_none=True)
    labour_percent = whole(0, 100)
    travel_percent = whole(0, 100)
    parts_percent = whole(0, 100)
    transferable = flag()
    exchange = choice(EXCHANGES)
    exclusions = words(1000)


class WarrantyStandingSchema(WarrantySchema):
    """A warranty with the day on which it really ends, and why: over, metered or moved."""

    last_on = ma.fields.Date(required=True)
    ended_by = ma.fields.String(required=True)
