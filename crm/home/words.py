"""Days, departments and changes in the reader's language."""

from __future__ import annotations

from datetime import date

from flask_babel import pgettext

from crm.look import MONTHS, WEEKDAYS, language

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def long_day(day: date) -> str:
    """11月20日（金） · Friday, 20 November"""
    if language() == "ja":
        return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"
    return f"{LONG_DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]}"


def strip_day(day: date) -> str:
    """20 金 · Fri 20"""
    if language() == "ja":
        return f"{day.day} {WEEKDAYS[day.weekday()]}"
    return f"{DAYS[day.weekday()]} {day.day}"


def month_name(day: date) -> str:
    """2026年11月 · Nov 2026"""
    if language() == "ja":
        return f"{day.year}年{day.month}月"
    return f"{MONTHS[day.month - 1]} {day.year}"


def department(name: str) -> str:
    """A department as the reader calls it."""
    names = {
        "sales": pgettext("department", "Sales"),
        "call_centre": pgettext("department", "Call centre"),
        "service": pgettext("department", "Service"),
        "engineering": pgettext("department", "Engineering"),
        "management": pgettext("department", "Management"),
    }
    return names.get(name, name)


def change(kind: str) -> str:
    """A way in which deals changed."""
    names = {
        "new": pgettext("since", "New"),
        "won": pgettext("stage", "Won"),
        "lost": pgettext("stage", "Lost"),
        "forward": pgettext("since", "Moved forward"),
        "back": pgettext("since", "Moved back"),
        "larger": pgettext("since", "Amount raised"),
        "smaller": pgettext("since", "Amount lowered"),
        "later": pgettext("since", "Put off to a later month"),
    }
    return names.get(kind, kind)
