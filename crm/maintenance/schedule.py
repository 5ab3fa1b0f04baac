"""When visits fall due. Pure: the calendar counts from the first day, so month ends never drift.

A plan of every month from 31 January is due on 28 February and on 31 March again; one of every
twelve months from 29 February is due on 28 February until the next leap year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crm.installed_base.terms import months_after
from crm.typed import LAST_DAY
from crm.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Every:
    """How far apart visits are: `number` months, or days when `months` is false."""

    number: int
    months: bool = True

    def after(self, first: date, times: int = 1) -> date:
        """The day so many intervals after the first one; never past the last day we know."""
        if self.months:
            return min(months_after(first, self.number * times), LAST_DAY)
        ahead = min(self.number * times, (LAST_DAY - first).days)
        return first + timedelta(days=ahead)

    def times_until(self, first: date, day: date) -> int:
        """The least number of intervals after which the due day is not before `day`."""
        if day <= first:
            return 0
        if not self.months:
            return -((first - day).days // self.number)
        passed = (day.year - first.year) * 12 + day.month - first.month
        times = max(0, passed // self.number)
        while self.after(first, times) < min(day, LAST_DAY):
            times += 1
        return times


def first_due(first: date, every: Every, start: date) -> date:
    """The first due day of the calendar that is not before `start`."""
    return every.after(first, every.times_until(first, start))


def due_days(first: date, every: Every, start: date, end: date) -> list[date]:
    """The due days of the calendar from `start` to `end`, both included."""
    found: list[date] = []
    times = every.times_until(first, start)
    day = every.after(first, times)
    while start <= day <= end and (not found or day > found[-1]):
        found.append(day)
        times += 1
        day = every.after(first, times)
    return found


def visit_day(due: date, today: date, days: Workdays) -> date:
    """When somebody goes: on the due day or the next business day, and never in the past."""
    return days.business_day_from(max(due, today))


def wakes_on(due: date, horizon_days: int) -> date:
    """From this day on the visit of a due day is to be arranged."""
    return due - timedelta(days=horizon_days)
