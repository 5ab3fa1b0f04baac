"""What the history says about people, teams and offices."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.timeline.lines import Facts, Line


def _added(facts: Facts) -> str:
    return _("%(name)s entered", name=facts.get("name", ""))


def _changed(facts: Facts) -> str:
    return _("%(name)s changed", name=facts.get("name", ""))


def _feed_renewed(facts: Facts) -> str:
    return _("%(name)s made a new address for the calendar feed", name=facts.get("name", ""))


def _feed_revoked(facts: Facts) -> str:
    return _("%(name)s took the address of the calendar feed back", name=facts.get("name", ""))


KINDS: dict[str, Line] = {
    f"{what}.{done}": Line("user", "record", say)
    for what in ("staff", "team", "office")
    for done, say in (("added", _added), ("changed", _changed))
} | {
    "staff.feed_renewed": Line("calendar-plus", "record", _feed_renewed),
    "staff.feed_revoked": Line("ban", "record", _feed_revoked),
}
