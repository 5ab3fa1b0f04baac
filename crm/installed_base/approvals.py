"""Until when a customer's approval (稟議) goes round that belongs to a budget request. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext as _

from crm.look import day_short, language

APPROVAL_DAYS = 15
"""It is decided half a month after the months of the request at the latest."""


def approved_by(request_ends: date) -> date:
    """Until when the approval that goes with a budget request may still go round."""
    return request_ends + timedelta(days=APPROVAL_DAYS)


def part_of_month(on: date) -> str:
    """12月中旬 · mid-December, without the year"""
    third = min((on.day - 1) // 10, 2)
    if language() == "ja":
        return f"{on.month}月{('上旬', '中旬', '下旬')[third]}"
    return f"{('early ', 'mid-', 'late ')[third]}{on:%B}"


def until(request_ends: date) -> str:
    """The same beside the months of a request."""
    return _("approval until %(when)s", when=part_of_month(approved_by(request_ends)))


def in_time(request_ends: date, today: date) -> str:
    """Until when to propose, so that the approval passes."""
    when = part_of_month(approved_by(request_ends))
    if request_ends < today:
        return _("The customer's approval goes round until %(when)s.", when=when)
    return _(
        "Proposed by %(day)s, it is in time for the customer's approval, until %(when)s.",
        day=day_short(request_ends), when=when,
    )  # fmt: skip
