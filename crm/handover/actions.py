"""Bring about what a won deal means for the installed base, and take back what nobody touched."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.campaigns.telling import leave
from crm.clock import today
from crm.deals.models import Deal
from crm.extensions import db
from crm.handover import queries
from crm.handover.models import Handover, HandoverPlan, HandoverUnit
from crm.handover.outcome import Outcome, foresee
from crm.handover.queries import Planned, Wanted
from crm.installed_base.actions import add_unit, remove_unit
from crm.installed_base.models import Unit
from crm.installed_base.terms import months_after
from crm.maintenance.actions import add_plan, change_plan, remove_plan
from crm.maintenance.models import MaintenancePlan
from crm.rights import Person
from crm.staff.models import Staff
from crm.support.actions import open_ticket, remove_ticket
from crm.support.models import Ticket
from crm.support.progress import add_note
from crm.support.work_requests import service_of
from crm.timeline.actions import record
from crm.timeline.models import Event

LONGEST_INTERVAL = 120
"""Months; a plan of maintenance reaches no further."""


def follow_deal(event: Event) -> None:
    """What happens together with a change of a deal, in the same transaction."""
    if event.kind == "deal.changed" and "lines" not in event.facts.get("changes", ()):
        return
    deal = db.session.get(Deal, event.subject_id)
    user = db.session.get(Staff, event.by_id) if event.by_id else None
    if deal is not None and user is not None:
        bring_about(deal, user)


def follow_unit(event: Event) -> None:
    """A unit of a hand-over was changed: perhaps it was accepted, perhaps it was the last."""
    handover = queries.of_unit(event.subject_id)
    if handover is not None:
        settle(handover, event.by_id)


def bring_about(deal: Deal, user: Person) -> Outcome:
    """Make what is missing of a won deal's set, or take back what nobody touched.

    Done twice it changes nothing. The row of the deal is locked, so two people make one set.
    """
    locked = sa.select(Deal.id).where(Deal.id == deal.id).with_for_update()
    db.session.execute(locked)
    outcome = foresee(deal, deal.stage == "won")
    if outcome.nothing:
        return outcome
    handover = queries.of_deal(deal.id) or _begin(deal)
    made = _add_units(handover, deal, outcome, user)
    _write_plans(handover, deal, outcome, made, user)
    _take_units(outcome, user)
    write_ticket(handover, deal, outcome, user)
    if not _is_left(handover):
        db.session.delete(handover)
        db.session.flush()
    else:
        settle(handover, user.id)
    _tell(deal, handover, outcome, user)
    return outcome


def _begin(deal: Deal) -> Handover:
    handover = Handover(deal_id=deal.id, account_id=deal.account_id, open=True)
    db.session.add(handover)
    db.session.flush()
    return handover


def _is_left(handover: Handover) -> bool:
    some = [
        sa.select(sa.literal(1)).where(sa.exists().where(table.handover_id == handover.id))
        for table in (HandoverUnit, HandoverPlan)
    ]
    return bool(handover.ticket_id or db.session.scalar(sa.union_all(*some).limit(1)))


def _add_units(
    handover: Handover, deal: Deal, outcome: Outcome, user: Person
) -> dict[int, list[int]]:
    """One planned unit for each piece that is missing; product → their keys."""
    made: dict[int, list[int]] = {}
    for wanted, number in outcome.add:
        fields = {
            "account_id": deal.account_id, "site_id": deal.site_id, "serial_no": "",
            "product_id": wanted.product_id, "status": "planned",
        }  # fmt: skip
        for _piece in range(number):
            unit = add_unit(dict(fields), user.id)
            db.session.flush()
            made.setdefault(wanted.product_id, []).append(unit.id)
            db.session.add(
                HandoverUnit(
                    unit_id=unit.id, handover_id=handover.id, product_id=wanted.product_id,
                    made_version=unit.version,
                )
            )  # fmt: skip
    db.session.flush()
    return made


def _take_units(outcome: Outcome, user: Person) -> None:
    for piece in outcome.take:
        db.session.delete(db.session.get_one(HandoverUnit, piece.unit_id))
    db.session.flush()
    leave([piece.unit_id for piece in outcome.take])
    for piece in outcome.take:
        remove_unit(db.session.get_one(Unit, piece.unit_id), user.id)
    db.session.flush()


def _write_plans(
    handover: Handover, deal: Deal, outcome: Outcome, made: dict[int, list[int]], user: Person
) -> None:
    """Plans over the units: new ones, those that go, those whose units have changed."""
    taken = {piece.unit_id for piece in outcome.take}
    for plan in outcome.gone_plans:
        db.session.delete(db.session.get_one(HandoverPlan, plan.plan_id))
        db.session.flush()
        remove_plan(db.session.get_one(MaintenancePlan, plan.plan_id), user.id)
    for plan in outcome.held_plans:
        kept = [key for key in plan.unit_ids if key not in taken]
        units = sorted({*kept, *made.get(plan.product_id, ())})
        if units and tuple(units) != plan.unit_ids:
            change_plan_of(plan, {"unit_ids": units}, user.id)
    for wanted in outcome.new_plans:
        units = [*outcome.plans.get(wanted.product_id, ()), *made.get(wanted.product_id, ())]
        if wanted.interval and wanted.interval <= LONGEST_INTERVAL and units:
            _add_plan(handover, deal, wanted, units, user)
    db.session.flush()


def _add_plan(
    handover: Handover, deal: Deal, wanted: Wanted, units: list[int], user: Person
) -> None:
    begins = deal.revenue_on or deal.closed_on or today()
    plan = add_plan(
        {
            "account_id": deal.account_id, "every": wanted.interval, "active": False,
            "name": _("Inspection of %(code)s", code=wanted.code)[:60], "unit_ids": sorted(units),
            "first_due_on": months_after(begins, wanted.interval or 0),
        },
        user.id,
    )  # fmt: skip
    db.session.flush()
    db.session.add(
        HandoverPlan(
            plan_id=plan.id, handover_id=handover.id, product_id=wanted.product_id,
            made_version=plan.version,
        )
    )  # fmt: skip


def change_plan_of(plan: Planned, fields: dict[str, Any], by_id: int | None) -> None:
    """Change a plan as the program; whether somebody touched it stays as it was."""
    record_of = db.session.get_one(MaintenancePlan, plan.plan_id)
    change_plan(record_of, fields, by_id)
    db.session.flush()
    if not plan.reasons:
        db.session.get_one(HandoverPlan, plan.plan_id).made_version = record_of.version


def write_ticket(handover: Handover, deal: Deal, outcome: Outcome, user: Person) -> None:
    """Take the ticket of a hand-over away, or open it, as the outcome says."""
    if outcome.ticket == "take" and handover.ticket_id is not None:
        ticket = db.session.get_one(Ticket, handover.ticket_id)
        handover.ticket_id = handover.ticket_version = None
        db.session.flush()
        remove_ticket(ticket, user)
    if outcome.ticket == "add":
        ticket = _open_ticket(deal, outcome, user)
        handover.ticket_id, handover.ticket_version = ticket.id, ticket.version
    db.session.flush()


def _open_ticket(deal: Deal, outcome: Outcome, user: Person) -> Ticket:
    """Tell service; the subject does not quote the deal, so that no rule hears buying words."""
    who, team = service_of(deal.account_id)
    fields = {
        "account_id": deal.account_id, "site_id": deal.site_id, "contact_id": deal.contact_id,
        "subject": _("Hand-over of %(no)s", no=deal.number), "channel": "visit",
        "category": "other", "assignee_id": who,
    }  # fmt: skip
    ticket = open_ticket(fields, user)
    ticket.team_id = ticket.team_id if who else team
    db.session.flush()
    add_note(ticket, "internal", _what_to_do(deal, outcome), user)
    db.session.flush()
    return ticket


def _what_to_do(deal: Deal, outcome: Outcome) -> str:
    lines = [f"{wanted.code} {wanted.name} × {number}" for wanted, number in outcome.add]
    steps = [
        _("Enter the serial numbers"), _("Delivery"), _("Installation and check"),
        _("Acceptance by the customer: the warranty begins"), _("Training of the users"),
    ]  # fmt: skip
    return "\n".join(
        [_("Hand-over") + f" /deals/{deal.id}/handover", *lines, ""]
        + [f"{place}. {step}" for place, step in enumerate(steps, 1)]
    )


def settle(handover: Handover, by_id: int | None) -> None:
    """Say whether all units of a hand-over are accepted; plans begin with the first acceptance."""
    rows = db.session.execute(
        sa.select(Unit.product_id, Unit.accepted_on, Unit.status)
        .join(HandoverUnit, HandoverUnit.unit_id == Unit.id)
        .where(HandoverUnit.handover_id == handover.id)
    ).all()
    accepted: dict[int, date] = {}
    for row in rows:
        if row.accepted_on is not None:
            first = accepted.get(row.product_id, row.accepted_on)
            accepted[row.product_id] = min(first, row.accepted_on)
    waiting = any(row.accepted_on is None and row.status != "removed" for row in rows)
    if handover.open is not waiting:
        handover.open, handover.done_on = waiting, None if waiting else today()
    if accepted:
        _start_plans(handover, accepted, by_id)


def _start_plans(handover: Handover, accepted: dict[int, date], by_id: int | None) -> None:
    for plan in queries.plans_of(handover.id):
        record_of = db.session.get_one(MaintenancePlan, plan.plan_id)
        begins = accepted.get(plan.product_id)
        if begins is not None and not record_of.active and not plan.reasons:
            due = months_after(begins, record_of.every)
            change_plan_of(plan, {"active": True, "first_due_on": due}, by_id)


def _tell(deal: Deal, handover: Handover, outcome: Outcome, user: Person) -> None:
    facts: dict[str, Any] = {
        "title": deal.title, "made": outcome.number, "taken": len(outcome.take),
        "kept": [[one.kind, one.id, one.label] for one in outcome.kept],
        "units": [f"{wanted.code} × {number}" for wanted, number in outcome.add],
        "ticket_id": handover.ticket_id,
    }  # fmt: skip
    kind = "deal.handed_over" if deal.stage == "won" else "deal.taken_back"
    record(kind, deal, user.id, account_id=deal.account_id, **facts)
