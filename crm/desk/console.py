"""What the call console shows, worked out of the address or the form, and of one's drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from crm.attributes import forms
from crm.attributes.asking import asked_of
from crm.clock import now
from crm.desk import drafts, lookup, queries, reaching
from crm.desk.lookup import Candidate
from crm.desk.open_calls import OpenCalls
from crm.desk.schemas import CallSchema
from crm.editing import load
from crm.errors import NotFound
from crm.installed_base.verdict_words import reason
from crm.rights import Person
from crm.support import queries as support
from crm.support import words
from crm.support.models import CallDraft
from crm.support.similar import solved_like
from crm.text import buying_words

SHOWN = 4
"""Buying words that are shown at once."""


@dataclass(slots=True)
class State:
    """One call on the screen."""

    typed: dict[str, str]
    calls: OpenCalls
    draft: CallDraft | None = None
    found: Sequence[Candidate] = ()
    saved: str = ""
    reach: int | None = None
    kept: dict[str, Any] = field(default_factory=dict)


def _key(text: str | None) -> int | None:
    good = text is not None and text.isascii() and text.isdigit() and 0 < len(text) < 16
    return int(text) if good and text else None


def state_of(asked: Mapping[str, str], mine: OpenCalls, user: Person) -> State:
    """Read the address (or a refused form): which draft, who calls, what is looked up.

    Raises NotFound for a draft that is not there.
    """
    draft = _draft(asked, mine.drafts)
    typed = drafts.typed_in(draft.fields) if draft else {}
    typed |= drafts.typed_in(asked)
    reach = _key(asked.get("reach"))
    state = State(typed, mine, draft, saved=asked.get("saved", "")[:20], reach=reach)
    question = asked.get("q") or (typed.get("from", "") if not typed.get("account_id") else "")
    if question and ("account_id" not in asked or not asked["account_id"]):
        state.found = lookup.candidates(question, user)
        sure = lookup.clear(state.found)
        if sure is not None:
            _take(state, sure)
    return state


def _draft(asked: Mapping[str, str], mine: Sequence[CallDraft]) -> CallDraft | None:
    wanted = asked.get("draft", "")
    if wanted:
        found = next((one for one in mine if str(one.id) == wanted), None)
        if found is None and "category" not in asked and "voice" not in asked:
            raise NotFound
        return found
    caller = asked.get("from")
    return next((one for one in mine if caller and one.fields.get("from") == caller), None)


def _take(state: State, sure: Candidate) -> None:
    """The look-up left no doubt: that is the caller."""
    if state.typed.get("account_id") != str(sure.account_id):
        state.typed["unit_id"] = ""
    state.typed |= {
        "account_id": str(sure.account_id), "contact_id": str(sure.contact_id or ""),
        "site_id": str(sure.site_id or ""),
    }  # fmt: skip
    if sure.unit_id:
        state.typed["unit_id"] = str(sure.unit_id)
    state.found = ()


def shown(state: State, user: Person) -> dict[str, Any]:
    """Everything the page draws, in at most ten statements."""
    typed = state.typed
    who = _caller(typed)
    account_id = who["account"].id if who else None
    tickets = support.tickets_of(user, account_id=account_id) if account_id else []
    units = queries.units_of([account_id])[account_id] if account_id else []
    units = _ours_first(units, who)
    deals = queries.open_deals([account_id])[account_id] if account_id else []
    judged = queries.verdicts(units)
    chosen = next((one for one in units if str(one.id) == typed.get("unit_id")), None)
    products = {chosen.product_id} if chosen else {one.product_id for one in units}
    held = state.draft.fields.get("held_at") if state.draft else None
    ended = state.draft.fields.get("ended_at") if state.draft else None
    began = state.draft.began_at if state.draft else now()
    return {
        "state": state, "typed": typed, "who": who, "label": _label(who), "family": family,
        "tabs": [drafts.view_of(one) for one in state.calls.drafts],
        "people": queries.people(state.found), "units": units, "judged": judged, "unit": chosen,
        "why": lambda verdict: reason(verdict.code, verdict.params),
        "open_tickets": [one for one in tickets if one.status in support.UNFINISHED],
        "last": tickets[0] if tickets else None,
        "monthly": queries.calls_this_month(tickets),
        "deals": deals, "promised": reaching.promised(deals),
        "symptoms": queries.usual_symptoms(products), "words": words, "began": began,
        "held": datetime.fromisoformat(held) if held else None,
        "ended": datetime.fromisoformat(ended) if ended else None,
        "saved": _key(state.saved), "hint_url": url_for("desk.hints"),
        "reached": reaching.reached(state.reach) if state.reach else None,
        "custom": _custom(state), "waiting": state.calls.waiting,
        **_told(typed, chosen, user),
    }  # fmt: skip


def _custom(state: State) -> list[forms.Drawn]:
    """What tickets are asked besides; what has to be filled in comes first, the rest may scroll."""
    drawn = forms.drawn(None, state.calls.asked, state.typed, state.calls.colleagues)
    return sorted(drawn, key=lambda it: not it.one.required)


def _caller(typed: Mapping[str, str]) -> dict[str, Any] | None:
    account_id = _key(typed.get("account_id"))
    if account_id is None:
        return None
    caller = Candidate(account_id, _key(typed.get("contact_id")), _key(typed.get("site_id")))
    found = queries.people([caller])
    return found[0] if found else None


def _label(who: dict[str, Any] | None) -> str:
    """What the tab of the call on the screen says."""
    if who is None:
        return ""
    return drafts.label(who["account"].name, who["contact"].family_name if who["contact"] else "")


def family(name: str | None) -> str:
    """What a colleague is called: 佐藤 of 佐藤 美咲."""
    return (name or "―").split(" ")[0]


def _ours_first(units: Sequence[Any], who: Any) -> list[Any]:
    """Units of the caller's own site come first, so that the low numbers are theirs."""
    site = None
    if who:
        site = who["candidate"].site_id or (who["contact"].site_id if who["contact"] else None)
    return sorted(units, key=lambda one: (site is not None and one.site_id != site, one.id))


def hints(form: Mapping[str, str], user: Person) -> dict[str, Any]:
    """The parts that follow the typing, for the form as it stands."""
    unit_id, account_id = _key(form.get("unit_id")), _key(form.get("account_id"))
    chosen = None
    if unit_id and account_id:
        rows = queries.units_of([account_id])[account_id]
        chosen = next((one for one in rows if one.id == unit_id), None)
    return _told(form, chosen, user)


def _told(typed: Mapping[str, str], chosen: Any, user: Person) -> dict[str, Any]:
    voice = typed.get("voice", "")
    withdrawn = drafts.withdrawn_in(typed)
    caught: dict[str, str] = {}
    for hit in buying_words.find(voice):
        caught.setdefault(hit.word, voice[hit.start : hit.end])
    said = f"{typed.get('symptom', '')} {typed.get('other', '')} {voice}"
    product_id = chosen.product_id if chosen else None
    category = typed.get("category", "")
    spent, jobs = queries.paid(chosen.id) if chosen else (0, 0)
    yearly = chosen.maintenance_price if chosen else None
    return {
        "signals": [it for it in caught.items() if it[0] not in withdrawn][:SHOWN],
        "taken_back": [it for it in caught.items() if it[0] in withdrawn][:SHOWN],
        "unit": chosen, "spent": spent, "jobs": jobs,
        "yearly": yearly,
        "price": yearly * queries.MONTHS // 12 if yearly else 0,
        "cases": solved_like(user, said, category, product_id) if chosen or category else [],
    }  # fmt: skip


def answers(form: MultiDict[str, str]) -> dict[str, Any]:
    """The form's answers, checked. Raises Invalid with every field that is wrong."""
    fields = load(CallSchema(), _given(form))
    said = {hit.word for hit in buying_words.find(fields["voice"])}
    return fields | {
        "withdrawn_words": [word for word in drafts.withdrawn_in(form) if word in said],
        "attributes": forms.typed_in(form, asked_of("ticket")),
        "to_sales": form.get("transfer") == "sales",
    }


def _given(form: Mapping[str, str]) -> MultiDict[str, str]:
    """What the form says; a symptom in one's own words goes before the chosen one."""
    names = ("account_id", "contact_id", "site_id", "unit_id", "category", "symptom", "voice",
             "memo", "outcome")  # fmt: skip
    read = MultiDict((name, form[name]) for name in names if form.get(name))
    if form.get("other", "").strip():
        read["symptom"] = form["other"]
    return read
