"""What the history says about deals and activities. No amounts: not everybody may see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.language import dot, per_language
from crm.look import day
from crm.timeline.lines import Facts, Line

Words = Mapping[str, Callable[[], str]]
_STAGES: Words = {
    "lead": lambda: pgettext("stage", "Lead"),
    "discovery": lambda: pgettext("stage", "Discovery"),
    "proposal": lambda: pgettext("stage", "Proposal"),
    "quotation": lambda: pgettext("stage", "Quotation"),
    "negotiation": lambda: pgettext("stage", "Negotiation"),
    "won": lambda: pgettext("stage", "Won"),
    "lost": lambda: pgettext("stage", "Lost"),
}
_ACTIVITIES: Words = {
    "visit": lambda: pgettext("activity", "Visit"),
    "phone": lambda: pgettext("activity", "Phone call"),
    "web_meeting": lambda: pgettext("activity", "Web meeting"),
    "mail": lambda: pgettext("activity", "Mail"),
    "meeting": lambda: pgettext("activity", "Meeting"),
    "quotation": lambda: pgettext("activity", "Quotation submitted"),
}
_RESULTS: Words = {
    "forward": lambda: pgettext("result", "Forward"),
    "same": lambda: pgettext("result", "As before"),
    "back": lambda: pgettext("result", "Back"),
}
_REASONS: Words = {
    "price": lambda: pgettext("lost", "Price"),
    "function": lambda: pgettext("lost", "Functions, specification"),
    "competitor": lambda: pgettext("lost", "A competitor"),
    "delivery": lambda: pgettext("lost", "Delivery time"),
    "budget": lambda: pgettext("lost", "Budget frozen or put off"),
    "decision": lambda: pgettext("lost", "Decision inside the customer"),
    "need_gone": lambda: pgettext("lost", "The need is gone"),
    "relation": lambda: pgettext("lost", "Relationship"),
    "slow": lambda: pgettext("lost", "We were too slow"),
    "compliance": lambda: pgettext("lost", "Legal, security"),
    "other": lambda: pgettext("lost", "Other"),
}
_FIELDS: Words = {
    "title": lambda: pgettext("deal", "Title"),
    "rank": lambda: pgettext("deal", "Rank"),
    "amount": lambda: pgettext("deal", "Amount"),
    "gross_profit": lambda: pgettext("deal", "Gross profit"),
    "expected_close_on": lambda: pgettext("deal", "Expected order"),
    "revenue_on": lambda: pgettext("deal", "Expected revenue"),
    "owner": lambda: pgettext("deal", "Owner"),
    "next_step": lambda: pgettext("deal", "Next step"),
    "next_step_on": lambda: pgettext("deal", "Date of the next step"),
    "lines": lambda: pgettext("deal", "Lines"),
    "units": lambda: pgettext("deal", "Units"),
    "evidence": lambda: pgettext("deal", "Evidence"),
    "competitor": lambda: pgettext("deal", "Competitor"),
    "competitor_note": lambda: pgettext("deal", "About the competitor"),
    "contact": lambda: pgettext("deal", "Contact"),
    "site": lambda: pgettext("deal", "Site"),
    "account": lambda: pgettext("deal", "Account"),
    "origin": lambda: pgettext("deal", "Origin"),
}


def _said(words: Words, key: str | None) -> str:
    return words[key]() if key is not None and key in words else key or ""


@per_language
def stage_name(stage: str) -> str:
    """A stage as the reader calls it."""
    return _said(_STAGES, stage)


def activity_name(kind: str) -> str:
    """A kind of activity as the reader calls it."""
    return _said(_ACTIVITIES, kind)


def result_name(result: str) -> str:
    """What an activity came to."""
    return _said(_RESULTS, result)


def reason_name(reason: str | None) -> str:
    """Why a deal was lost, on the customer's side."""
    return _said(_REASONS, reason)


def field_name(field: str) -> str:
    """A field of a deal as the reader calls it."""
    return _said(_FIELDS, field)


_SHOWN = ("rank", "expected_close_on", "owner", "next_step_on")


def _from_to(before: Any, after: Any) -> str:
    return f"{_plain(before)} → {_plain(after)}"


def _plain(value: Any) -> str:
    if value in (None, ""):
        return "―"
    text = str(value)
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def _title(facts: Facts) -> str:
    return str(facts.get("title", ""))


def _opened(facts: Facts) -> str:
    return _("Deal opened: %(title)s", title=_title(facts))


def _changed(facts: Facts) -> str:
    said = [
        f"{field_name(name)} {_from_to(*pair)}" if name in _SHOWN else field_name(name)
        for name, pair in facts.get("changes", {}).items()
    ]
    return pgettext("list of words", ", ").join(said)


def _rank(facts: Facts) -> str:
    before, after = facts.get("rank_from"), facts.get("rank")
    if before and after and before != after:
        return f"{_title(facts)} {pgettext('deal', 'Rank')} {before} → {after}".strip()
    return _title(facts)


def _moved(facts: Facts) -> str:
    return f"{stage_name(facts.get('from', ''))} → {stage_name(facts.get('to', ''))}"


def _lost(facts: Facts) -> str:
    said = [_title(facts), reason_name(facts.get("reason"))]
    return dot().join(part for part in said if part)


def _activity(facts: Facts) -> str:
    said = [activity_name(facts.get("activity", "")), result_name(facts.get("result", ""))]
    return "　".join(part for part in said if part)


def _planned(facts: Facts) -> str:
    return _("Planned: %(what)s", what=activity_name(facts.get("activity", "")))


def _summary(facts: Facts) -> str:
    said = [str(facts.get("summary", "")), str(facts.get("contacts", "")), _title(facts)]
    return dot().join(part for part in said if part)


def _step(facts: Facts) -> str:
    return str(facts.get("step", ""))


KINDS: dict[str, Line] = {
    "deal.opened": Line("layout-kanban", "deal", _opened),
    "deal.changed": Line("pencil", "deal", lambda _f: _("Deal changed"), _changed),
    "deal.moved": Line("trending-up", "deal", _moved, _rank),
    "deal.won": Line("circle-check", "deal", lambda _f: _("Deal won"), _title),
    "deal.lost": Line("circle-x", "deal", lambda _f: _("Deal lost"), _lost),
    "deal.reopened": Line("arrow-back-up", "deal", lambda _f: _("Deal reopened"), _title),
    "deal.removed": Line("trash", "deal", lambda _f: _("Deal removed"), _title),
    "deal.step_done": Line("check", "deal", lambda _f: _("Next step done"), _step),
    "activity.recorded": Line("walk", "activity", _activity, _summary),
    "activity.planned": Line("calendar-event", "activity", _planned, _summary),
    "activity.removed": Line("trash", "activity", lambda _f: _("Activity removed"), _summary),
}
