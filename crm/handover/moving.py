"""A won deal goes to another account: what nobody touched goes along, the rest is listed."""

from __future__ import annotations

from collections.abc import Sequence

from crm.deals.models import Deal
from crm.extensions import db
from crm.handover import queries
from crm.handover.actions import change_plan_of, write_ticket
from crm.handover.models import Handover, HandoverUnit
from crm.handover.outcome import Kept, Outcome, kept_plan, kept_ticket, kept_unit
from crm.handover.queries import Piece, Planned
from crm.installed_base.actions import change_unit
from crm.installed_base.models import Unit
from crm.rights import Person
from crm.staff.models import Staff
from crm.timeline.actions import record
from crm.timeline.models import Event


def follow_account(event: Event) -> None:
    """The account of a deal was changed: its hand-over follows in the same transaction."""
    if "account" not in event.facts.get("changes", ()):
        return
    deal = db.session.get(Deal, event.subject_id)
    user = db.session.get(Staff, event.by_id) if event.by_id else None
    handover = queries.of_deal(event.subject_id)
    if deal is None or user is None or handover is None:
        return
    if handover.account_id != deal.account_id:
        move_along(handover, deal, user)


def move_along(handover: Handover, deal: Deal, user: Person) -> list[Kept]:
    """Take units, plans and the ticket to the deal's account; returns what stays, and why."""
    plans = queries.plans_of(handover.id)
    pieces = queries.pieces_of(handover.id, plans)
    free = [piece for piece in pieces if not piece.reasons]
    reasons = queries.ticket_reasons(handover) if handover.ticket_id else ()
    kept = [kept_unit(piece) for piece in pieces if piece.reasons]
    kept += [kept_plan(plan) for plan in plans if plan.reasons]
    kept += [kept_ticket(handover.ticket_id, reasons)] if handover.ticket_id and reasons else []
    _move_units(free, deal, user)
    _move_plans(plans, {piece.unit_id for piece in free}, deal, user)
    handover.account_id = deal.account_id
    if handover.ticket_id is not None and not reasons:
        write_ticket(handover, deal, Outcome(ticket="take"), user)
        write_ticket(handover, deal, _again(deal, free), user)
    record(
        "deal.handed_over", deal, user.id, account_id=deal.account_id, title=deal.title,
        moved=len(free), kept=[[one.kind, one.id, one.label] for one in kept],
        ticket_id=handover.ticket_id,
    )  # fmt: skip
    return kept


def _move_units(free: Sequence[Piece], deal: Deal, user: Person) -> None:
    for piece in free:
        unit = db.session.get_one(Unit, piece.unit_id)
        place = {"account_id": deal.account_id, "site_id": deal.site_id, "location": ""}
        change_unit(unit, place, user.id)
        db.session.flush()
        db.session.get_one(HandoverUnit, piece.unit_id).made_version = unit.version
    db.session.flush()


def _move_plans(plans: Sequence[Planned], free: set[int], deal: Deal, user: Person) -> None:
    """A plan that nobody touched goes with the units that go; the others leave it."""
    for plan in plans:
        units = [key for key in plan.unit_ids if key in free]
        if units and not plan.reasons:
            change_plan_of(plan, {"account_id": deal.account_id, "unit_ids": units}, user.id)
    db.session.flush()


def _again(deal: Deal, free: Sequence[Piece]) -> Outcome:
    """What the new ticket says: the units that went along."""
    wanted = queries.wanted_of(deal.id)
    number = {key: sum(piece.product_id == key for piece in free) for key in wanted}
    add = [(one, number[key]) for key, one in wanted.items() if number[key]]
    return Outcome(add=add, ticket="add")
