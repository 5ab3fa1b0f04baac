"""What the history says about people, teams and offices."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.timeline.lines import Facts, Line


def _added(facts: Facts) -> str:
    return _("%(name)s entered", name=facts.get("name", ""))


def _changed(facts: Facts) -> str:
    return _("%(name)s changed", name=facts.get("name", ""))


KINDS: dict[str, Line] = {
    f"{what}.{done}": Line("user", "record", say)
    for what in ("staff", "team", "office")
    for done, say in (("added", _added), ("changed", _changed))
}
