"""What the history says about exports."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.language import dot
from crm.timeline.lines import Facts, Line


def _asked(_facts: Facts) -> str:
    return _("List taken out")


def _what(facts: Facts) -> str:
    return dot().join(filter(None, (str(facts.get("what", "")), str(facts.get("format", "")))))


KINDS: dict[str, Line] = {
    "export.asked": Line("table-export", "record", _asked, _what),
}
