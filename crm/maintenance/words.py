"""Values of plans and visits in words, and the fields of their forms."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext


def rules() -> dict[str, str]:
    """From where a plan counts."""
    return {
        "fixed": _("By the calendar, from the first day"),
        "floating": _("From the day the last visit was done"),
    }


def periods() -> dict[str, str]:
    """What a plan counts in."""
    return {"months": _("months"), "days": _("days")}


def states() -> dict[str, str]:
    """How a visit stands."""
    return {
        "planned": pgettext("visit", "Planned"), "moved": pgettext("visit", "Moved"),
        "done": pgettext("visit", "Done"), "skipped": pgettext("visit", "Skipped"),
    }  # fmt: skip


BADGES = {
    "planned": ("mute", "calendar"), "moved": ("warn", "calendar-due"),
    "done": ("ok", "circle-check"), "skipped": ("bad", "ban"),
}  # fmt: skip


def interval(plan: Any) -> str:
    """How often a plan falls due: every 6 months."""
    if plan.period == "days":
        return ngettext("every day", "every %(num)s days", plan.every)
    return ngettext("every month", "every %(num)s months", plan.every)


def weekdays() -> tuple[str, ...]:
    """Monday to Sunday, over the columns of a calendar."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def labels() -> dict[str, str]:
    """The fields of plans and visits."""
    return {
        "name": pgettext("plan", "Name"), "account_id": _("Account"), "unit_ids": _("Units"),
        "contract_id": pgettext("terms", "Contract"), "work_kind": pgettext("plan", "Work"),
        "rule": pgettext("plan", "Counts"), "every": pgettext("plan", "Every"),
        "period": pgettext("plan", "Unit of time"), "first_due_on": _("First due"),
        "horizon_days": _("Arranged ahead (days)"), "assignee_id": pgettext("visit", "Who goes"),
        "active": pgettext("plan", "In force"), "due_on": _("Due"), "visit_on": _("Visit on"),
        "state": pgettext("visit", "State"), "reason": pgettext("visit", "Reason"),
    }  # fmt: skip
