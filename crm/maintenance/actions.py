"""Make and change plans; skip and move visits; follow the work that was done."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import now, today
from crm.closed_days.queries import workdays
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base.models import WORK_ENDED, ServiceContract, Unit, WorkOrder
from crm.installed_base.queries import check_units_of
from crm.maintenance import metering, queries
from crm.maintenance.generation import every
from crm.maintenance.models import METERED, OPEN, MaintenancePlan, PlanUnit, Visit
from crm.maintenance.schedule import first_due, wakes_on
from crm.products.models import Product
from crm.references import refuse_if_referred_to
from crm.service.actions import plan_work, remove_work
from crm.timeline.actions import record

Fields = dict[str, Any]
ONE = date.resolution
SHORTEST_DAYS, LONGEST_MONTHS = 7, 120


def add_plan(fields: Fields, by_id: int | None) -> MaintenancePlan:
    """Make a plan over units. Raises Invalid."""
    plan = MaintenancePlan(
        work_kind="inspection", rule="fixed", period="months", horizon_days=60, active=True,
        meter="", above=True, in_a_row=3,
    )  # fmt: skip
    units = _write_plan(plan, fields)
    db.session.add(plan)
    db.session.flush()
    schedule(plan, units)
    record("plan.added", plan, by_id, account_id=plan.account_id, **_plan_facts(plan, units))
    return plan


def change_plan(plan: MaintenancePlan, fields: Fields, by_id: int | None) -> None:
    """Change a plan; visits that were arranged already stay. Raises Invalid."""
    units = _write_plan(plan, fields)
    plan.updated_at = now()
    db.session.flush()
    schedule(plan, units)
    facts = _plan_facts(plan, units) | {"fields": list(fields)}
    record("plan.changed", plan, by_id, account_id=plan.account_id, **facts)


def remove_plan(plan: MaintenancePlan, by_id: int | None) -> None:
    """Delete a plan that has made no visit yet. Raises Conflict."""
    refuse_if_referred_to(plan, ("events", "plan_units"))
    facts = _plan_facts(plan, queries.units_under(plan.id))
    db.session.delete(plan)
    record("plan.removed", plan, by_id, account_id=plan.account_id, **facts)


def _write_plan(plan: MaintenancePlan, fields: Fields) -> list[int]:
    """Set the fields; returns the units the plan is to be over."""
    done = dict(fields)
    given, owner = done.pop("unit_ids", None), plan.account_id
    with db.session.no_autoflush:
        for name, value in done.items():
            setattr(plan, name, value)
        (metering.check if plan.rule in METERED else _check_interval)(plan)
        contract = db.session.get(ServiceContract, plan.contract_id) if plan.contract_id else None
        if contract is not None and contract.account_id != plan.account_id:
            raise Invalid({"contract_id": [_("This contract is another account's.")]})
        held = queries.units_under(plan.id) if given is None and plan.id else []
        units = held if given is None else sorted(set(given))
        if not units:
            raise Invalid({"unit_ids": [_("A plan needs a unit at least.")]})
        if given is not None or owner != plan.account_id:
            check_units_of(units, plan.account_id)
        if plan.rule in METERED:
            metering.check_meters(plan, units)
    return units


def _check_interval(plan: MaintenancePlan) -> None:
    for name in ("every", "first_due_on"):
        if getattr(plan, name) is None:
            raise Invalid({name: [_("This is required.")]})
    if plan.period == "days" and plan.every < SHORTEST_DAYS:
        raise Invalid({"every": [_("%(n)s days at least.", n=SHORTEST_DAYS)]})
    if plan.period == "months" and plan.every > LONGEST_MONTHS:
        raise Invalid({"every": [_("%(n)s months at most.", n=LONGEST_MONTHS)]})


def schedule(plan: MaintenancePlan, units: list[int]) -> None:
    """Say for each unit when its next visit falls due; units that left the plan are forgotten."""
    links = {
        one.unit_id: one
        for one in db.session.scalars(sa.select(PlanUnit).where(PlanUnit.plan_id == plan.id))
    }
    for unit_id in links.keys() - set(units):
        db.session.delete(links[unit_id])
    past = queries.past_of(plan.id)
    for unit_id in units:
        link = links.get(unit_id)
        if link is None:
            link = PlanUnit(plan_id=plan.id, unit_id=unit_id)
            db.session.add(link)
        _due_next(link, plan, _next_due(plan, past.get(unit_id, queries.Past())))


def _next_due(plan: MaintenancePlan, past: queries.Past) -> date | None:
    if plan.rule in METERED:
        return None
    if plan.rule == "floating":
        if past.waiting:
            return None
        return every(plan).after(past.done_on) if past.done_on else plan.first_due_on
    start = max(today(), past.last_due_on + ONE) if past.last_due_on else today()
    return first_due(plan.first_due_on, every(plan), start)


def _due_next(link: PlanUnit, plan: MaintenancePlan, due: date | None) -> None:
    link.next_due_on = due
    link.wakes_on = wakes_on(due, plan.horizon_days) if due and plan.active else None


def _plan_facts(plan: MaintenancePlan, units: list[int]) -> Fields:
    return {
        "plan_id": plan.id, "name": plan.name, "work_kind": plan.work_kind, "rule": plan.rule,
        "period": plan.period, "every": plan.every, "unit_ids": units[:50],
        "first_due_on": plan.first_due_on.isoformat(), "active": plan.active,
    }  # fmt: skip


def skip_visit(visit: Visit, reason: str, by_id: int | None) -> None:
    """Leave a visit out; its work order goes, its reason stays. Raises Invalid, Conflict."""
    _check_open(visit, reason)
    work = db.session.get(WorkOrder, visit.work_order_id) if visit.work_order_id else None
    visit.state, visit.reason, visit.work_order_id = "skipped", reason, None
    db.session.flush()
    if work is not None and work.status not in WORK_ENDED:
        remove_work(work, by_id)
    _float_on(visit, visit.due_on)
    facts = _visit_facts(visit)
    record("visit.skipped", visit, by_id, account_id=facts.pop("account_id"), **facts)


def move_visit(visit: Visit, visit_on: date, reason: str, by_id: int | None) -> None:
    """Go on another business day. Raises Invalid naming the field, Conflict when it is over."""
    _check_open(visit, reason)
    if visit_on < today():
        raise Invalid({"visit_on": [_("This day is past.")]})
    if visit_on == visit.visit_on:
        raise Invalid({"visit_on": [_("The visit is on this day already.")]})
    if not workdays().is_business_day(visit_on):
        raise Invalid({"visit_on": [_("This is no business day.")]})
    before = visit.visit_on
    visit.state, visit.reason, visit.visit_on = "moved", reason, visit_on
    work = db.session.get(WorkOrder, visit.work_order_id) if visit.work_order_id else None
    if work is not None:
        plan_work(work, visit_on, by_id)
    tell_moved(visit, before, by_id)


def tell_moved(visit: Visit, before: date, by_id: int | None) -> None:
    """Write into the history that a visit is on another day than before."""
    facts = _visit_facts(visit) | {"before": before.isoformat()}
    record("visit.moved", visit, by_id, account_id=facts.pop("account_id"), **facts)


def _check_open(visit: Visit, reason: str) -> None:
    if visit.state not in OPEN:
        raise Conflict(_("This visit is over already."))
    if not reason:
        raise Invalid({"reason": [_("Say why; the reason is kept.")]})


def work_done(visit: Visit, done_on: date) -> bool:
    """The work of a visit has ended: so has the visit. False when it was over already."""
    if visit.state not in OPEN:
        return False
    visit.state, visit.done_on = "done", done_on
    _float_on(visit, done_on)
    return True


def _float_on(visit: Visit, day: date) -> None:
    """A floating plan counts on from the day on which its visit was over."""
    plan = db.session.get_one(MaintenancePlan, visit.plan_id)
    link = db.session.scalar(
        sa.select(PlanUnit).where(
            PlanUnit.plan_id == visit.plan_id, PlanUnit.unit_id == visit.unit_id
        )
    )
    if plan.rule == "floating" and link is not None and link.next_due_on is None:
        _due_next(link, plan, every(plan).after(day))


def _visit_facts(visit: Visit) -> Fields:
    unit = db.session.get_one(Unit, visit.unit_id)
    product = db.session.get_one(Product, unit.product_id)
    plan = db.session.get_one(MaintenancePlan, visit.plan_id)
    return {
        "account_id": unit.account_id, "visit_id": visit.id, "plan_id": plan.id,
        "name": plan.name, "work_kind": plan.work_kind, "unit_id": unit.id,
        "serial_no": unit.serial_no, "product_code": product.code, "reason": visit.reason,
        "due_on": visit.due_on.isoformat(), "visit_on": visit.visit_on.isoformat(),
    }  # fmt: skip
