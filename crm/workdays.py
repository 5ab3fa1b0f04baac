"""Which days are worked in Japan: no weekends, no national holidays, not the turn of the year."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

_ONE = timedelta(days=1)


@lru_cache(maxsize=300)
def holidays_of(year: int) -> dict[date, str]:
    """National holidays of a year with their names, those moved from a Sunday included."""
    return dict(holidays.country_holidays("JP", years=year, language="ja").items())


@lru_cache(maxsize=100)
def _in_english(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("JP", years=year, language="en_US").items())


def holiday_name(day: date, language: str) -> str:
    """What a national holiday is called in "ja" or "en"; nothing on other days."""
    names = holidays_of(day.year) if language == "ja" else _in_english(day.year)
    return names.get(day, "")


def turn_of_the_year(day: date) -> bool:
    """From 29 December to 3 January offices are closed."""
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


def is_business_day(day: date) -> bool:
    """Neither a weekend nor a holiday nor the turn of the year."""
    return day.weekday() < 5 and not turn_of_the_year(day) and day not in holidays_of(day.year)


def business_day_from(day: date) -> date:
    """The day itself, or the next one on which people work."""
    while not is_business_day(day):
        day += _ONE
    return day
