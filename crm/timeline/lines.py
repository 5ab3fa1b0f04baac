"""How an event reads in the history: one line per kind, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

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


def hidden() -> str:
    """What a person reads who may not see an event: that it is there, and nothing of it."""
    return _("A confidential inquiry. Its handlers can tell you more.")
