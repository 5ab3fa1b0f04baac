"""What the history says about changes of many records at once."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.language import dot
from crm.timeline.lines import Facts, Line


def _number(facts: Facts) -> str:
    return ngettext("%(num)s record", "%(num)s records", int(facts.get("number", 0)))


def _what(facts: Facts) -> str:
    return dot().join(filter(None, (str(facts.get("what", "")), *facts.get("fields", ()))))


KINDS: dict[str, Line] = {
    "mass_change.asked": Line(
        "list-check", "record", lambda f: _("Mass change: %(n)s", n=_number(f)), _what
    ),
    "mass_change.returned": Line(
        "arrow-back-up", "record", lambda f: _("Mass change put back: %(n)s", n=_number(f)), _what
    ),
}
