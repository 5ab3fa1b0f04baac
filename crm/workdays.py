"""Which days are worked: Japan's weekends, holidays, turn of the year, and what a company says.

Pure. `Workdays` holds what a company says of its own days (crm/closed_days reads it from the
table); `NATIONAL` is the calendar of a company that says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class OwnDay:
    """What a company says of a day: closed, or worked although others do not."""

    name: str
    name_en: str = ""
    worked: bool = False

    def called(self, language: str) -> str:
        """Its name in "ja" or "en"; a name without English is said as it is."""
        return self.name if language == "ja" else self.name_en or self.name


@dataclass(frozen=True, slots=True)
class Workdays:
    """The calendar of a company. `own` overrides everything that holds for all of Japan."""

    own: Mapping[date, OwnDay] = field(default_factory=dict)

    def is_business_day(self, day: date) -> bool:
        """Neither a weekend nor a holiday nor the turn of the year nor closed; or said worked."""
        said = self.own.get(day)
        if said is not None:
            return said.worked
        return day.weekday() < 5 and not turn_of_the_year(day) and day not in holidays_of(day.year)

    def business_day_from(self, day: date) -> date:
        """The day itself, or the next one on which people work."""
        while not self.is_business_day(day):
            day += _ONE
        return day

    def ahead(self, start: date, numbers: tuple[int, ...]) -> list[date]:
        """The business days that are so many business days after `start`, in their order."""
        found: list[date] = []
        day, passed = start, 0
        while len(found) < len(numbers):
            day = self.business_day_from(day + _ONE)
            passed += 1
            if passed in numbers:
                found.append(day)
        return found

    def in_year(self, year: int) -> int:
        """How many business days a year has."""
        first = date(year, 1, 1)
        days = (date(year, 12, 31) - first).days + 1
        return sum(self.is_business_day(first + _ONE * n) for n in range(days))

    def name(self, day: date, language: str) -> str:
        """What a day is called on which it is otherwise than usual; nothing on other days."""
        said = self.own.get(day)
        return said.called(language) if said is not None else holiday_name(day, language)


NATIONAL = Workdays()
"""The calendar of a company that says nothing of its own days."""
