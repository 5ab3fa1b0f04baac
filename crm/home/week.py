"""The two working weeks around today: a person's activities and the holidays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from crm.clock import local
from crm.look import language
from crm.workdays import Workdays


@dataclass(slots=True)
class Day:
    """One day of the strip."""

    day: date
    holiday: str = ""
    closed: bool = False
    past: bool = False
    today: bool = False
    activities: list[Any] = field(default_factory=list)


def span(today: date) -> tuple[date, date]:
    """Monday of this week (on a weekend: still the one that ends) to Friday of the next."""
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=11)


def strip(today: date, activities: Iterable[Any], calendar: Workdays) -> Sequence[Sequence[Day]]:
    """Two weeks of five days; a weekend day is there when it is today, worked or has something."""
    monday, _ = span(today)
    by_day: dict[date, list[Any]] = {}
    for one in activities:
        by_day.setdefault(local(one.at).date(), []).append(one)
    weeks: list[list[Day]] = []
    for week in (0, 1):
        days = []
        for at in range(7):
            day = monday + timedelta(days=7 * week + at)
            worked = calendar.is_business_day(day)
            if at < 5 or worked or day == today or day in by_day:
                name = calendar.name(day, language())
                found = by_day.get(day, [])
                days.append(Day(day, name, not worked, day < today, day == today, found))
        weeks.append(days)
    return weeks
