"""The rows a pipeline report is made from, and what it is asked for. Plain data, no database."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from crm.deals.models import OPEN_STAGES, RANK_WEIGHTS

WON, LOST = "won", "lost"
ORIGINS = ("support", "sales", "referral", "web")
STALE_DAYS = 31
"""From this many days without an activity on, a deal stands still."""


@dataclass(frozen=True, slots=True)
class DealLine:
    """One deal as it stood at an instant; amounts in yen without tax, days in calendar days.

    What has no history (names, gross profit, next step, competitor) is as it is when asked.
    """

    id: int
    stage: str
    rank: str
    amount: int
    expected_close_on: date | None = None
    owner_id: int | None = None
    team_id: int | None = None
    days_in_stage: int = 0
    origin: str = "sales"
    rule: str | None = None
    """The rule whose alert the deal came from."""
    closed_on: date | None = None
    closed_at: datetime | None = None
    count: int = 1
    """Deals that the line stands for; see `Bundle`."""
    number: str = ""
    title: str = ""
    account: str = ""
    product: str = ""
    gross_profit: int | None = None
    revenue_on: date | None = None
    next_step: str = ""
    next_step_on: date | None = None
    last_activity_on: date | None = None
    competitor: str = ""

    @property
    def open(self) -> bool:
        return self.stage in OPEN_STAGES

    @property
    def weighted(self) -> int:
        """The amount times the rank's weight, in yen, rounded down."""
        return self.amount * RANK_WEIGHTS[self.rank] // 100

    @property
    def from_support(self) -> bool:
        return self.rule is not None or self.origin == "support"


@dataclass(frozen=True, slots=True)
class Bundle(DealLine):
    """Deals that the report does not tell apart, added up: `amount` and `days_in_stage` are sums,
    the other values are those that all of them share, or one of theirs."""

    worth: int = 0

    @property
    def weighted(self) -> int:
        """The sum of what every deal weighs, in yen."""
        return self.worth


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a rep sits in the organisation, and its place in the organisation's own order."""

    owner_id: int | None
    team_id: int | None
    division: str
    team: str
    rep: str
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """A part of a fiscal year; `code` is "all", "2026", "2026H1" or "2026H2"."""

    code: str
    first: date | None = None
    last: date | None = None

    @property
    def year(self) -> int:
        return int(self.code[:4]) if self.first else 0

    @property
    def half(self) -> int:
        """1, 2, or 0 for the whole year."""
        return int(self.code[5:]) if "H" in self.code else 0

    def holds(self, expected: date | None) -> bool:
        """A deal counts until the end of the period; one that is late counts still, and so
        does one that nobody has dated."""
        return self.last is None or expected is None or expected <= self.last


ALL = Period("all")


@dataclass(frozen=True, slots=True)
class Filters:
    """What part of the pipeline is asked for; None is everybody."""

    team_id: int | None = None
    owner_id: int | None = None
    period: Period = ALL

    def theirs(self, line: DealLine) -> bool:
        return (self.team_id is None or line.team_id == self.team_id) and (
            self.owner_id is None or line.owner_id == self.owner_id
        )

    def holds(self, line: DealLine) -> bool:
        return self.theirs(line) and self.period.holds(line.expected_close_on)


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant of a report: `until` is the first instant that no longer counts (aware)."""

    day: date
    until: datetime
    whole_day: bool = True
    """False where an instant within the day was asked for."""

    @property
    def before(self) -> date:
        """The last day of the month before: what the report is compared with."""
        first = self.day.replace(day=1)
        return date.fromordinal(first.toordinal() - 1)


@dataclass(frozen=True, slots=True)
class Version:
    """A report that was made before, to compare with: which one, by whom, and the instant whose
    figures it holds."""

    report_id: int
    number: str
    by: str
    moment: Moment


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that a report is asked for."""

    filters: Filters
    moment: Moment
    version: Version | None = None


def fiscal_year(day: date, start: int) -> int:
    """The fiscal year of a day; it is named after the calendar year in which it begins."""
    return day.year if day.month >= start else day.year - 1


def year_of(year: int, start: int) -> Period:
    first = date(year, start, 1)
    return Period(f"{year:04}", first, _end(first, 12))


def half_year(year: int, half: int, start: int) -> Period:
    first = month_after(date(year, start, 1), 6 * (half - 1))
    return Period(f"{year:04}H{half}", first, _end(first, 6))


def half_of(day: date, start: int) -> Period:
    """The half of the fiscal year in which a day lies."""
    half = 1 if (day.month - start) % 12 < 6 else 2
    return half_year(fiscal_year(day, start), half, start)


def month_after(first: date, count: int) -> date:
    """The first day of the month `count` months later."""
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def _end(first: date, months: int) -> date:
    last = month_after(first, months - 1)
    return last.replace(day=monthrange(last.year, last.month)[1])


def origin_of(line: DealLine) -> str:
    """A deal that came from an alert came from support, whatever was typed."""
    if line.from_support:
        return "support"
    return line.origin if line.origin in ORIGINS else "sales"


def idle_days(line: DealLine, day: date) -> int | None:
    """Days since the last activity; None where there never was one."""
    return (day - line.last_activity_on).days if line.last_activity_on else None


def is_stale(line: DealLine, day: date) -> bool:
    idle = idle_days(line, day)
    return idle is not None and idle >= STALE_DAYS
