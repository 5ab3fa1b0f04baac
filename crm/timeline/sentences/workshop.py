"""What the history says about codes and units on loan."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from crm.language import dot
from crm.look import day
from crm.timeline.lines import Facts, Line


def _loaner(facts: Facts) -> str:
    return f"{facts.get('loaner_code', '')} {facts.get('loaner_serial', '')}".strip()


def _until(facts: Facts) -> str:
    due = facts.get("due_on")
    parts = [str(facts.get("number", ""))]
    if due:
        parts.append(_("due back %(day)s", day=day(date.fromisoformat(str(due)))))
    return dot().join(parts)


def _number(facts: Facts) -> str:
    return str(facts.get("number", ""))


KINDS: dict[str, Line] = {
    "work_order.lent": Line("tool", "work", lambda f: _("Lent: %(u)s", u=_loaner(f)), _until),
    "work_order.unlent": Line("tool", "work", lambda f: _("Back: %(u)s", u=_loaner(f)), _number),
    "fault_code.added": Line(
        "list", "record", lambda f: _("Code added: %(c)s", c=f"{f['code']} {f['name']}")
    ),
    "fault_code.changed": Line(
        "list", "record", lambda f: _("Code changed: %(c)s", c=f"{f['code']} {f['name']}")
    ),
}
