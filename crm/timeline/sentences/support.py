"""What the history says about tickets."""

from __future__ import annotations

from flask_babel import gettext as _

from crm.look import language
from crm.timeline.lines import Facts, Line, Say


def _opened(facts: Facts) -> str:
    return _("Inquiry: %(title)s", title=facts.get("title", ""))


def _unit(facts: Facts) -> str:
    unit, taken_back = str(facts.get("unit") or ""), facts.get("withdrawn_words")
    if not taken_back:
        return unit
    words = ", ".join(f"“{word}”" for word in taken_back)
    if language() == "ja":
        words = f"「{'」「'.join(taken_back)}」"
    said = _("%(words)s: no sign for sales", words=words)
    return f"{unit} ・ {said}" if unit else said


def _changed(facts: Facts) -> str:
    return _("Inquiry changed: %(title)s", title=facts.get("title", ""))


def _noted(facts: Facts) -> str:
    said = {
        "mail": _("Mail recorded: %(title)s", title=facts.get("title", "")),
        "phone": _("Telephone call recorded: %(title)s", title=facts.get("title", "")),
        "customer": _("Word from the customer: %(title)s", title=facts.get("title", "")),
    }
    return said.get(
        facts.get("note_kind", ""), _("Internal note: %(title)s", title=facts.get("title", ""))
    )


def _assigned(facts: Facts) -> str:
    if facts.get("to"):
        to, title = facts["to"], facts.get("title", "")
        return _("Taken over by %(name)s: %(title)s", name=to, title=title)
    return _("Unassigned: %(title)s", title=facts.get("title", ""))


def _pended(facts: Facts) -> str:
    return _("Waiting for the customer: %(title)s", title=facts.get("title", ""))


def _resumed(facts: Facts) -> str:
    return _("Resumed: %(title)s", title=facts.get("title", ""))


def _solved(facts: Facts) -> str:
    return _("Solved: %(title)s", title=facts.get("title", ""))


def _closed(facts: Facts) -> str:
    return _("Closed: %(title)s", title=facts.get("title", ""))


def _reopened(facts: Facts) -> str:
    return _("Reopened: %(title)s", title=facts.get("title", ""))


def _removed(facts: Facts) -> str:
    return _("Inquiry removed: %(title)s", title=facts.get("title", ""))


def _fact(name: str) -> Say:
    return lambda facts: str(facts.get(name) or "")


KINDS: dict[str, Line] = {
    "ticket.opened": Line("message-2", "ticket", _opened, _unit, voice="voice"),
    "ticket.changed": Line("pencil", "ticket", _changed),
    "ticket.noted": Line("notes", "ticket", _noted, _fact("text")),
    "ticket.assigned": Line("user", "ticket", _assigned),
    "ticket.pended": Line("player-pause", "ticket", _pended),
    "ticket.resumed": Line("player-play", "ticket", _resumed),
    "ticket.solved": Line("circle-check", "ticket", _solved, _fact("resolution")),
    "ticket.closed": Line("check", "ticket", _closed, _fact("resolution")),
    "ticket.reopened": Line("arrow-back-up", "ticket", _reopened),
    "ticket.removed": Line("trash", "ticket", _removed),
}
