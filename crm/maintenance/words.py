"""Values of plans and visits in words, and the fields of their forms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from crm.language import per_language
from crm.look import number


def rules() -> dict[str, str]:
    """From where a plan counts."""
    return {
        "fixed": _("By the calendar, from the first day"),
        "floating": _("From the day the last visit was done"),
        "counter": _("By a counter"),
        "gauge": _("When a gauge is out of bounds"),
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
    """How often a plan falls due: every 6 months, every 500 運転時間."""
    if plan.rule == "counter":
        return _("%(meter)s: every %(counts)s", meter=plan.meter, counts=_figure(plan.counts))
    if plan.rule == "gauge":
        bound = _figure(plan.threshold)
        said = (
            _("%(meter)s above %(bound)s, %(n)s times in a row")
            if plan.above
            else _("%(meter)s below %(bound)s, %(n)s times in a row")
        )
        return said % {"meter": plan.meter, "bound": bound, "n": plan.in_a_row}
    if plan.period == "days":
        return ngettext("every day", "every %(num)s days", plan.every)
    return ngettext("every month", "every %(num)s months", plan.every)


def _figure(value: Decimal) -> str:
    plain = f"{value.normalize():f}"
    return number(int(plain)) if plain.lstrip("-").isdigit() else plain


def weekdays() -> tuple[str, ...]:
    """Monday to Sunday, over the columns of a calendar."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


@per_language
def labels() -> dict[str, str]:
    """The fields of plans and visits."""
    return {
        "name": pgettext("plan", "Name"), "account_id": _("Account"), "unit_ids": _("Units"),
        "contract_id": pgettext("terms", "Contract"), "work_kind": pgettext("plan", "Work"),
        "rule": pgettext("plan", "Counts"), "every": pgettext("plan", "Every"),
        "period": pgettext("plan", "Unit of time"), "first_due_on": _("First due"),
        "horizon_days": _("Arranged ahead (days)"), "assignee_id": pgettext("visit", "Who goes"),
        "meter": _("Meter"), "counts": pgettext("plan", "Every so many counts"),
        "threshold": pgettext("plan", "Bound"), "above": pgettext("plan", "Out of bounds when"),
        "in_a_row": pgettext("plan", "Times in a row"),
        "active": pgettext("plan", "In force"), "due_on": _("Due"), "visit_on": _("Visit on"),
        "state": pgettext("visit", "State"), "reason": pgettext("visit", "Reason"),
    }  # fmt: skip
