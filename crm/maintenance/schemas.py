"""What plans and visits look like from outside; forms and JSON alike."""

from __future__ import annotations

import marshmallow as ma

from crm.installed_base.models import WORK_KINDS
from crm.installed_base.schemas import MOST_UNITS
from crm.maintenance.models import PERIODS, RULES
from crm.readings.schemas import Figure
from crm.typed import Recorded, Schema, Several, choice, day, flag, key, line
from crm.typed import number as whole


class MaintenancePlanSchema(Recorded):
    """Regular work on units: every so many months or days, arranged `horizon_days` ahead.

    `rule` fixed counts from `first_due_on`, floating from the day the last visit was done. With
    counter the visit is due at every `counts` of the `meter` of that name, on the day forecast;
    with gauge when the meter was above `threshold` (below it, when `above` is false) so many times
    `in_a_row`.
    """

    name = line(60, required=True)
    account_id = key(required=True)
    unit_ids = ma.fields.List(key(), validate=Several(1, MOST_UNITS), required=True)
    contract_id = key(allow_none=True)
    work_kind = choice(WORK_KINDS)
    rule = choice(RULES)
    every = whole(1, 3650)
    period = choice(PERIODS)
    first_due_on = day()
    meter = line(60)
    counts = Figure(allow_none=True)
    threshold = Figure(allow_none=True)
    above = flag()
    in_a_row = whole(1, 20)
    horizon_days = whole(0, 730)
    assignee_id = key(allow_none=True)
    active = flag()


class VisitSchema(Recorded):
    """One visit of a plan to a unit; `due_on` by the plan, `visit_on` when somebody goes."""

    plan_id = ma.fields.Integer(dump_only=True)
    unit_id = ma.fields.Integer(dump_only=True)
    due_on = ma.fields.Date(dump_only=True)
    visit_on = ma.fields.Date(dump_only=True)
    state = ma.fields.String(dump_only=True)
    reason = ma.fields.String(dump_only=True)
    done_on = ma.fields.Date(dump_only=True, allow_none=True)
    assignee_id = ma.fields.Integer(dump_only=True, allow_none=True)
    work_order_id = ma.fields.Integer(dump_only=True, allow_none=True)


class VisitSkipSchema(Schema):
    """Why a visit is left out."""

    reason = line(200, required=True)


class VisitMoveSchema(Schema):
    """To which business day a visit is moved, and why."""

    visit_on = day(required=True)
    reason = line(200, required=True)
