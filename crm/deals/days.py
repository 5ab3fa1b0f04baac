"""Which days are worked in Japan."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=32)
def holidays_of(year: int) -> dict[date, str]:
    """National holidays of a year with their names, those moved from a Sunday included."""
    return dict(holidays.country_holidays("JP", years=year, language="ja").items())


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
