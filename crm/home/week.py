"""The two working weeks around today: a person's activities and the holidays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from crm.clock import local, zone
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


MEETINGS = ("visit", "web_meeting")
"""Kinds of next steps that take a time of the day."""


@dataclass(frozen=True, slots=True)
class Step:
    """A next step that has its time, as an appointment of the strip."""

    deal_id: int
    kind: str
    at: datetime
    name: str
    name_core: str
    planned: bool = True
    step: bool = True


def appointments(steps: Iterable[Any], planned: Iterable[Any], today: date) -> list[Step]:
    """The next steps from today on where somebody waits at a time; a call or a mail has none to
    be kept free. What is planned as an activity of its deal at the same instant is not told twice.
    """
    told = {(one.deal_id, one.at) for one in planned}
    found = []
    for row in steps:
        meets = row.next_step_kind in MEETINGS and row.next_step_time
        if row.next_step_on < today or not meets:
            continue
        at = datetime.combine(row.next_step_on, time.fromisoformat(row.next_step_time), zone())
        if (row.id, at) not in told:
            found.append(Step(row.id, row.next_step_kind, at, row.account, row.account_core))
    return found


def span(today: date) -> tuple[date, date]:
    """Monday of this week (on a weekend: still the one that ends) to Friday of the next."""
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=11)


def strip(today: date, activities: Iterable[Any], calendar: Workdays) -> Sequence[Sequence[Day]]:
    """Two weeks of five days; a weekend day is there when it is today, worked or has something."""
    monday, _ = span(today)
    by_day: dict[date, list[Any]] = {}
    for one in sorted(activities, key=lambda one: one.at):
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
