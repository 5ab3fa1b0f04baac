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


def month_en(day: date) -> str:
    """Nov 2026."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def replace_ja(code: str, by: str) -> str:
    """LX-210 の更新（LX-310）; a product without a successor is replaced by a new one of it."""
    return f"{code} の更新" if by == code else f"{code} の更新（{by}）"


def replace_en(code: str, by: str) -> str:
    """Replace LX-210 by LX-310."""
    return f"Replace {code}" if by == code else f"Replace {code} by {by}"
