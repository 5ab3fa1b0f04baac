"""The list of deals in the organisation's order: division, team, rep, each with its sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from crm.deals.models import RANKS
from crm.reports.lines import DealLine, Seat


@dataclass(frozen=True, slots=True)
class Total:
    """Sums in yen; `gross_profit` is None where nobody has said any."""

    count: int
    amount: int
    weighted: int
    gross_profit: int | None


@dataclass(frozen=True, slots=True)
class RepGroup:
    seat: Seat
    lines: Sequence[DealLine]
    total: Total


@dataclass(frozen=True, slots=True)
class TeamGroup:
    name: str
    reps: Sequence[RepGroup]
    total: Total


@dataclass(frozen=True, slots=True)
class DivisionGroup:
    name: str
    teams: Sequence[TeamGroup]
    total: Total


@dataclass(frozen=True, slots=True)
class Ledger:
    divisions: Sequence[DivisionGroup]
    total: Total


Chair = tuple[int | None, int | None]
"""Team and owner: what a seat is found by."""

Seated = tuple[Seat, DealLine]
K = TypeVar("K")


def arrange(lines: Iterable[DealLine], seats: Mapping[Chair, Seat]) -> Ledger:
    """Rank A to D within a rep, then the larger amount first. Every deal needs a seat."""
    seated = [(seats[line.team_id, line.owner_id], line) for line in lines]
    seated.sort(key=_place)
    divisions = tuple(
        DivisionGroup(name, tuple(_teams(group)), _total(group))
        for name, group in _groups(seated, lambda seat: seat.division)
    )
    return Ledger(divisions, _total(seated))


def _place(one: Seated) -> tuple[object, ...]:
    seat, line = one
    return (
        seat.order, seat.division, seat.team, seat.rep, seat.owner_id or 0,
        RANKS.index(line.rank), -line.amount, line.id,
    )  # fmt: skip


def _teams(seated: Sequence[Seated]) -> Iterable[TeamGroup]:
    for name, group in _groups(seated, lambda seat: seat.team):
        yield TeamGroup(name, tuple(_reps(group)), _total(group))


def _reps(seated: Sequence[Seated]) -> Iterable[RepGroup]:
    for _, group in _groups(seated, lambda seat: (seat.rep, seat.owner_id, seat.team_id)):
        yield RepGroup(group[0][0], tuple(line for _, line in group), _total(group))


def _groups(seated: Sequence[Seated], key: Callable[[Seat], K]) -> Iterable[tuple[K, list[Seated]]]:
    for name, group in groupby(seated, lambda one: key(one[0])):
        yield name, list(group)


def _total(seated: Sequence[Seated]) -> Total:
    lines = [line for _, line in seated]
    known = [line.gross_profit for line in lines if line.gross_profit is not None]
    return Total(
        len(lines),
        sum(line.amount for line in lines),
        sum(line.weighted for line in lines),
        sum(known) if known else None,
    )
