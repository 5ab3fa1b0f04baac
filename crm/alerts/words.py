"""Dates and money inside the sentences of the rules, which are stored in both languages."""

from __future__ import annotations

from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def yen(amount: int) -> str:
    """¥1,234,000."""
    return f"¥{amount:,}"


def day_ja(day: date) -> str:
    """2026/11/21."""
    return f"{day:%Y/%m/%d}"


def day_en(day: date) -> str:
    """21 Nov 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
