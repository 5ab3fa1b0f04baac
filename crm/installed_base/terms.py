"""Counting days and months as contracts and warranties do: both end days belong to a term."""

from __future__ import annotations

import calendar
from datetime import MAXYEAR, date, timedelta


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year = min(year, MAXYEAR)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(first: date, months: int) -> date:
    """The last day of a term: a year from 2019-03-29 ends with 2020-03-28.

    From 29 February a year ends with 28 February, as the next year has no 29th to stop before.
    """
    end = months_after(first, months)
    return end - timedelta(days=1) if end.day == first.day else end


def months_between(first: date, day: date) -> int:
    """Whole months from one day to another; below nothing when the day is earlier."""
    return (day.year - first.year) * 12 + day.month - first.month - (day.day < first.day)


def fiscal_year(day: date, first_month: int = 4) -> int:
    """The year in which the fiscal year of a day begins."""
    return day.year if day.month >= first_month else day.year - 1


BUDGET_MONTHS = 2
"""A customer asks for next year's money in two months, five before the end of the year."""


def budgets(fiscal_year_end: int | None, first: date, count: int) -> list[tuple[date, date]]:
    """The months in which the customer asks for next year's money: two, five before the end."""
    if fiscal_year_end is None:
        return []
    asked = (fiscal_year_end - 6) % 12 + 1
    starts = [months_after(first.replace(day=1), n) for n in range(count)]
    return [
        (one, months_after(one, BUDGET_MONTHS) - timedelta(days=1))
        for one in starts
        if one.month == asked
    ]
