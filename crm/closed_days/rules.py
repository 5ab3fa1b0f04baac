"""What may be said of the company's own days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.workdays import OwnDay, Workdays

LONGEST = 62
"""Days that may be closed by one entry."""
FEWEST = 200
"""Business days that a year must keep: whoever looks for the next one then always finds it."""
_ONE = timedelta(days=1)


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + _ONE * n for n in range((last - first).days + 1)]


def too_short(own: Mapping[date, OwnDay], years: Iterable[int]) -> int | None:
    """The first of the years in which too few business days would be left."""
    calendar = Workdays(own)
    return next((year for year in sorted(set(years)) if calendar.in_year(year) < FEWEST), None)


def same_day_in(year: int, day: date) -> date | None:
    """The day of the same month and number; None for 29 February where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row that are called the same: a summer closing is one line."""

    rows: Sequence[Any]

    @property
    def first(self) -> Any:
        """The first of its days."""
        return self.rows[0]

    @property
    def last(self) -> Any:
        """The last of its days."""
        return self.rows[-1]


def stretches(rows: Iterable[Any]) -> list[Stretch]:
    """Rows in the order of their days, put together where one day follows the other."""
    found: list[list[Any]] = []
    for row in rows:
        if found and _continues(found[-1][-1], row):
            found[-1].append(row)
        else:
            found.append([row])
    return [Stretch(some) for some in found]


def _continues(before: Any, row: Any) -> bool:
    alike = (before.name, before.name_en, before.worked) == (row.name, row.name_en, row.worked)
    return alike and row.day - before.day == _ONE
