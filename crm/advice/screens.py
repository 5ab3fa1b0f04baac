"""What the pages of advice are drawn from; nothing here changes."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from crm.advice import colleagues, listing, queries, reach, words
from crm.advice.models import STATES, Advice
from crm.clock import today
from crm.editing import Sheet
from crm.paging import COUNTED, choose_sort
from crm.rights import Person
from crm.support.words import departments
from crm.typed import key_of
from crm.web import safe_next

PAGE = 50
FORMS = ("decline", "hand_on", "outcome")
"""What is asked in a dialog, or on a page of its own."""


def tools(user: Person) -> dict[str, Any]:
    """What the templates draw with."""
    return {
        "words": words, "departments": departments(), "me": user.id, "today_on": today(),
        "outcome_words": words.outcomes(), "state_words": words.states(),
    }  # fmt: skip


def panel(name: str, key: int, user: Person) -> str:
    """What was asked over a ticket or a deal, for its page; behind its door."""
    case = reach.record_of(name, key)
    return render_template(
        "advice/panel.html", rows=queries.of_case(name, key), name=name, key=key,
        steers=reach.writes(user, name, case), next=queries.PAGES[name] % key, **tools(user),
    )  # fmt: skip


def mine(user: Person) -> dict[str, Any]:
    """What a person is asked and what came back to her, for the first page of the day."""
    asked, come_back = queries.for_person(user)
    return {"asked_of_me": asked, "come_back": come_back, **tools(user)}


def list_page(user: Person) -> str:
    """The list; its address is its whole state."""
    asked = listing.read(request.args)
    sort = choose_sort(request.args.get("sort"), queries.SORTS, "-asked")
    cursor = request.args.get("cursor")
    rows, total = queries.advice_page(asked.where(user), user, sort, cursor, PAGE)
    return render_template(
        "advice/list.html", rows=rows.rows, next=rows.next, total=min(total, COUNTED),
        capped=total > COUNTED, asked=asked, states=STATES, **tools(user),
    )  # fmt: skip


def show(advice: Advice, user: Person, sheet: Sheet | None = None) -> str:
    """One request with what can be done about it; `sheet` is a refused answer."""
    name, key = advice.case
    steers = reach.lets(advice, user, "edit")
    return render_template(
        "advice/page.html", row=queries.one(advice.id), sheet=sheet or Sheet({}), steers=steers,
        back=queries.PAGES[name] % key, next=request.values.get("next", ""), **tools(user),
    )  # fmt: skip


def new(name: str, case: Any, user: Person, sheet: Sheet) -> str:
    """The form in which a colleague is asked: for the dialog, or as a page of its own."""
    return _form(
        "new", user, sheet, name=name, case=case, picker=_picker(name, case, user, sheet),
        back=queries.PAGES[name] % case.id,
    )  # fmt: skip


def form(what: str, advice: Advice, user: Person, sheet: Sheet) -> str:
    """A small form about a request (`FORMS`): for the dialog, or as a page of its own."""
    name, key = advice.case
    case = reach.record_of(name, key)
    picker = _picker(name, case, user, sheet) if what == "hand_on" else None
    back = safe_next(request.values.get("next"), queries.PAGES[name] % key)
    return _form(
        what, user, sheet, row=queries.one(advice.id), name=name, case=case, picker=picker,
        back=back,
    )  # fmt: skip


def _form(what: str, user: Person, sheet: Sheet, **more: Any) -> str:
    whole = not request.headers.get("HX-Request")
    template = "advice/form.html" if whole else "advice/_form.html"
    return render_template(template, what=what, whole=whole, sheet=sheet, **more, **tools(user))


def _picker(name: str, case: Any, user: Person, sheet: Sheet) -> dict[str, Any]:
    """Who is chosen, what was typed, and who is called that."""
    q = sheet["asked_q"]
    return {
        "chosen": colleagues.chosen(key_of(sheet["asked_id"])), "q": q,
        "found": colleagues.called(q, name, case, user),
    }  # fmt: skip
