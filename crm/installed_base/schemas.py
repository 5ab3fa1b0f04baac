"""What a unit, a contract and a work order look like from outside; forms and JSON alike."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import Length

from crm.installed_base.models import OWNERSHIPS, UNIT_STATUSES, WORK_KINDS, WORK_STATUSES
from crm.typed import Recorded, amount, choice, day, flag, key, line
from crm.typed import number as whole

MOST_UNITS = 1000
MOST_SCOPES = 200


class UnitSchema(Recorded):
    """One installed product, one record per serial number; while its delivery is planned the
    number may be left out."""

    account_id = key(required=True)
    site_id = key(allow_none=True)
    product_id = key(required=True)
    serial_no = line(80)
    location = line(100)
    status = choice(UNIT_STATUSES)
    ownership = choice(OWNERSHIPS)
    lease_ends_on = day(allow_none=True)
    re_lease_ends_on = day(allow_none=True)
    delivered_on = day(allow_none=True)
    installed_on = day(allow_none=True)
    accepted_on = day(allow_none=True)
    warranty_ends_on = day(allow_none=True)
    removed_on = day(allow_none=True)
    is_competitor = flag()
    sold_by_us = flag()
    produced_on = day(allow_none=True)
    parent_id = key(allow_none=True)
    replaces_id = key(allow_none=True)
    end_user_account_id = key(allow_none=True)


class ContractSchema(Recorded):
    """A maintenance contract over units, products, sites or the whole account; both days belong to
    its term, the shares are of the cost that it bears."""

    number = line(40, required=True)
    account_id = key(required=True)
    unit_ids = ma.fields.List(key(), validate=Length(max=MOST_UNITS))
    product_ids = ma.fields.List(key(), validate=Length(max=MOST_SCOPES))
    site_ids = ma.fields.List(key(), validate=Length(max=MOST_SCOPES))
    whole_account = flag()
    plan = line(60)
    starts_on = day(required=True)
    ends_on = day(required=True)
    notice_days = whole(0, 730)
    auto_renew = flag()
    annual_amount = amount()
    response_hours = whole(1, 2000, allow_none=True)
    labour_percent = whole(0, 100)
    travel_percent = whole(0, 100)
    parts_percent = whole(0, 100)
    cancelled_on = day(allow_none=True)


class WorkOrderSchema(Recorded):
    """One job on one unit; amounts in yen without tax. `account_id` is the unit's."""

    number = ma.fields.String(dump_only=True)
    unit_id = key(required=True)
    account_id = ma.fields.Integer(dump_only=True)
    ticket_id = key(allow_none=True)
    kind = choice(WORK_KINDS)
    status = choice(WORK_STATUSES)
    opened_on = day()
    done_on = day(allow_none=True)
    symptom = line(200)
    cause = line(200)
    action = line(200)
    labour_amount = amount()
    travel_amount = amount()
    parts_amount = amount()
    total_amount = ma.fields.Integer(dump_only=True)
    chargeable = flag()
    charge_reason = line(200)
    downtime_minutes = whole(0, 10_000_000, allow_none=True)
    assignee_id = key(allow_none=True)


class EntitlementQuery(ma.Schema):
    """`at`: the day that is asked about; today without it."""

    at = day()


class SlaSchema(ma.Schema):
    """What a contract promises."""

    response_hours = ma.fields.Integer(required=True)


class BearerSchema(ma.Schema):
    """What bears how much of one cost: `by` is recall, campaign, warranty or contract."""

    cost = ma.fields.String(required=True)
    percent = ma.fields.Integer(required=True)
    by = ma.fields.String(required=True)
    params = ma.fields.Dict(required=True)


class EntitlementSchema(ma.Schema):
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
