"""Ask what a won deal brings, what has been made of it, and what of that somebody has touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.accounts.models import Site
from crm.campaigns.telling import cared_for
from crm.deals.models import DealLine, DealUnit
from crm.errors import NotFound
from crm.extensions import at_most, db
from crm.handover.models import Handover, HandoverPlan, HandoverUnit
from crm.installed_base.models import Unit
from crm.maintenance.models import MaintenancePlan, PlanUnit, Visit
from crm.products.models import Product
from crm.references import referring
from crm.rights import Person, may
from crm.support.models import Ticket, TicketNote

MOST_PIECES = 300
"""Units that one deal brings; what is above is entered through an import."""
OURS = ("events", "unit_states", "handover_units", "plan_units", "campaign_items")
"""Tables whose rows about a unit are made with it, or by a campaign that names its product."""
OF_TICKET = ("events", "ticket_notes", "ticket_pauses", "handovers")
LIST_AT_ONCE = 1
"""The note with the list of what is to be done is written with the ticket."""
H, U = Handover.__table__.c, Unit.__table__.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many pieces of a product; `interval` months between inspections."""

    product_id: int
    code: str
    name: str
    number: int
    interval: int | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit that a deal brought, and what somebody did to it, in words; nothing: untouched."""

    unit_id: int
    product_id: int
    code: str
    serial_no: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A maintenance plan that a deal brought, and what somebody did to it."""

    plan_id: int
    product_id: int
    name: str
    unit_ids: tuple[int, ...]
    reasons: tuple[str, ...]


def get_handover(handover_id: int, user: Person, action: str = "view") -> Handover:
    """The door to a hand-over; whoever may see units may see it."""
    found = db.session.get(Handover, handover_id)
    if found is None or not may(user, action, "unit"):
        raise NotFound
    return found


def of_deal(deal_id: int) -> Handover | None:
    """The hand-over of a deal."""
    return db.session.scalar(sa.select(Handover).where(Handover.deal_id == deal_id))


def of_unit(unit_id: int) -> Handover | None:
    """The hand-over that brought a unit."""
    link = sa.select(HandoverUnit.handover_id).where(HandoverUnit.unit_id == unit_id)
    return db.session.scalar(sa.select(Handover).where(Handover.id == link.scalar_subquery()))


def wanted_of(deal_id: int) -> dict[int, Wanted]:
    """Product → how many units the lines of a deal bring: those that have serial numbers."""
    rows = db.session.execute(
        sa.select(
            Product.id, Product.code, Product.name, Product.inspection_interval_months,
            sa.func.sum(DealLine.quantity).label("number"),
        )
        .join(Product, Product.id == DealLine.product_id)
        .where(DealLine.deal_id == deal_id, Product.serialised, Product.installable)
        .group_by(
            Product.id, Product.code, Product.name, Product.inspection_interval_months
        )
        .order_by(sa.func.min(DealLine.position), Product.id)
    ).all()  # fmt: skip
    found, left = {}, MOST_PIECES
    for row in rows:
        number = min(int(row.number), left)
        left -= number
        if number:
            interval = row.inspection_interval_months
            found[row.id] = Wanted(row.id, row.code, row.name, number, interval)
    return found


def plans_of(handover_id: int) -> list[Planned]:
    """The plans of a hand-over with their units; three statements."""
    rows = db.session.execute(
        sa.select(
            HandoverPlan.plan_id, HandoverPlan.product_id, HandoverPlan.made_version,
            MaintenancePlan.name, MaintenancePlan.version,
        )
        .join(MaintenancePlan, MaintenancePlan.id == HandoverPlan.plan_id)
        .where(HandoverPlan.handover_id == handover_id)
        .order_by(HandoverPlan.plan_id)
    ).all()  # fmt: skip
    keys = [row.plan_id for row in rows]
    if not keys:
        return []
    units: dict[int, list[int]] = defaultdict(list)
    for plan_id, unit_id in db.session.execute(
        sa.select(PlanUnit.plan_id, PlanUnit.unit_id).where(PlanUnit.plan_id.in_(keys))
    ):
        units[plan_id].append(unit_id)
    visited = set(db.session.scalars(sa.select(Visit.plan_id).where(Visit.plan_id.in_(keys))))
    return [
        Planned(
            row.plan_id, row.product_id, row.name, tuple(sorted(units[row.plan_id])),
            _plan_reasons(row.version != row.made_version, row.plan_id in visited),
        )
        for row in rows
    ]  # fmt: skip


def _plan_reasons(changed: bool, visited: bool) -> tuple[str, ...]:
    said = [_("changed by hand")] if changed else []
    return tuple([*said, _("maintenance visits")] if visited else said)


def pieces_of(handover_id: int, plans: Iterable[Planned] = ()) -> list[Piece]:
    """The units of a hand-over in the order of their making; three statements.

    A unit under a plan that somebody touched counts as touched.
    """
    rows = db.session.execute(
        sa.select(
            HandoverUnit.unit_id, HandoverUnit.product_id, HandoverUnit.made_version,
            Product.code, U.serial_no, U.version,
        )
        .join(Unit, U.id == HandoverUnit.unit_id)
        .join(Product, Product.id == HandoverUnit.product_id)
        .where(HandoverUnit.handover_id == handover_id)
        .order_by(HandoverUnit.unit_id)
    ).all()  # fmt: skip
    touched = _touched_by([row.unit_id for row in rows], list(plans))
    return [
        Piece(
            row.unit_id, row.product_id, row.code, row.serial_no,
            tuple(_unit_reasons(row, sorted(touched[row.unit_id]))),
        )
        for row in rows
    ]  # fmt: skip


def _unit_reasons(row: Any, others: list[str]) -> list[str]:
    said = [_("serial number %(no)s", no=row.serial_no)] if row.serial_no else []
    if row.version != row.made_version and not said:
        said.append(_("changed by hand"))
    return [*said, *others]


def _touched_by(unit_ids: Collection[int], plans: list[Planned]) -> dict[int, set[str]]:
    found = referring("units", unit_ids, OURS)
    foreign = sa.select(PlanUnit.unit_id).where(
        PlanUnit.unit_id.in_(unit_ids), PlanUnit.plan_id.not_in([one.plan_id for one in plans])
    )
    for unit_id in db.session.scalars(foreign) if unit_ids else ():
        found[unit_id].add(_("maintenance plans"))
    for unit_id in cared_for(unit_ids):
        found[unit_id].add(_("campaigns"))
    for plan in plans:
        for unit_id in plan.unit_ids if plan.reasons else ():
            if unit_id in found:
                found[unit_id].add(_("its maintenance plan was changed"))
    return found


def ticket_reasons(handover: Handover) -> tuple[str, ...]:
    """What somebody did to the ticket of a hand-over, in words; two statements."""
    row = db.session.execute(
        sa.select(Ticket.version, sa.func.count(TicketNote.id).label("notes"))
        .outerjoin(TicketNote, TicketNote.ticket_id == Ticket.id)
        .where(Ticket.id == handover.ticket_id)
        .group_by(Ticket.id, Ticket.version)
    ).one()
    said = [_("changed by hand")] if row.version != handover.ticket_version else []
    more = row.notes - LIST_AT_ONCE
    if more > 0:
        said.append(ngettext("%(num)s note", "%(num)s notes", more))
    key = handover.ticket_id or 0
    return (*said, *sorted(referring("tickets", [key], OF_TICKET)[key]))


def unit_rows(handover_id: int) -> Sequence[sa.Row[Any]]:
    """The units of a hand-over as its page shows them, in one statement."""
    return db.session.execute(
        sa.select(
            *U, Product.code, Product.name.label("product"), Site.name.label("site"),
        )
        .join(HandoverUnit, HandoverUnit.unit_id == U.id)
        .join(Product, Product.id == U.product_id)
        .outerjoin(Site, Site.id == U.site_id)
        .where(HandoverUnit.handover_id == handover_id)
        .order_by(U.id)
        .limit(at_most(MOST_PIECES + 1))
    ).all()  # fmt: skip


def replaceable(deal_id: int, account_id: int) -> list[tuple[int, str]]:
    """Units that the deal is about and that its new ones may replace."""
    rows = db.session.execute(
        sa.select(U.id, Product.code, U.serial_no)
        .join(DealUnit, DealUnit.unit_id == U.id)
        .join(Product, Product.id == U.product_id)
        .where(DealUnit.deal_id == deal_id, U.account_id == account_id)
        .order_by(U.id)
        .limit(at_most(100))
    )
    return [(row.id, f"{row.code} {row.serial_no}".strip()) for row in rows]


def to_remove(handover_id: int) -> Sequence[sa.Row[Any]]:
    """Units whose successor of this hand-over is accepted, and which still stand there."""
    new = Unit.__table__.alias("new")
    return db.session.execute(
        sa.select(U.id, Product.code, U.serial_no, new.c.accepted_on, new.c.id.label("by_id"))
        .join(new, new.c.replaces_id == U.id)
        .join(HandoverUnit, HandoverUnit.unit_id == new.c.id)
        .join(Product, Product.id == U.product_id)
        .where(
            HandoverUnit.handover_id == handover_id, new.c.accepted_on.is_not(None),
            U.status != "removed",
        )
        .order_by(U.id)
        .limit(at_most(100))
    ).all()  # fmt: skip
