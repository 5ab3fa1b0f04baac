"""What a unit and a contract look like from outside; forms and JSON alike."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import OneOf

from crm.accounts.schemas import possible_doubles
from crm.attributes.schemas import custom_values
from crm.installed_base.contract_rules import CYCLES
from crm.installed_base.models import CRITICALITIES, OWNERSHIPS, UNIT_STATUSES
from crm.typed import Recorded, Schema, Several, amount, choice, day, flag, key, line
from crm.typed import number as whole

MOST_UNITS = 1000
MOST_SCOPES = 200


class UnitSchema(Recorded):
    """One installed product, one record per serial number; while its delivery is planned the
    number may be left out.

    `criticality` is how much the customer's work hangs on it, empty when nobody judged it. Its own
    `end_of_support_on` and `parts_supply_end_on` go before those of its product; null: they count.
    """

    account_id = key(required=True)
    site_id = key(allow_none=True)
    product_id = key(required=True)
    serial_no = line(80)
    lot = line(80)
    location = line(100)
    location_id = key(allow_none=True)
    status = choice(UNIT_STATUSES)
    criticality = choice(CRITICALITIES)
    ownership = choice(OWNERSHIPS)
    lessor = line(120)
    lease_ends_on = day(allow_none=True)
    re_lease_ends_on = day(allow_none=True)
    delivered_on = day(allow_none=True)
    installed_on = day(allow_none=True)
    accepted_on = day(allow_none=True)
    warranty_ends_on = day(allow_none=True)
    end_of_support_on = day(allow_none=True)
    parts_supply_end_on = day(allow_none=True)
    removed_on = day(allow_none=True)
    is_competitor = flag()
    sold_by_us = flag()
    produced_on = day(allow_none=True)
    firmware = line(40, allow_none=True)
    parent_id = key(allow_none=True)
    replaces_id = key(allow_none=True)
    end_user_account_id = key(allow_none=True)
    attributes = custom_values()
    possible_doubles = possible_doubles()


class ContractSchema(Recorded):
    """A maintenance contract over units, products, sites or the whole account; both days belong to
    its term, the shares are of the cost that it bears.

    `annual_amount` is `cycle_amount` times the cycles of a year, exactly. `renews_id` is the term
    before. `even_if_overlapping`: other contracts cover some of its units on the same days.
    """

    number = line(40, required=True)
    account_id = key(required=True)
    unit_ids = ma.fields.List(key(), validate=Several(max=MOST_UNITS))
    product_ids = ma.fields.List(key(), validate=Several(max=MOST_SCOPES))
    site_ids = ma.fields.List(key(), validate=Several(max=MOST_SCOPES))
    whole_account = flag()
    plan = line(60)
    starts_on = day(required=True)
    ends_on = day(required=True)
    notice_days = whole(0, 730)
    auto_renew = flag()
    annual_amount = amount()
    response_hours = whole(1, 2000, allow_none=True)
    repair_hours = whole(1, 2000, allow_none=True)
    around_the_clock = flag()
    labour_percent = whole(0, 100)
    travel_percent = whole(0, 100)
    parts_percent = whole(0, 100)
    cancelled_on = day(allow_none=True)
    cycle_months = ma.fields.Integer(strict=True, validate=OneOf(CYCLES))
    cycle_amount = amount()
    attributes = custom_values()
    renews_id = key(allow_none=True)
    renewed_by_id = ma.fields.Integer(dump_only=True, allow_none=True)
    notice_given_on = ma.fields.Date(dump_only=True, allow_none=True)
    notice_by = ma.fields.String(dump_only=True)
    notice_reason = ma.fields.String(dump_only=True)
    even_if_overlapping = ma.fields.Boolean(load_only=True)


class EntitlementQuery(Schema):
    """`at`: the day that is asked about; today without it."""

    at = day()


class SlaSchema(Schema):
    """What a contract promises: hours until the response and until the repair, of working hours
    or around the clock."""

    response_hours = ma.fields.Integer(required=True, allow_none=True)
    repair_hours = ma.fields.Integer(required=True, allow_none=True)
    around_the_clock = ma.fields.Boolean(required=True)


class BearerSchema(Schema):
    """What bears how much of one cost: `by` is recall, campaign, warranty or contract."""

    cost = ma.fields.String(required=True)
    percent = ma.fields.Integer(required=True)
    by = ma.fields.String(required=True)
    params = ma.fields.Dict(required=True)


class EntitlementSchema(Schema):
    """Who pays, why, and until when."""

    verdict = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    params = ma.fields.Dict(required=True)
    contract_id = ma.fields.Integer(required=True, allow_none=True)
    sla = ma.fields.Nested(SlaSchema, required=True, allow_none=True)
    covers_until = ma.fields.Date(required=True, allow_none=True)
    shares = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    bearers = ma.fields.List(ma.fields.Nested(BearerSchema), required=True)
