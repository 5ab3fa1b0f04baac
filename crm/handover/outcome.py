"""What winning a deal makes and what opening it again takes back, found before it is done."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from flask_babel import gettext as _

from crm.deals.models import Deal
from crm.handover import queries
from crm.handover.models import Handover
from crm.handover.queries import Piece, Planned, Wanted


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that stays because somebody touched it; `reasons` in words."""

    kind: str
    id: int
    label: str
    reasons: tuple[str, ...]

    @property
    def url(self) -> str:
        """The page of the record."""
        return f"/{PAGES[self.kind]}/{self.id}"


PAGES = {"unit": "units", "ticket": "tickets", "plan": "maintenance-plans"}


@dataclass(slots=True)
class Outcome:
    """What a change of a deal does to its hand-over."""

    add: list[tuple[Wanted, int]] = field(default_factory=list)
    take: list[Piece] = field(default_factory=list)
    stay: list[Piece] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    plans: dict[int, list[int]] = field(default_factory=dict)
    """Product → the units that its plan is over already and goes on to be."""
    new_plans: list[Wanted] = field(default_factory=list)
    gone_plans: list[Planned] = field(default_factory=list)
    held_plans: list[Planned] = field(default_factory=list)
    ticket: str = ""
    """add, take, keep or nothing."""

    @property
    def number(self) -> int:
        """How many units are made."""
        return sum(number for _wanted, number in self.add)

    @property
    def nothing(self) -> bool:
        """Is there nothing to do and nothing to say?"""
        return not (
            self.add or self.take or self.kept or self.new_plans or self.gone_plans
            or self.ticket in ("add", "take")
        )  # fmt: skip


def foresee(deal: Deal, won: bool) -> Outcome:
    """What winning a deal (or that it is won no longer) would do; nothing is changed."""
    wanted = queries.wanted_of(deal.id) if won else {}
    handover = queries.of_deal(deal.id)
    found = Outcome()
    plans = queries.plans_of(handover.id) if handover else []
    pieces = queries.pieces_of(handover.id, plans) if handover else []
    _pieces(found, wanted, pieces)
    _plans(found, wanted, plans)
    _ticket(found, wanted, handover)
    return found


def _pieces(found: Outcome, wanted: dict[int, Wanted], pieces: list[Piece]) -> None:
    standing: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        standing[piece.product_id].append(piece)
    for product_id, some in wanted.items():
        missing = some.number - len(standing[product_id])
        if missing > 0:
            found.add.append((some, missing))
    for product_id, there in standing.items():
        number = wanted[product_id].number if product_id in wanted else 0
        free = [piece for piece in reversed(there) if not piece.reasons]
        gone = free[: max(len(there) - number, 0)]
        stays = [piece for piece in there if piece not in gone]
        found.take += gone
        found.stay += stays
        if len(stays) > number:
            found.kept += [kept_unit(piece) for piece in stays if piece.reasons]


def kept_plan(plan: Planned) -> Kept:
    """A plan that stays as it is."""
    return Kept("plan", plan.plan_id, plan.name, plan.reasons)


def kept_ticket(key: int, reasons: tuple[str, ...]) -> Kept:
    """A ticket that stays as it is."""
    return Kept("ticket", key, _("Ticket #%(no)s", no=key), reasons)


def kept_unit(piece: Piece) -> Kept:
    """A unit that stays as it is."""
    label = f"{piece.code} {piece.serial_no}".strip()
    return Kept("unit", piece.unit_id, label, piece.reasons)


def _plans(found: Outcome, wanted: dict[int, Wanted], plans: list[Planned]) -> None:
    staying: dict[int, list[int]] = defaultdict(list)
    for piece in found.stay:
        staying[piece.product_id].append(piece.unit_id)
    planned = {plan.product_id for plan in plans}
    found.new_plans = [
        one for one in wanted.values() if one.interval and one.product_id not in planned
    ]
    for plan in plans:
        product_id = plan.product_id
        left = set(plan.unit_ids) & set(staying[product_id])
        if product_id in wanted or left or plan.reasons:
            found.held_plans.append(plan)
        else:
            found.gone_plans.append(plan)
        if product_id not in wanted and plan.reasons:
            found.kept.append(kept_plan(plan))
    found.plans = dict(staying)


def _ticket(found: Outcome, wanted: dict[int, Wanted], handover: Handover | None) -> None:
    if handover is None or handover.ticket_id is None:
        found.ticket = "add" if wanted else ""
    elif not wanted:
        reasons = queries.ticket_reasons(handover)
        found.ticket = "keep" if reasons else "take"
        if reasons:
            found.kept.append(kept_ticket(handover.ticket_id, reasons))
