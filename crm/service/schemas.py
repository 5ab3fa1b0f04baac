"""What a work order and all that belongs to it look like from outside; forms and JSON alike."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import Length

from crm.attributes.schemas import custom_values
from crm.installed_base.models import WORK_KINDS, WORK_STATUSES
from crm.service.instants import Instant
from crm.service.models import CODE_KINDS
from crm.typed import Recorded, Schema, Several, Shape, amount, choice, day, flag, key, line, words
from crm.typed import number as whole

MOST_PARTS, MOST_CHECKS, MOST_COMPANIONS = 200, 100, 20
MOST_MINUTES = 10_000_000
LONG = 4000


class WorkPartSchema(Schema):
    """A part used; `unit_price` in yen without tax. `chargeable` null: by the share of parts.

    `product_id` with `fitted_serial` lets the unit's tree follow when the work ends.
    """

    id = key()
    part_no = line(40)
    name = line(100, required=True)
    product_id = key(allow_none=True)
    removed_serial = line(80)
    fitted_serial = line(80)
    quantity = whole(1, 10_000)
    unit_price = amount()
    chargeable = ma.fields.Boolean(allow_none=True)
    amount = ma.fields.Integer(dump_only=True)
    customer_amount = ma.fields.Integer(dump_only=True)
    removed_unit_id = ma.fields.Integer(dump_only=True, allow_none=True)
    fitted_unit_id = ma.fields.Integer(dump_only=True, allow_none=True)


class WorkCheckSchema(Schema):
    """What was measured against its standard; `passed` null: not judged."""

    id = key()
    item = line(60, required=True)
    standard = line(60)
    measured = line(60)
    passed = ma.fields.Boolean(allow_none=True)


class WorkOrderSchema(Recorded):
    """One job on one unit; amounts in yen without tax. `account_id` is the unit's.

    `labour_share`, `travel_share` and `parts_share` are what the customer bears in percent;
    `verdict` is who pays as judged when it was opened. Lists that are sent replace what was there.
    """

    number = ma.fields.String(dump_only=True)
    unit_id = key(required=True)
    account_id = ma.fields.Integer(dump_only=True)
    ticket_id = key(allow_none=True)
    kind = choice(WORK_KINDS)
    status = choice(WORK_STATUSES)
    opened_on = day()
    done_on = day(allow_none=True)
    planned_on = day(allow_none=True)
    planned_at = Instant(allow_none=True)
    planned_until = Instant(allow_none=True)
    arrived_at = Instant(allow_none=True)
    finished_at = Instant(allow_none=True)
    down_from = Instant(allow_none=True)
    down_until = Instant(allow_none=True)
    downtime_minutes = whole(0, MOST_MINUTES, allow_none=True)
    labour_minutes = whole(0, MOST_MINUTES, allow_none=True)
    travel_km = whole(0, 100_000, allow_none=True)
    symptom_code = line(10)
    symptom = words(LONG)
    cause_code = line(10)
    cause = words(LONG)
    action_code = line(10)
    action = words(LONG)
    parts = ma.fields.List(ma.fields.Nested(WorkPartSchema), validate=Several(max=MOST_PARTS))
    checks = ma.fields.List(ma.fields.Nested(WorkCheckSchema), validate=Several(max=MOST_CHECKS))
    labour_amount = amount()
    travel_amount = amount()
    parts_amount = amount()
    total_amount = ma.fields.Integer(dump_only=True)
    chargeable = flag()
    labour_share = whole(0, 100, allow_none=True)
    travel_share = whole(0, 100, allow_none=True)
    parts_share = whole(0, 100, allow_none=True)
    charge_reason = line(200)
    invoice_amount = ma.fields.Integer(dump_only=True)
    verdict = ma.fields.Dict(dump_only=True, allow_none=True)
    estimate_amount = amount(allow_none=True)
    estimated_on = day(allow_none=True)
    approved_on = day(allow_none=True)
    approved_by = line(100)
    declined_reason = line(200)
    returned_on = day(allow_none=True)
    customer_notice = words(LONG)
    substitute = line(200)
    assignee_id = key(allow_none=True)
    companion_ids = ma.fields.List(key(), validate=Several(max=MOST_COMPANIONS))
    attributes = custom_values()


class WorkStateSchema(Schema):
    """Into which state a work order comes, and what that state needs; `note` is kept with it."""

    status = choice(WORK_STATUSES, required=True)
    note = line(200)
    estimate_amount = amount(allow_none=True)
    estimated_on = day(allow_none=True)
    approved_by = line(100)
    approved_on = day(allow_none=True)
    declined_reason = line(200)
    done_on = day(allow_none=True)
    returned_on = day(allow_none=True)


class StaySchema(Schema):
    """A state of a work order: since when, for how many days so far, and why."""

    status = ma.fields.String(required=True)
    since = ma.fields.Date(required=True)
    days = ma.fields.Integer(required=True)
    note = ma.fields.String(required=True)
    by_id = ma.fields.Integer(required=True, allow_none=True)


class FaultCodeSchema(Recorded):
    """A code for a symptom, a cause or an action; `name_en` where it has an English name."""

    kind = choice(CODE_KINDS, required=True)
    code = ma.fields.String(
        required=True,
        validate=[Length(1, 10), Shape(r"^[A-Z0-9][A-Z0-9-]*$")],
    )
    name = line(60, required=True)
    name_en = line(60)
    active = flag()


class LoanSchema(Recorded):
    """A unit of ours lent to an account, from `lent_on` until it is back."""

    unit_id = ma.fields.Integer(dump_only=True)
    account_id = ma.fields.Integer(dump_only=True)
    work_order_id = ma.fields.Integer(dump_only=True, allow_none=True)
    lent_on = ma.fields.Date(dump_only=True)
    due_on = ma.fields.Date(dump_only=True)
    returned_on = ma.fields.Date(dump_only=True, allow_none=True)
    note = ma.fields.String(dump_only=True)


class LendSchema(Schema):
    """Which unit is lent, from when (today without it), and when it is due back."""

    unit_id = key(required=True)
    lent_on = day()
    due_on = day(required=True)
    note = line(200)


class GiveBackSchema(Schema):
    """On which day a lent unit came back (today without it); `loan_id` when several are lent."""

    returned_on = day()
    loan_id = key()
