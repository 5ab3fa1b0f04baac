"""How advice stands, in words: states, outcomes, and how long somebody waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import ngettext, pgettext

from crm.clock import local, now, today
from crm.closed_days.queries import workdays

ONE = timedelta(days=1)
FURTHEST = 366
"""Days that are looked through for closed ones; who waits longer is told calendar days."""
BADGES = {
    "open": ("mute", "clock"), "answered": ("ok", "message-check"), "declined": ("warn", "x"),
    "returned": ("warn", "arrow-back-up"), "withdrawn": ("mute", "x"),
}  # fmt: skip
OUTCOME_BADGES = {
    "helped": ("ok", "circle-check"), "unsolved": ("warn", "circle-dashed"),
    "unused": ("mute", "circle-dashed"),
}  # fmt: skip


def states() -> dict[str, str]:
    """How a request stands."""
    return {
        "open": pgettext("advice", "Waiting for an answer"),
        "answered": pgettext("advice", "Answered"), "declined": pgettext("advice", "Declined"),
        "returned": pgettext("advice", "Returned"), "withdrawn": pgettext("advice", "Withdrawn"),
    }  # fmt: skip


def outcomes() -> dict[str, str]:
    """What came of an answer."""
    return {
        "helped": pgettext("advice", "Helped"),
        "unsolved": pgettext("advice", "Tried, not solved"),
        "unused": pgettext("advice", "Not used"),
    }


def waited(since: datetime) -> str:
    """For how long: minutes, within a day hours, then business days."""
    minutes = int((now() - since).total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(num)s min", "%(num)s min", max(minutes, 1))
    if minutes < 24 * 60:
        return ngettext("%(num)s h", "%(num)s h", minutes // 60)
    days = business_days_since(since)
    return ngettext("%(num)s day", "%(num)s days", days)


def business_days_since(since: datetime) -> int:
    """Business days after the day of an instant until today, one at least."""
    first = local(since).date()
    days = (today() - first).days
    if days > FURTHEST:
        return days
    open_on = workdays().is_business_day
    return max(1, sum(open_on(first + ONE * number) for number in range(1, days + 1)))
