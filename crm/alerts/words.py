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


def left_ja(days: int) -> str:
    """あと12日で, and 今日で on the day itself."""
    return f"あと{days}日で" if days else "今日で"


def left_en(number: int, what: str) -> str:
    """in 12 days, in 1 month, and today when no day is left."""
    return f"in {number} {what}{'s' * (number != 1)}" if number else "today"


def span_ja(first: date, last: date) -> str:
    """2024/11〜2026/11, or the one month."""
    return f"{first:%Y/%m}" if f"{first:%Y%m}" == f"{last:%Y%m}" else f"{first:%Y/%m}〜{last:%Y/%m}"


def span_en(first: date, last: date) -> str:
    """Nov 2024 to Nov 2026, or the one month."""
    one, other = month_en(first), month_en(last)
    return one if one == other else f"{one} to {other}"


def priced(code: str, price: int | None) -> str:
    """LX-310 ¥7,380,000; a price that nobody entered is not said."""
    return f"{code} {yen(price)}" if price else code


def replace_ja(code: str, by: str) -> str:
    """LX-210 の更新（LX-310）; a product without a successor is replaced by a new one of it."""
    return f"{code} の更新" if by == code else f"{code} の更新（{by}）"


def replace_en(code: str, by: str) -> str:
    """Replace LX-210 by LX-310."""
    return f"Replace {code}" if by == code else f"Replace {code} by {by}"
