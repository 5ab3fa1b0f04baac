"""All figures of the pipeline report, from plain rows. Integer yen; ratios with one decimal.

A ratio is held in tenths of a percent (177 is 17.7 %), rounded half up, and None where the
whole is zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from crm.deals.models import OPEN_STAGES
from crm.reports import bridge as bridges
from crm.reports.bridge import Bridge
from crm.reports.lines import (
    ORIGINS,
    WON,
    DealLine,
    Filters,
    Moment,
    Period,
    Version,
    half_of,
    is_stale,
    month_after,
    origin_of,
)


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a set of deals; `days` is the mean time in the present stage in tenths of a day."""

    count: int = 0
    amount: int = 0
    weighted: int = 0
    days: int | None = None


@dataclass(frozen=True, slots=True)
class StageRow:
    stage: str
    sums: Sums
    count_change: int
    amount_change: int
    share: int | None


@dataclass(frozen=True, slots=True)
class OriginRow:
    origin: str
    count: int
    amount: int
    share: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """`won` has happened, `weighted` is expected; what is late is expected this month."""

    first: date
    won: int
    weighted: int
    target: int | None

    @property
    def landing(self) -> int:
        return self.won + self.weighted


@dataclass(frozen=True, slots=True)
class Forecast:
    period: Period
    months: Sequence[Month]

    @property
    def won(self) -> int:
        return sum(month.won for month in self.months)

    @property
    def weighted(self) -> int:
        return sum(month.weighted for month in self.months)

    @property
    def landing(self) -> int:
        return self.won + self.weighted

    @property
    def target(self) -> int | None:
        """None until somebody has set a target for one of the months."""
        known = [month.target for month in self.months if month.target is not None]
        return sum(known) if known else None

    @property
    def rate(self) -> int | None:
        return ratio(self.landing, self.target or 0)


@dataclass(frozen=True, slots=True)
class Count:
    count: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class PipelineFigures:
    """Everything the report says, before it is put into words."""

    moment: Moment
    filters: Filters
    stages: Sequence[StageRow]
    total: StageRow
    before: Sums
    bridge: Bridge
    origins: Sequence[OriginRow]
    support: OriginRow
    won: Count
    lost: Count
    won_from_support: OriginRow
    moves: Mapping[str, Count]
    forecast: Forecast
    lines: Sequence[DealLine] = field(default_factory=tuple)
    version: Version | None = None
    """What it is compared with; None is the end of the month before."""

    @property
    def weighted_rate(self) -> int | None:
        return ratio(self.total.sums.weighted, self.total.sums.amount)

    @property
    def growth(self) -> int | None:
        return ratio(self.total.amount_change, self.before.amount)

    @property
    def whole(self) -> bool:
        """Are all deals among the lines?"""
        return len(self.lines) == self.total.sums.count

    @property
    def win_rate(self) -> int | None:
        return ratio(self.won.count, self.won.count + self.lost.count)


def compute(
    now: Iterable[DealLine],
    before: Iterable[DealLine],
    filters: Filters,
    moment: Moment,
    targets: Mapping[date, int] | None = None,
    fiscal_start: int = 4,
    version: Version | None = None,
) -> PipelineFigures:
    """`now` and `before` hold the deals as they stood at the moment and at that of the version, or
    else at the end of the month before, in scope or not; `now` also those closed since the
    half-year began. `targets` are yen by first of month."""
    there, then = {line.id: line for line in now}, {line.id: line for line in before}
    lines = [line for line in there.values() if line.open and filters.holds(line)]
    old = [line for line in then.values() if line.open and filters.holds(line)]
    closed = closed_since(there.values(), moment, version)
    total = _row("total", lines, old, lines)
    won = [
        line for kind, _, line in bridges.movements(then, there, filters, closed) if kind == "won"
    ]
    bridge = bridges.build(then, there, filters, closed)
    return PipelineFigures(
        moment=moment,
        filters=filters,
        stages=tuple(
            _row(stage, _in(stage, lines), _in(stage, old), lines) for stage in OPEN_STAGES
        ),
        total=total,
        before=sums(old),
        bridge=bridge,
        origins=tuple(_origin(name, lines, _from(name, lines)) for name in ORIGINS),
        support=_origin("support", lines, _from("support", lines)),
        won=Count(bridge.step("won").count, -bridge.step("won").amount),
        lost=Count(bridge.step("lost").count, -bridge.step("lost").amount),
        won_from_support=_origin("support", won, _from("support", won)),
        moves=_moves(lines, then, moment),
        forecast=_forecast(there.values(), lines, filters, moment, targets or {}, fiscal_start),
        lines=tuple(lines),
        version=version,
    )


def closed_since(
    lines: Iterable[DealLine], moment: Moment, version: Version | None
) -> frozenset[int]:
    """The deals that were won or lost after what the report is compared with."""
    closed = (line for line in lines if line.closed_on is not None)
    if version is None:
        return frozenset(
            line.id for line in closed if line.closed_on and line.closed_on > moment.before
        )
    until = version.moment.until
    return frozenset(line.id for line in closed if line.closed_at and line.closed_at >= until)


def ratio(part: int, whole: int) -> int | None:
    """`part` of `whole` in tenths of a percent, half up (away from zero); None of nothing."""
    if whole <= 0:
        return None
    tenths = (abs(part) * 2000 + whole) // (2 * whole)
    return tenths if part >= 0 else -tenths


def sums(lines: Sequence[DealLine]) -> Sums:
    days = sum(line.days_in_stage for line in lines)
    count = sum(line.count for line in lines)
    return Sums(
        count,
        sum(line.amount for line in lines),
        sum(line.weighted for line in lines),
        (days * 20 + count) // (2 * count) if count else None,
    )


def _row(
    stage: str, lines: Sequence[DealLine], old: Sequence[DealLine], whole: Sequence[DealLine]
) -> StageRow:
    today, then = sums(lines), sums(old)
    return StageRow(
        stage,
        today,
        today.count - then.count,
        today.amount - then.amount,
        ratio(today.amount, sum(line.amount for line in whole)),
    )


def _in(stage: str, lines: Sequence[DealLine]) -> list[DealLine]:
    return [line for line in lines if line.stage == stage]


def _from(origin: str, lines: Sequence[DealLine]) -> list[DealLine]:
    return [line for line in lines if origin_of(line) == origin]


def _origin(name: str, whole: Sequence[DealLine], part: Sequence[DealLine]) -> OriginRow:
    found = _counted(part)
    share = ratio(found.amount, sum(line.amount for line in whole))
    return OriginRow(name, found.count, found.amount, share)


def _counted(lines: Iterable[DealLine]) -> Count:
    found = list(lines)
    return Count(sum(line.count for line in found), sum(line.amount for line in found))


def _moves(
    lines: Sequence[DealLine], then: Mapping[int, DealLine], moment: Moment
) -> dict[str, Count]:
    pairs = [(then[line.id], line) for line in lines if line.id in then and then[line.id].open]
    place = OPEN_STAGES.index
    chosen = {
        "advanced": [b for a, b in pairs if place(b.stage) > place(a.stage)],
        "fell_back": [b for a, b in pairs if place(b.stage) < place(a.stage)],
        "postponed": [b for a, b in pairs if _later(a, b)],
        "still": [line for line in lines if is_stale(line, moment.day)],
        "no_next_step": [line for line in lines if line.next_step_on is None],
    }
    return {name: _counted(some) for name, some in chosen.items()}


def _later(then: DealLine, today: DealLine) -> bool:
    """Whether the expected order moved into a later month."""
    if then.expected_close_on is None or today.expected_close_on is None:
        return False
    return today.expected_close_on.replace(day=1) > then.expected_close_on.replace(day=1)


def _forecast(
    there: Iterable[DealLine],
    lines: Sequence[DealLine],
    filters: Filters,
    moment: Moment,
    targets: Mapping[date, int],
    fiscal_start: int,
) -> Forecast:
    half = half_of(moment.day, fiscal_start)
    assert half.first is not None
    this_month = moment.day.replace(day=1)
    won: dict[date, int] = {}
    for line in there:
        if line.stage == WON and line.closed_on and filters.theirs(line):
            first = line.closed_on.replace(day=1)
            won[first] = won.get(first, 0) + line.amount
    expected: dict[date, int] = {}
    for line in lines:
        if line.expected_close_on:
            first = max(line.expected_close_on.replace(day=1), this_month)
            expected[first] = expected.get(first, 0) + line.weighted
    firsts = [month_after(half.first, count) for count in range(6)]
    return Forecast(
        half, tuple(Month(f, won.get(f, 0), expected.get(f, 0), targets.get(f)) for f in firsts)
    )
