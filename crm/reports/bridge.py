"""From the pipeline at the end of last month to today's, deal by deal, without a remainder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crm.reports.lines import WON, DealLine, Filters

INFLOWS = ("new", "reopened", "slipped_in", "handed_in", "increased")
OUTFLOWS = ("decreased", "slipped_out", "handed_out", "removed", "lost", "won")
STEPS = (*INFLOWS, *OUTFLOWS)
UNUSUAL = ("reopened", "slipped_in", "handed_in", "slipped_out", "handed_out", "removed")
"""Left out of a drawing when they are empty: they depend on the filters."""

Lines = Mapping[int, DealLine]
Move = tuple[str, int, DealLine]


@dataclass(frozen=True, slots=True)
class Step:
    """One cause of change: how many deals, and the signed sum in yen."""

    kind: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Bridge:
    opening_count: int
    opening: int
    steps: Sequence[Step]
    closing_count: int
    closing: int

    def step(self, kind: str) -> Step:
        return next(step for step in self.steps if step.kind == kind)


def build(before: Lines, now: Lines, filters: Filters, closed_since: frozenset[int]) -> Bridge:
    """`before` and `now` hold every deal that may count, in scope or not, closed ones too;
    `closed_since` are the deals that were won or lost after the opening."""
    opening = [line for line in before.values() if line.open and filters.holds(line)]
    closing = [line for line in now.values() if line.open and filters.holds(line)]
    moves = list(movements(before, now, filters, closed_since))
    steps = tuple(_step(kind, moves) for kind in STEPS)
    bridge = Bridge(
        sum(line.count for line in opening), sum(line.amount for line in opening), steps,
        sum(line.count for line in closing), sum(line.amount for line in closing),
    )  # fmt: skip
    assert bridge.opening + sum(step.amount for step in steps) == bridge.closing
    assert bridge.opening_count + _heads(steps) == bridge.closing_count
    return bridge


def movements(
    before: Lines, now: Lines, filters: Filters, closed_since: frozenset[int]
) -> Iterator[Move]:
    """Every change of every deal as (step, signed yen, the deal); a deal may make several."""
    for key in sorted(before.keys() | now.keys()):
        then, today = before.get(key), now.get(key)
        if then is not None and then.open and filters.holds(then):
            yield from _from_inside(then, today, filters)
        elif (
            today is not None
            and filters.holds(today)
            and (today.open or (key in closed_since and (then is None or then.open)))
        ):
            yield from _from_outside(then, today, filters)


def _from_inside(then: DealLine, today: DealLine | None, filters: Filters) -> Iterator[Move]:
    if today is None:
        yield "removed", -then.amount, then
        return
    yield from _revalued(then, today)
    if not today.open:
        yield _outcome(today), -today.amount, today
    elif not filters.theirs(today):
        yield "handed_out", -today.amount, today
    elif not filters.holds(today):
        yield "slipped_out", -today.amount, today


def _from_outside(then: DealLine | None, today: DealLine, filters: Filters) -> Iterator[Move]:
    if then is None:
        yield "new", today.amount, today
    elif not then.open:
        yield "reopened", today.amount, today
    else:
        kind = "slipped_in" if filters.theirs(then) else "handed_in"
        yield kind, then.amount, today
        yield from _revalued(then, today)
    if not today.open:
        yield _outcome(today), -today.amount, today


def _revalued(then: DealLine, today: DealLine) -> Iterator[Move]:
    change = today.amount - then.amount
    if change:
        yield ("increased" if change > 0 else "decreased"), change, today


def _outcome(line: DealLine) -> str:
    return "won" if line.stage == WON else "lost"


def _step(kind: str, moves: Sequence[Move]) -> Step:
    mine = [amount for step, amount, _ in moves if step == kind]
    return Step(kind, len(mine), sum(mine))


def _heads(steps: Sequence[Step]) -> int:
    """How many deals more there are at the end."""
    signs = {"increased": 0, "decreased": 0}
    return sum(
        step.count * signs.get(step.kind, 1 if step.kind in INFLOWS else -1) for step in steps
    )
