"""How an event reads in the history: one line per kind, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.look import day, language, number, yen

Facts = Mapping[str, Any]
Say = Callable[[Facts], str]


def nothing(_facts: Facts) -> str:
    """No detail."""
    return ""


@dataclass(frozen=True, slots=True)
class Line:
    """`title` and `detail` make sentences of the facts at the moment of reading.

    `group` is the filter of the history (deal, call, ticket, work, mail, alert, record), `icon`
    a Tabler outline icon, `voice` names the fact that holds the customer's own words.
    """

    icon: str
    group: str
    title: Say
    detail: Say = nothing
    voice: str = ""


GROUPS = ("deal", "activity", "ticket", "work", "alert", "record")


def detail_of(line: Line, facts: Facts) -> str:
    """The detail of an event, and the custom fields that it changed (`custom` of its facts)."""
    said = [line.detail(facts), *(_custom(one) for one in facts.get("custom", ()))]
    return pgettext("list of words", ", ").join(filter(None, said))


def _custom(fact: Facts) -> str:
    name = str(fact["ja" if language() == "ja" else "en"])
    if "to" not in fact:
        return name
    return f"{name} {_value(fact, fact['from'])} → {_value(fact, fact['to'])}"


def _value(fact: Facts, value: Any) -> str:
    if value is None:
        return "―"
    if fact["kind"] == "date":
        return day(date.fromisoformat(value))
    if fact["kind"] == "money":
        return yen(value)
    text = number(value) if isinstance(value, int) else str(value)
    return f"{text} {fact['unit']}".strip()


def hidden() -> str:
    """What a person reads who may not see an event: that it is there, and nothing of it."""
    return _("A confidential inquiry. Its handlers can tell you more.")
