"""The call console. The whole page is one form, so that it works without script as well."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from crm.desk import actions, console, drafts, lookup, queries, reaching, waiting
from crm.desk.open_calls import open_calls
from crm.errors import Invalid
from crm.extensions import db
from crm.idempotency import Answered, recall, remember
from crm.rights import Person, guard, may, the_user
from crm.support.models import Ticket
from crm.web import go

bp = Blueprint("desk", __name__)
Page = str | tuple[str, int] | Response | BaseResponse


@bp.get("/call")
@guard("view", "call")
def page() -> str:
    """A call: `from` (who dials), `draft` (one of mine), `q` (what is looked up)."""
    user = the_user()
    mine = open_calls(user)
    return _page(console.state_of(request.args, mine, user), {})


def _page(state: console.State, errors: dict[str, list[str]]) -> str:
    return render_template("desk/call.html", errors=errors, **console.shown(state, the_user()))


@bp.get("/call/found")
@guard("view", "call")
def found() -> str:
    """Candidates for what is being typed into the look-up field."""
    some = lookup.candidates(request.args.get("q", "")[:200], the_user())
    return render_template("desk/_found.html", people=queries.people(some), q=request.args.get("q"))


@bp.get("/call/waiting")
@guard("view", "call")
def who_waits() -> str:
    """Callers who wait and seats that answer, as the console shows them; empty when unknown."""
    return render_template("desk/_waiting.html", waiting=waiting.waiting())


@bp.post("/call/draft")
@guard("create", "ticket")
def keep() -> Page:
    """Keep what is typed; also look up, choose the caller or enter a new one, take a buying word
    back or give it back, hold and hang up."""
    asked = request.form
    if request.headers.get("HX-Request") and drafts.hollow(asked):
        return make_response("", 204)
    draft = drafts.keep(asked, the_user())
    if asked.get("choose"):
        drafts.choose(draft, asked["choose"])
    if asked.get("take_back"):
        drafts.take_back(draft, asked["take_back"])
    over = bool(asked.get("hold") and draft.fields.get("ended_at"))
    if asked.get("hold") and not over:
        drafts.hold(draft)
    if asked.get("end"):
        drafts.hang_up(draft)
    looked = asked.get("q", "")[:200] if asked.get("look") else None
    db.session.commit()
    if over:
        return _over({"draft": str(draft.id)})
    if asked.get("register"):
        name, phone = drafts.stranger(draft)
        return go(url_for("accounts.new", call=draft.id, name=name, phone=phone))
    address = url_for("desk.page", draft=draft.id, q=looked)
    if request.headers.get("HX-Request") and not asked.get("choose"):
        answer = make_response("", 204)
        answer.headers["X-Draft"] = str(draft.id)
        answer.headers["X-Draft-Address"] = address
        return answer
    return go("/" if asked.get("leave") else address)


def _over(asked: Mapping[str, str]) -> tuple[str, int]:
    """Who has hung up can neither be held nor put through; the words stay."""
    user = the_user()
    why = _("This call has ended. It can be registered and handed over, not held or put through.")
    return _page(console.state_of(asked, open_calls(user), user), {"line": [why]}), 409


@bp.post("/call/draft/<int:draft_id>/removal")
@guard("create", "ticket")
def throw_away(draft_id: int) -> Page:
    """Throw a draft away."""
    db.session.delete(drafts.get_draft(draft_id, the_user()))
    db.session.commit()
    return go(url_for("desk.page"))


@bp.post("/call/hints")
@guard("view", "call")
def hints() -> str:
    """What the words typed so far bring up: signs for sales, what was paid, solved cases."""
    told = console.hints(request.form, the_user())
    return render_template("desk/_hints.html", **told)


@bp.post("/call")
@guard("create", "ticket")
def save() -> Page:
    """Make the call a ticket; pressing twice makes one. `transfer` goes on to who takes it:
    `sales` to the telephone of who looks after the customer, all else to the hand-over."""
    user = the_user()
    known = recall(user.id)
    if known is not None:
        return go(known.location)
    if request.form.get("transfer") == "sales" and drafts.over(request.form, user):
        return _over(request.form)
    try:
        ticket = actions.save_call(console.answers(request.form), user)
        location = _after(ticket, user)
        remember(user.id, 303, location, {"id": ticket.id})
    except Invalid as error:
        db.session.rollback()
        state = console.state_of(request.form, open_calls(user), user)
        return _page(state, error.errors), 422
    except Answered as twin:
        return go(twin.known.location)
    drafts.finish(request.form, user)
    db.session.commit()
    return go(location)


def _after(ticket: Ticket, user: Person) -> str:
    """Where a clerk is once the call is a ticket: at the next call, or at the hand-over."""
    transfer = request.form.get("transfer")
    if transfer == "sales":
        sales = reaching.sales_of(ticket.account_id)
        return url_for("desk.page", saved=ticket.id, reach=sales.id if sales else None)
    if transfer and may(user, "edit", "ticket"):
        return url_for("support.assignment", ticket_id=ticket.id)
    return url_for("desk.page", saved=ticket.id)
