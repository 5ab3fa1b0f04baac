"""What the history says about the company's own days."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from crm.language import dot
from crm.look import day
from crm.timeline.lines import Facts, Line


def _days(facts: Facts) -> str:
    first, last = (day(date.fromisoformat(str(facts[name]))) for name in ("from", "until"))
    when = first if first == last else _("%(first)s to %(last)s", first=first, last=last)
    return f"{facts['name']}{dot()}{when}"


def _added(facts: Facts) -> str:
    if facts.get("worked"):
        return _("Worked although a day off: %(days)s", days=_days(facts))
    return _("Closed: %(days)s", days=_days(facts))


KINDS: dict[str, Line] = {
    "closed_day.added": Line("calendar", "record", _added),
    "closed_day.imported": Line("calendar", "record", _added),
    "closed_day.changed": Line(
        "calendar", "record", lambda f: _("The company's day changed: %(days)s", days=_days(f))
    ),
    "closed_day.removed": Line(
        "calendar", "record", lambda f: _("The company's days removed: %(days)s", days=_days(f))
    ),
}
