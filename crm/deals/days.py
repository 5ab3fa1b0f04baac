"""Which days are worked in Japan."""

from __future__ import annotations

from datetime import date, timedelta

from crm.workdays import holidays_of


def works(day: date) -> bool:
    """Neither a weekend nor a holiday."""
    return day.weekday() < 5 and day not in holidays_of(day.year)


def working_days(start: date, ahead: tuple[int, ...]) -> list[date]:
    """The working days that are so many working days after `start`, in their order."""
    found: list[date] = []
    day, passed = start, 0
    while len(found) < len(ahead):
        day += timedelta(days=1)
        if works(day):
            passed += 1
            if passed in ahead:
                found.append(day)
    return found
