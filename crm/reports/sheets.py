"""The list cut into pages before the layout sees it.

Every row has the same height, so it is known what fits: the layout needs one pass, n/N is known,
and no page begins with a total or ends with a head. A group that fits on a page is kept whole
while that wastes little; a taller one is continued under its repeated head.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from crm.reports.ledger import Ledger, Total
from crm.reports.lines import DealLine, Seat

ROWS = 35
"""Rows of one sheet, below the head of the table."""

WHOLE = 25
"""A group of up to so many rows moves to the next sheet rather than being parted."""

FEWEST = 3
"""Fewer deals than this do not stand alone at either side of a cut."""


@dataclass(frozen=True, slots=True)
class Division:
    name: str


@dataclass(frozen=True, slots=True)
class Head:
    seat: Seat
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    line: DealLine
    seat: Seat


@dataclass(frozen=True, slots=True)
class Sum:
    """`level` is rep, team, division or all."""

    level: str
    name: str
    total: Total


Row = Division | Head | Entry | Sum
Sheet = list[Row]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Block:
    """A rep's rows, with what has to stand before and behind them."""

    before: list[Row]
    head: Head
    entries: list[Entry]
    sums: list[Row]


def cut(ledger: Ledger, rows: int = ROWS) -> list[Sheet]:
    """The rows of every sheet, in order; no sheet at all for an empty ledger."""
    sheets: list[Sheet] = [[]]
    for block in _blocks(ledger):
        start: list[Row] = [*block.before, block.head]
        again: Row = Head(block.head.seat, continued=True)
        entries: list[Row] = [*block.entries]
        place(start, again, entries, block.sums, sheets, rows)
    return [sheet for sheet in sheets if sheet]


def _blocks(ledger: Ledger) -> Iterator[_Block]:
    number = 0
    for division in ledger.divisions:
        before: list[Row] = [Division(division.name)] if division.name else []
        for team in division.teams:
            for rep in team.reps:
                entries = [Entry(number + i, line, rep.seat) for i, line in enumerate(rep.lines, 1)]
                number += len(entries)
                sums: list[Row] = []
                if len(entries) > 1:
                    sums.append(Sum("rep", rep.seat.rep, rep.total))
                if rep is team.reps[-1]:
                    sums += _closing(ledger, division, team)
                yield _Block(before, Head(rep.seat), entries, sums)
                before = []


def _closing(ledger: Ledger, division: object, team: object) -> list[Row]:
    """The sums that follow the last rep of a team."""
    sums: list[Row] = []
    for group in ledger.divisions:
        for one in group.teams:
            if one is team:
                sums.append(Sum("team", one.name, one.total))
        if group is division and group.teams[-1] is team:
            if group.name:
                sums.append(Sum("division", group.name, group.total))
            if group is ledger.divisions[-1]:
                sums.append(Sum("all", "", ledger.total))
    return sums


def place(
    start: list[R], again: R, left: list[R], sums: list[R], sheets: list[list[R]], rows: int
) -> None:
    """Put a group on the last sheet or on a new one and, where it is too tall for any, on several.

    `start` stands before its rows and `again` before what goes on behind a cut, `sums` behind.
    """
    height = len(start) + len(left) + len(sums)
    if height > rows - len(sheets[-1]) and height <= WHOLE and sheets[-1]:
        sheets.append([])
    while True:
        room = rows - len(sheets[-1]) - len(start)
        if len(left) + len(sums) <= room:
            sheets[-1] += [*start, *left, *sums]
            return
        taken = _share(len(left), room)
        if taken:
            sheets[-1] += [*start, *left[:taken]]
            left = left[taken:]
            start = [again]
        elif not sheets[-1]:
            raise ValueError("a sheet is too small for a head and its totals")
        sheets.append([])


def _share(left: int, room: int) -> int:
    """How many of `left` deals stay on a sheet with `room`; 0: none should."""
    taken = min(room, left - FEWEST)
    return taken if taken >= FEWEST else 0
