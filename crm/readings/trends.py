"""Where a meter is going: growth against last year, and the day a limit is reached. Pure.

Points are (instant, total) in the order of time. Between two readings a meter is taken to run
evenly; before the first and after the last one nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from statistics import median
from zoneinfo import ZoneInfo

Point = tuple[datetime, Decimal]
SPAN = timedelta(days=90)
YEAR = timedelta(days=365)
STEP_DAYS = 4
STEPS = 126
"""So many looks of four days reach back 90 days and a year, and a little more."""
DAILY = 28
"""Of so many days back a meter is looked at on each."""
FEWEST, SHORTEST = 4, timedelta(days=14)
"""Readings and days without which no forecast is made."""
FARTHEST = timedelta(days=3650)
A_DAY = timedelta(days=1)


def instants(now: datetime) -> list[datetime]:
    """The instants at which a meter is looked at: each of the last days, every fourth before."""
    daily = [now - timedelta(days=step) for step in range(DAILY)]
    return daily + [now - timedelta(days=STEP_DAYS * step) for step in range(7, STEPS)]


def at(points: Sequence[Point], instant: datetime) -> Decimal | None:
    """The total at an instant, between the readings around it; None outside of them."""
    before = max((one for one in points if one[0] <= instant), default=None)
    after = min((one for one in points if one[0] >= instant), default=None)
    if before is None or after is None:
        return None
    if after[0] == before[0]:
        return before[1]
    rise = after[1] - before[1]
    return before[1] + rise * _ticks(instant - before[0]) / _ticks(after[0] - before[0])


def _ticks(span: timedelta) -> int:
    return span // timedelta.resolution


@dataclass(frozen=True, slots=True)
class Growth:
    """What a counter ran in the 90 days to its last reading, and in the same days a year before."""

    recent: Decimal
    before: Decimal
    until: datetime

    @property
    def ratio(self) -> float | None:
        """0.3 is 30 percent more than a year before; None when it stood still then."""
        return float(self.recent / self.before) - 1 if self.before > 0 else None


def growth(points: Sequence[Point]) -> Growth | None:
    """None when there are not enough readings."""
    if not points:
        return None
    end = points[-1][0]
    edges = [at(points, end - YEAR - SPAN), at(points, end - YEAR), at(points, end - SPAN)]
    first, second, third = edges
    if first is None or second is None or third is None:
        return None
    return Growth(points[-1][1] - third, second - first, end)


def slope(points: Sequence[Point]) -> Decimal | None:
    """Units a day by the Theil–Sen estimator: the median of the slopes between all pairs.

    H. Theil (1950), P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau",
    J. Am. Stat. Assoc. 63 (1968). A few wrong readings do not move it, unlike least squares.
    None when there are fewer than four readings, or when they span less than a fortnight.
    """
    if len(points) < FEWEST or points[-1][0] - points[0][0] < SHORTEST:
        return None
    slopes = [
        (b[1] - a[1]) * _ticks(A_DAY) / _ticks(b[0] - a[0])
        for a, b in combinations(points, 2)
        if b[0] > a[0]
    ]
    return median(slopes)


@dataclass(frozen=True, slots=True)
class Forecast:
    """`word`: reached, on (a day), later (in more than ten years, or never), few (readings)."""

    word: str
    on: date | None = None
    a_day: Decimal | None = None


def forecast(points: Sequence[Point], limit: Decimal, zone: ZoneInfo | None = None) -> Forecast:
    """When a total gets to a limit, as it ran in the 90 days to the last reading; the day is one of
    `zone`, of UTC without it."""
    if points and points[-1][1] >= limit:
        return Forecast("reached", _day(points[-1][0], zone))
    recent = [one for one in points if one[0] >= points[-1][0] - SPAN]
    a_day = slope(recent)
    if a_day is None:
        return Forecast("few")
    if a_day <= 0 or (limit - points[-1][1]) / a_day > FARTHEST.days:
        return Forecast("later", None, a_day)
    ahead = timedelta(days=float((limit - points[-1][1]) / a_day))
    return Forecast("on", _day(points[-1][0] + ahead, zone), a_day)


def _day(instant: datetime, zone: ZoneInfo | None) -> date:
    return instant.astimezone(zone or UTC).date()
