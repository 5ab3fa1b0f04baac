"""What the history says about alerts."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import gettext as _

from crm.timeline.lines import Facts, Line


def _reason(facts: Facts) -> str:
    locale = get_locale()
    language = locale.language if locale else "ja"
    reason: dict[str, str] = facts.get("reason", {})
    return reason.get(language) or reason.get("ja", "")


def _rule(facts: Facts) -> str:
    return _("Rule %(rule)s, version %(n)s", rule=facts["rule"], n=facts["rule_version"])


def _accepted(facts: Facts) -> str:
    return _("Alert %(rule)s became a deal", rule=facts["rule"])


def _dismissed(facts: Facts) -> str:
    return _("Alert %(rule)s dismissed", rule=facts["rule"])


def _snoozed(facts: Facts) -> str:
    return _("Alert %(rule)s put off", rule=facts["rule"])


def _withdrawn(facts: Facts) -> str:
    return _(
        "Alert %(rule)s expired: what it rested on changed or was withdrawn", rule=facts["rule"]
    )


KINDS: dict[str, Line] = {
    "alert.raised": Line("bulb", "alert", _reason, _rule),
    "alert.accepted": Line("bulb", "alert", _accepted, _reason),
    "alert.dismissed": Line("x", "alert", _dismissed, _reason),
    "alert.withdrawn": Line("x", "alert", _withdrawn, _reason),
    "alert.snoozed": Line("clock-pause", "alert", _snoozed, _reason),
}
