"""Stages, ranks, reasons and kinds in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.deals.models import ACTIVITY_KINDS, EVIDENCE, LOST_REASONS, RANKS, RESULTS, STAGES
from crm.timeline.sentences.deals import activity_name, reason_name, result_name, stage_name

Choices = list[tuple[str, str]]

ACTIVITY_ICONS = {
    "visit": "walk", "phone": "phone", "web_meeting": "video", "mail": "mail",
    "meeting": "users", "quotation": "file-invoice",
}  # fmt: skip
RESULT_ICONS = {"forward": "arrow-up-right", "same": "arrow-right", "back": "arrow-down-right"}


def stages(names: tuple[str, ...] = STAGES) -> Choices:
    """Stages to choose from."""
    return [(name, stage_name(name)) for name in names]


def ranks() -> Choices:
    """Ranks with what has to be true of them."""
    meant = {
        "A": _("A: verbal commitment"),
        "B": _("B: we are the first choice"),
        "C": _("C: proposed or quoted"),
        "D": _("D: early lead"),
    }
    return [(name, meant[name]) for name in RANKS]


def reasons() -> Choices:
    """Why deals are lost."""
    return [(name, reason_name(name)) for name in LOST_REASONS]


def origins() -> Choices:
    """Where deals come from."""
    return [
        ("support", pgettext("origin", "Support")),
        ("sales", pgettext("origin", "Sales")),
        ("referral", pgettext("origin", "Referral")),
        ("web", pgettext("origin", "Web, events")),
    ]


def activities(names: tuple[str, ...] = ACTIVITY_KINDS) -> list[tuple[str, str, str]]:
    """Kinds of activity with their icons."""
    return [(name, activity_short(name), ACTIVITY_ICONS[name]) for name in names]


def activity_short(kind: str) -> str:
    """A kind of activity where there is little room."""
    if kind == "web_meeting":
        return pgettext("activity", "Web")
    if kind == "phone":
        return pgettext("activity", "Phone")
    return activity_name(kind)


def results() -> list[tuple[str, str, str]]:
    """What an activity came to, with icons."""
    return [(name, result_name(name), RESULT_ICONS[name]) for name in RESULTS]


def evidence(found: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """What must be known: key, name, the fact found, and what to ask while it is not."""
    names = {
        "budget": (pgettext("evidence", "Budget"), _("The budget has not been confirmed yet")),
        "decision_maker": (
            pgettext("evidence", "Decision maker"),
            _("It is not known yet who decides"),
        ),
        "need": (pgettext("evidence", "Need"), _("The need has not been confirmed yet")),
        "timing": (pgettext("evidence", "Timing"), _("The timing has not been confirmed yet")),
    }
    return [(key, *_of(names[key], found.get(key) or "")) for key in EVIDENCE]


def _of(name: tuple[str, str], fact: str) -> tuple[str, str, str]:
    return name[0], fact, name[1]


def influences() -> dict[str, str]:
    """The part a person plays in the decision."""
    return {
        "decides": pgettext("influence", "Decision maker"),
        "influences": pgettext("influence", "Influencer"),
        "promotes": pgettext("influence", "Champion"),
        "uses": pgettext("influence", "User"),
    }


def columns(amounts: bool) -> dict[str, str]:
    """The columns of the list in their order; `amounts`: for somebody who may see them."""
    every = {
        "title": "", "stage": _("Stage"), "rank": pgettext("deal", "Rank"), "amount": _("Amount"),
        "expected_close_on": pgettext("deal", "Expected order"), "next_step": _("Next step"),
        "owner": pgettext("deal", "Owner"), "updated_at": _("Changed"),
    }  # fmt: skip
    return {name: said for name, said in every.items() if amounts or name != "amount"}
