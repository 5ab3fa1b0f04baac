"""What the history says about advice. Only the answer stands in that of the customer."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.timeline.lines import Facts, Line

_END = re.compile(r"(?<=[。！？!?])|(?<=\.)\s|\n")
"""Where a sentence ends."""


def _sentences(facts: Facts) -> tuple[str, str]:
    """What was advised: its first sentence, without the dot, and the rest."""
    text = str(facts.get("text") or "").strip()
    first, *rest = [one.strip() for one in _END.split(text, maxsplit=1)]
    return first.rstrip("。."), "".join(rest)


def _answered(facts: Facts) -> str:
    return _("Advice: %(text)s", text=_sentences(facts)[0])


def _what_came_of_it(facts: Facts) -> str:
    """The rest of the answer, then whether it helped and what was done."""
    said = [" ".join(_sentences(facts)[1].split("\n"))]
    if facts.get("outcome"):
        named = {
            "helped": pgettext("advice", "Helped"),
            "unsolved": pgettext("advice", "Tried, not solved"),
            "unused": pgettext("advice", "Not used"),
        }[facts["outcome"]]
        word = facts.get("outcome_word")
        said.append(_("%(outcome)s: %(word)s", outcome=named, word=word) if word else named)
    return " ".join(filter(None, said))


def _judged(facts: Facts) -> str:
    said = _what_came_of_it({"outcome": facts["outcome"], "outcome_word": facts.get("word")})
    return _("What came of the advice: %(text)s", text=said)


def _text(facts: Facts) -> str:
    return str(facts.get("text") or "")


def _word(facts: Facts) -> str:
    return str(facts.get("word") or "")


KINDS: dict[str, Line] = {
    "advice.asked": Line(
        "messages", "activity",
        lambda f: _("%(name)s was asked for advice", name=f.get("name", "")), _text,
    ),
    "advice.changed": Line("pencil", "activity", lambda _f: _("Request for advice changed"), _text),
    "advice.answered": Line("messages", "activity", _answered, _what_came_of_it),
    "advice.declined": Line("messages", "activity", lambda _f: _("Advice declined"), _word),
    "advice.handed_on": Line(
        "messages", "activity",
        lambda f: _("%(name)s is asked for advice instead", name=f.get("name", "")), _word,
    ),
    "advice.left": Line(
        "messages", "activity",
        lambda f: _("Advice returned unanswered: %(name)s has left", name=f.get("name", "")),
    ),
    "advice.shut_out": Line(
        "messages", "activity",
        lambda f: _(
            "Advice returned unanswered: %(name)s may not see this any more",
            name=f.get("name", ""),
        ),
    ),
    "advice.withdrawn": Line("messages", "activity", lambda _f: _("Request for advice withdrawn")),
    "advice.judged": Line("messages", "activity", _judged),
}  # fmt: skip
