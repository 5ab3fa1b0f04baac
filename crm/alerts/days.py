"""Counting months as contracts do."""

from __future__ import annotations

from datetime import date

from crm.installed_base.terms import months_after


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the month's last day where there is no such day."""
    return months_after(day, -months)


def quarter(day: date) -> str:
    """2026Q4: the calendar quarter of a day."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def half(day: date) -> str:
    """2026H2: the calendar half-year of a day."""
    return f"{day.year}H{1 if day.month <= 6 else 2}"
