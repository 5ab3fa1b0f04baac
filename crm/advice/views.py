"""Pages of advice: beside a ticket or a deal, one's own list, asking, answering, the outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from crm.advice import actions, colleagues, queries, screens
from crm.advice.models import Advice
from crm.advice.schemas import (
    AdviceAnswerSchema,
    AdviceDeclineSchema,
    AdviceHandOnSchema,
    AdviceOutcomeSchema,
    AdviceSchema,
)
from crm.editing import Page, Sheet, attempt, created, load, sheet_typed
from crm.extensions import db
from crm.rights import Person, guard, the_user
from crm.versions import lock
from crm.web import go, safe_next

bp = Blueprint("advice", __name__)


@bp.get("/advice")
@guard("view", "advice")
def listing() -> str:
    """What I am asked, what I asked, and all that I may see."""
    return screens.list_page(the_user())


@bp.get("/advice/bell")
@guard("view", "advice")
def bell() -> str:
    """How much waits for this person, for the page that has just heard of more."""
    return render_template("parts/asked.html")


@bp.get("/advice/panel")
@guard("view", "advice")
def panel() -> str:
    """What was asked over a ticket or a deal (`ticket_id` or `deal_id`), beside its page."""
    name, key = queries.case_named(request.args)
    queries.get_case(name, key, the_user())
    return screens.panel(name, key, the_user())


@bp.get("/advice/new")
@guard("create", "advice")
def new() -> str:
    """The form in which a colleague is asked."""
    user = the_user()
    name, key = queries.case_named(request.args)
    return screens.new(name, queries.get_case(name, key, user, True), user, Sheet({}))


@bp.get("/advice/colleagues")
@guard("create", "advice")
def found() -> str:
    """Who can be asked over a case, as somebody types a name."""
    user = the_user()
    name, key = queries.case_named(request.args)
    case = queries.get_case(name, key, user)
    some = colleagues.called(request.args.get("asked_q", ""), name, case, user)
    return render_template("advice/colleagues.html", found=some)


@bp.post("/advice")
@guard("create", "advice")
def create() -> Page:
    """Ask a colleague; pressing twice asks once."""
    user = the_user()
    name, key = queries.case_named(request.form)
    case = queries.get_case(name, key, user, True)
    return created(
        lambda: actions.ask(name, case, load(AdviceSchema(), _asked(name, case, user)), user),
        lambda _made: queries.PAGES[name] % key,
        lambda sheet: screens.new(name, case, user, sheet),
    )


def _asked(name: str, case: Any, user: Person) -> MultiDict[str, str]:
    """The form; who typed one colleague's name has chosen her."""
    form = request.form.copy()
    form.poplist("next")
    typed = "".join(form.poplist("asked_q"))
    if not form.get("asked_id") and typed.strip():
        some = colleagues.called(typed, name, case, user)
        if len(some) == 1:
            form["asked_id"] = str(some[0][0])
    return form


@bp.get("/advice/<int:advice_id>")
@guard("view", "advice")
def show(advice_id: int) -> str:
    """One request."""
    user = the_user()
    return screens.show(queries.get_advice(advice_id, user), user)


@bp.post("/advice/<int:advice_id>/answer")
@guard("answer", "advice")
def answer(advice_id: int) -> Page:
    """Advise."""
    user = the_user()
    one = _one(advice_id, "answer")
    return _done(
        one, lambda: actions.answer(one, load(AdviceAnswerSchema(), _typed())["answer"], user),
        lambda sheet: screens.show(one, user, sheet),
    )  # fmt: skip


@bp.get("/advice/<int:advice_id>/decline")
@guard("answer", "advice")
def declining(advice_id: int) -> str:
    """Ask why."""
    return _form("decline", queries.get_advice(advice_id, the_user(), "answer"))


@bp.post("/advice/<int:advice_id>/decline")
@guard("answer", "advice")
def decline(advice_id: int) -> Page:
    """Give it back, with the reason."""
    user = the_user()
    one = _one(advice_id, "answer")
    return _done(
        one, lambda: actions.decline(one, load(AdviceDeclineSchema(), _typed())["word"], user),
        lambda sheet: _form("decline", one, sheet),
    )  # fmt: skip


@bp.get("/advice/<int:advice_id>/hand-on")
@guard("hand", "advice")
def handing(advice_id: int) -> str:
    """Ask who knows better."""
    return _form("hand_on", queries.get_advice(advice_id, the_user(), "hand"))


@bp.post("/advice/<int:advice_id>/hand-on")
@guard("hand", "advice")
def hand_on(advice_id: int) -> Page:
    """Ask somebody else instead."""
    user = the_user()
    one = _one(advice_id, "hand")
    name, key = one.case
    case = queries.get_case(name, key, user)

    def effect() -> None:
        fields = load(AdviceHandOnSchema(), _asked(name, case, user))
        actions.hand_on(one, fields["asked_id"], fields.get("word", ""), user)

    return _done(one, effect, lambda sheet: _form("hand_on", one, sheet))


@bp.post("/advice/<int:advice_id>/withdraw")
@guard("edit", "advice")
def withdraw(advice_id: int) -> Page:
    """It is not to be answered any more."""
    user = the_user()
    one = _one(advice_id, "edit")
    return _done(one, lambda: actions.withdraw(one, user), lambda _sheet: screens.show(one, user))


@bp.post("/advice/<int:advice_id>/seen")
@guard("edit", "advice")
def seen(advice_id: int) -> Page:
    """The asker has read what came back."""
    user = the_user()
    one = _one(advice_id, "edit")
    return _done(one, lambda: actions.note(one, user), lambda _sheet: screens.show(one, user))


@bp.get("/advice/<int:advice_id>/outcome")
@guard("edit", "advice")
def judging(advice_id: int) -> str:
    """Ask whether it helped."""
    one = queries.get_advice(advice_id, the_user(), "edit")
    known = {"outcome": one.outcome or "", "outcome_word": one.outcome_word}
    return _form("outcome", one, Sheet(known | request.args.to_dict()))


@bp.post("/advice/<int:advice_id>/outcome")
@guard("edit", "advice")
def judge(advice_id: int) -> Page:
    """Say whether it helped and what was done."""
    user = the_user()
    one = _one(advice_id, "edit")

    def effect() -> None:
        fields = load(AdviceOutcomeSchema(), _typed())
        actions.judge(one, fields["outcome"], fields.get("outcome_word", ""), user)

    return _done(one, effect, lambda sheet: _form("outcome", one, sheet))


def _one(advice_id: int, action: str) -> Advice:
    """Behind the door, as it stands once nobody else writes it."""
    return lock(queries.get_advice(advice_id, the_user(), action))


def _form(what: str, one: Advice, sheet: Sheet | None = None) -> str:
    return screens.form(what, one, the_user(), sheet or Sheet({}))


def _typed() -> MultiDict[str, str]:
    """The form without where it came from."""
    form = request.form.copy()
    form.poplist("next")
    return form


def _done(one: Advice, effect: Callable[[], None], again: Callable[[Sheet], str]) -> Page:
    """Do it and go back to the page it was pressed on; what is refused is shown as typed."""
    name, key = one.case
    _nothing, errors = attempt(effect)
    if errors:
        return again(sheet_typed(request.form, errors)), 422
    target = safe_next(request.form.get("next"), queries.PAGES[name] % key)
    db.session.commit()
    return go(target)
