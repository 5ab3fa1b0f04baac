"""What the history says about deals and activities. No amounts: not everybody may see them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.timeline.lines import Facts, Line


def stage_name(stage: str) -> str:
    """A stage as the reader calls it."""
    names = {
        "lead": pgettext("stage", "Lead"),
        "discovery": pgettext("stage", "Discovery"),
        "proposal": pgettext("stage", "Proposal"),
        "quotation": pgettext("stage", "Quotation"),
        "negotiation": pgettext("stage", "Negotiation"),
        "won": pgettext("stage", "Won"),
        "lost": pgettext("stage", "Lost"),
    }
    return names.get(stage, stage)


def activity_name(kind: str) -> str:
    """A kind of activity as the reader calls it."""
    names = {
        "visit": pgettext("activity", "Visit"),
        "phone": pgettext("activity", "Phone call"),
        "web_meeting": pgettext("activity", "Web meeting"),
        "mail": pgettext("activity", "Mail"),
        "meeting": pgettext("activity", "Meeting"),
        "quotation": pgettext("activity", "Quotation handed in"),
    }
    return names.get(kind, kind)


def result_name(result: str) -> str:
    """What an activity came to."""
    names = {
        "forward": pgettext("result", "Forward"),
        "same": pgettext("result", "As before"),
        "back": pgettext("result", "Back"),
    }
    return names.get(result, result)


def reason_name(reason: str | None) -> str:
    """Why a deal was lost, on the customer's side."""
    names = {
        "price": pgettext("lost", "Price"),
        "function": pgettext("lost", "Functions, specification"),
        "competitor": pgettext("lost", "A competitor"),
        "delivery": pgettext("lost", "Delivery time"),
        "budget": pgettext("lost", "Budget frozen or put off"),
        "decision": pgettext("lost", "Decision inside the customer"),
        "need_gone": pgettext("lost", "The need is gone"),
        "relation": pgettext("lost", "Relationship"),
        "slow": pgettext("lost", "We were too slow"),
        "compliance": pgettext("lost", "Legal, security"),
        "other": pgettext("lost", "Other"),
    }
    return names.get(reason or "", reason or "")


def field_name(field: str) -> str:
    """A field of a deal as the reader calls it."""
    names = {
        "title": pgettext("deal", "Title"),
        "rank": pgettext("deal", "Rank"),
        "amount": pgettext("deal", "Amount"),
        "gross_profit": pgettext("deal", "Gross profit"),
        "expected_close_on": pgettext("deal", "Expected order"),
        "revenue_on": pgettext("deal", "Expected revenue"),
        "owner": pgettext("deal", "Owner"),
        "next_step": pgettext("deal", "Next step"),
        "next_step_on": pgettext("deal", "Date of the next step"),
        "lines": pgettext("deal", "Lines"),
        "units": pgettext("deal", "Units"),
        "evidence": pgettext("deal", "Evidence"),
        "competitor": pgettext("deal", "Competitor"),
        "competitor_note": pgettext("deal", "About the competitor"),
        "contact": pgettext("deal", "Contact"),
        "site": pgettext("deal", "Site"),
        "account": pgettext("deal", "Account"),
        "origin": pgettext("deal", "Origin"),
    }
    return names.get(field, field)


_SHOWN = ("rank", "expected_close_on", "owner", "next_step_on")


def _from_to(before: Any, after: Any) -> str:
    return f"{_plain(before)} → {_plain(after)}"


def _plain(value: Any) -> str:
    if value in (None, ""):
        return "―"
    text = str(value)
    try:
        return f"{date.fromisoformat(text):%Y/%m/%d}"
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
    return " ・ ".join(part for part in said if part)


def _activity(facts: Facts) -> str:
    said = [activity_name(facts.get("activity", "")), result_name(facts.get("result", ""))]
    return "　".join(part for part in said if part)


def _planned(facts: Facts) -> str:
    return _("Planned: %(what)s", what=activity_name(facts.get("activity", "")))


def _summary(facts: Facts) -> str:
    said = [str(facts.get("summary", "")), str(facts.get("contacts", "")), _title(facts)]
    return " ・ ".join(part for part in said if part)


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
