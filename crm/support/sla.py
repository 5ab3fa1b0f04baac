"""The clock of a promise: working hours, holidays, pauses. Pure; instants are aware.

A promise counts working time alone: 9:00 to 18:00 on the company's clock, on its business days
(crm/workdays.py: no weekend, holiday, turn of the year, nor a day on which it is closed).
While the customer has the ball the clock stands still.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.workdays import NATIONAL

HOURS = {"critical": 2, "high": 4, "normal": 8, "low": 24}
"""Working hours until a ticket of this severity is to be solved."""

Pause = tuple[datetime, datetime | None]
"""From when to when the clock stands still; None: it still does."""

_ONE = timedelta(days=1)
_NONE = timedelta()
_HORIZON = 400
"""Days in a row without an open hour, after which there is none."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When the company works."""

    zone: ZoneInfo
    opens: time = time(9)
    closes: time = time(18)
    works: Callable[[date], bool] = NATIONAL.is_business_day
    around_the_clock: bool = False
    """Every hour of every day counts; a day of a change of the clock has its real length."""

    def span(self, day: date) -> tuple[datetime, datetime] | None:
        """The open hours of one day in UTC; None on a day off."""
        if self.around_the_clock:
            first = datetime.combine(day, time(0), self.zone)
            after = datetime.combine(day + _ONE, time(0), self.zone)
            return first.astimezone(UTC), after.astimezone(UTC)
        if not self.works(day):
            return None
        begin = datetime.combine(day, self.opens, self.zone)
        end = datetime.combine(day, self.closes, self.zone)
        return begin.astimezone(UTC), end.astimezone(UTC)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Working time between two instants."""
        total, day, last = _NONE, self._day(start), self._day(end)
        while day <= last:
            hours = self.span(day)
            if hours is not None:
                total += max(_NONE, min(hours[1], end) - max(hours[0], start))
            day += _ONE
        return total

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The instant at which `amount` of working time has passed since `start`, in UTC.

        An end that falls on the close of a day stays on that day.
        """
        left, day, shut = amount, self._day(start), 0
        while shut < _HORIZON:
            hours, shut = self.span(day), shut + 1
            if hours is not None:
                shut, begin = 0, max(hours[0], start.astimezone(UTC))
                if hours[1] - begin >= left and begin < hours[1]:
                    return begin + left
                left -= max(_NONE, hours[1] - begin)
            day += _ONE
        raise ValueError("there is no working hour ahead")

    def _day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


def hours_for(
    severity: str, contract_hours: int | None = None, repair_hours: int | None = None
) -> int:
    """Hours of the promise: those of the repair where a contract names them; else those of the
    response where it promises more than the severity."""
    if repair_hours:
        return repair_hours
    usual = HOURS[severity]
    return min(usual, contract_hours) if contract_hours else usual


def due(
    hours: WorkingHours, start: datetime, amount: int, pauses: Sequence[Pause] = ()
) -> datetime:
    """When `amount` working hours since `start` are over, ended pauses not counted."""
    end = hours.after(start, timedelta(hours=amount))
    for began, ended in sorted((p for p in pauses if p[1] is not None), key=lambda p: p[0]):
        if began < end and ended is not None:
            stood = hours.worked(max(began, start), ended)
            end = hours.after(end, stood) if stood else end
    return end


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a promise's bar: running, paused, or left."""

    kind: str
    start: datetime
    end: datetime
    worked: timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """The state of a promise at an instant. `left` is negative when it is broken."""

    segments: tuple[Segment, ...]
    due_at: datetime
    spent: timedelta
    paused: timedelta
    left: timedelta
    standing: bool


def clock(
    hours: WorkingHours, start: datetime, amount: int, pauses: Sequence[Pause], at: datetime
) -> Clock:
    """How a promise stands at `at`: what has run, what stood still, what is left."""
    made: list[Segment] = []
    place = start
    for began, ended in sorted(pauses, key=lambda one: one[0]):
        stop = min(ended or at, at)
        if began >= at or stop <= place:
            continue
        began = max(began, place)
        made += _segment(hours, "run", place, began) + _segment(hours, "pause", began, stop)
        place = stop
    made += _segment(hours, "run", place, at)
    spent = sum((one.worked for one in made if one.kind == "run"), _NONE)
    paused = sum((one.worked for one in made if one.kind == "pause"), _NONE)
    standing = any(ended is None for began, ended in pauses if began < at)
    ended_pauses = [(began, ended or at) for began, ended in pauses]
    end = due(hours, start, amount, ended_pauses)
    left = timedelta(hours=amount) - spent
    if left > _NONE:
        made += [Segment("left", at, max(at, end), left)]
    return Clock(tuple(made), end, spent, paused, left, standing)


def _segment(hours: WorkingHours, kind: str, start: datetime, end: datetime) -> list[Segment]:
    worked = hours.worked(start, end) if end > start else _NONE
    return [Segment(kind, start, end, worked)] if worked else []
