"""The deals behind one step of the bridge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm.reports import seating, standing
from crm.reports.bridge import movements
from crm.reports.figures import closed_since
from crm.reports.ledger import Chair
from crm.reports.lines import DealLine, Seat, Wanted

SHOWN = 200
"""Deals on one page; the largest changes first."""


@dataclass(frozen=True, slots=True)
class Behind:
    """`moves` are the deals with their signed change in yen; `count` and `amount` are those of the
    whole step, as the bridge says them."""

    moves: list[tuple[DealLine, int]]
    count: int
    amount: int
    seats: Mapping[Chair, Seat]


def find(wanted: Wanted, step: str) -> Behind:
    """The deals that make up a step, with names, as they stand at the moment."""
    now, before = standing.moves(wanted)
    there, then = {line.id: line for line in now}, {line.id: line for line in before}
    closed = closed_since(now, wanted.moment, wanted.version)
    made = [
        (line, amount)
        for kind, amount, line in movements(then, there, wanted.filters, closed)
        if kind == step
    ]
    made.sort(key=lambda one: (-abs(one[1]), one[0].id))
    shown = made[:SHOWN]
    named = seating.detailed([line for line, _amount in shown])
    moves = [(line, amount) for line, (_old, amount) in zip(named, shown, strict=True)]
    return Behind(moves, len(made), sum(amount for _line, amount in made), seating.seats(named))
