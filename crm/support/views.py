"""The pages of tickets."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from crm.attributes import forms
from crm.attributes import listing as narrowing
from crm.attributes.asking import asked_of
from crm.attributes.ordering import choose
from crm.clock import now
from crm.columns import left_out
from crm.editing import load, saved
from crm.errors import Invalid
from crm.extensions import db
from crm.idempotency import Answered, recall, remember
from crm.neighbours import along
from crm.rights import guard, may, the_user
from crm.staff.queries import last_editor
from crm.support import actions, counting, listing, progress, queries, reading, words
from crm.support.models import Ticket
from crm.support.schemas import ClosureSchema, NoteSchema, TicketSchema
from crm.text.addresses import parted
from crm.typed import key_of
from crm.versions import lock
from crm.web import go

bp = Blueprint("support", __name__)
bp.add_app_template_filter(parted)
Page = str | tuple[str, int] | Response | BaseResponse

NEW = ("account_id", "contact_id", "site_id", "unit_id", "channel", "subject", "voice", "category",
       "severity", "confidential")  # fmt: skip
EDITED = ("subject", "category", "severity", "contact_id", "unit_id", "confidential")


@bp.get("/tickets")
@guard("view", "ticket")
def page() -> str:
    """The list; its address is its whole state."""
    user = the_user()
    asked = listing.read(request.args, user)
    sort = choose("ticket", request.args.get("sort"), queries.SORTS, asked.sort)
    found = queries.ticket_page(user, asked.where, sort, request.args.get("cursor"), 50)
    total = counting.how_many(user, asked.where)
    return render_template(
        "support/list.html", asked=asked, rows=found.rows, next=found.next, total=total,
        counts=counting.counts(user), sort=sort, words=words, now=now(),
        custom=narrowing.panel("ticket", request.args, user, [row.id for row in found.rows]),
        along=along(request.args, listing.IN_LIST),
        without=left_out(request.args, words.columns()),
    )  # fmt: skip


@bp.get("/tickets/panel")
@guard("view", "ticket")
def panel() -> str:
    """A short list beside another record: `account_id` or `unit_id`, the unfinished first."""
    account_id = request.args.get("account_id", type=key_of)
    unit_id = request.args.get("unit_id", type=key_of)
    rows: list[Any] = []
    if account_id or unit_id:
        rows = queries.tickets_of(the_user(), account_id=account_id, unit_id=unit_id)
        rows.sort(key=lambda row: row.status not in queries.UNFINISHED)
    return render_template("support/panel.html", rows=rows, words=words)


@bp.get("/tickets/new")
@guard("create", "ticket")
def new() -> str:
    """An empty form; the query fills in what another page knows."""
    errors: dict[str, list[str]] = {}
    if "q" in request.args and not request.args["q"].strip():
        errors["account_id"] = [_("Type a part of the customer's name first.")]
    return _new_form(request.args, errors)


@bp.post("/tickets")
@guard("create", "ticket")
def create() -> Page:
    """Open a ticket; pressing twice opens one."""
    user = the_user()
    known = recall(user.id)
    if known is not None:
        return go(known.location)
    try:
        schema, asked = TicketSchema(only=NEW), asked_of("ticket")
        ticket = actions.open_ticket(forms.new_fields(schema, request.form, asked), user)
        location = url_for("support.show", ticket_id=ticket.id)
        remember(user.id, 303, location, {"id": ticket.id})
    except Invalid as error:
        db.session.rollback()
        return _new_form(request.form, error.errors), 422
    except Answered as twin:
        return go(twin.known.location)
    db.session.commit()
    return go(location)


def _new_form(typed: MultiDict[str, str], errors: dict[str, list[str]]) -> str:
    beside = reading.choices(typed.get("account_id", type=key_of))
    return render_template(
        "support/new.html", typed=typed, errors=errors, words=words, beside=beside,
        custom=forms.drawn(None, asked_of("ticket"), typed) if beside["account"] else [],
        found=[] if beside["account"] else reading.accounts(typed.get("q", ""), the_user()),
    )  # fmt: skip


@bp.get("/tickets/<int:ticket_id>")
@guard("view", "ticket")
def show(ticket_id: int) -> str:
    """One ticket."""
    return _page(queries.get_ticket(ticket_id, the_user()), {}, MultiDict())


@bp.get("/tickets/<int:ticket_id>/place")
@guard("view", "ticket")
def place(ticket_id: int) -> str:
    """Where a ticket stands in the list that the address describes, with the ones beside it."""
    user, args = the_user(), request.args
    ticket, asked = queries.get_ticket(ticket_id, user), listing.read(args, user)
    sort = choose("ticket", args.get("sort"), queries.SORTS, asked.sort)
    found = queries.place(ticket, user, asked.where, sort)
    query = along(args, listing.IN_LIST)
    return render_template("parts/place.html", place=found, base="/tickets/", along=query)


def _page(ticket: Ticket, errors: dict[str, list[str]], typed: MultiDict[str, str]) -> str:
    return render_template(
        "support/ticket.html", ticket=ticket, words=words, errors=errors, typed=typed,
        along=along(request.args, listing.IN_LIST),
        **reading.page_of(ticket, the_user()),
    )  # fmt: skip


@bp.post("/tickets/<int:ticket_id>/notes")
@guard("note", "ticket")
def write_note(ticket_id: int) -> Page:
    """Write what was said or done; `wait` also hands the ball to the customer."""
    user = the_user()
    ticket = lock(queries.get_ticket(ticket_id, user, "note"))
    known = recall(user.id)
    if known is not None:
        return go(known.location)
    location = url_for("support.show", ticket_id=ticket_id, _anchor="reply")
    try:
        form = MultiDict(item for item in request.form.items(multi=True) if item[0] != "wait")
        fields = load(NoteSchema(), form)
        progress.add_note(ticket, fields.get("kind", "internal"), fields["body"], user)
        if request.form.get("wait") and may(user, "edit", "ticket", ticket):
            progress.pend(ticket, user)
        remember(user.id, 303, location, {"id": ticket_id})
    except Invalid as error:
        db.session.rollback()
        ticket = queries.get_ticket(ticket_id, user, "note")
        return _page(ticket, error.errors, request.form), 422
    except Answered as twin:
        return go(twin.known.location)
    db.session.commit()
    return go(location)


@bp.post("/tickets/<int:ticket_id>/status")
@guard("edit", "ticket")
def set_status(ticket_id: int) -> Page:
    """The customer has the ball, or we have it again."""
    ticket = lock(queries.get_ticket(ticket_id, the_user(), "edit"))
    actions.change_status(ticket, request.form.get("status", ""), the_user())
    db.session.commit()
    return go(url_for("support.show", ticket_id=ticket_id))


@bp.get("/tickets/<int:ticket_id>/assignment")
@guard("edit", "ticket")
def assignment(ticket_id: int) -> str:
    """Whose ticket it is to be."""
    ticket = queries.get_ticket(ticket_id, the_user(), "edit")
    return _form("assignment", ticket, {}, staff=queries.handling_staff())


@bp.post("/tickets/<int:ticket_id>/assignment")
@guard("edit", "ticket")
def assign(ticket_id: int) -> Page:
    """Give the ticket to somebody, or back to nobody."""
    user = the_user()
    ticket = lock(queries.get_ticket(ticket_id, user, "edit"))
    try:
        fields = load(TicketSchema(only=("assignee_id",), partial=True), request.form)
        progress.assign(ticket, fields.get("assignee_id"), user)
    except Invalid as error:
        db.session.rollback()
        ticket = queries.get_ticket(ticket_id, user, "edit")
        return _form("assignment", ticket, error.errors, staff=queries.handling_staff()), 422
    db.session.commit()
    return go(url_for("support.show", ticket_id=ticket_id))


@bp.get("/tickets/<int:ticket_id>/closure")
@guard("close", "ticket")
def ending(ticket_id: int) -> str:
    """Ask what solved it."""
    ticket = queries.get_ticket(ticket_id, the_user(), "close")
    return _form("closure", ticket, {}, typed=MultiDict({"resolution": ticket.resolution}))


@bp.post("/tickets/<int:ticket_id>/closure")
@guard("close", "ticket")
def end(ticket_id: int) -> Page:
    """Solve or close."""
    user = the_user()
    ticket = lock(queries.get_ticket(ticket_id, user, "close"))
    try:
        fields = load(ClosureSchema(), request.form)
        finish = progress.solve if fields["status"] == "solved" else progress.close
        finish(ticket, fields["resolution"], user)
    except Invalid as error:
        db.session.rollback()
        ticket = queries.get_ticket(ticket_id, user, "close")
        return _form("closure", ticket, error.errors, typed=request.form), 422
    db.session.commit()
    return go(url_for("support.show", ticket_id=ticket_id))


@bp.post("/tickets/<int:ticket_id>/reopening")
@guard("close", "ticket")
def reopen(ticket_id: int) -> Page:
    """It was not over."""
    progress.reopen(lock(queries.get_ticket(ticket_id, the_user(), "close")), the_user())
    db.session.commit()
    return go(url_for("support.show", ticket_id=ticket_id))


def _form(name: str, ticket: Ticket, errors: dict[str, list[str]], **more: Any) -> str:
    """A small form: a fragment for the dialog, or the same as a page of its own."""
    bare = bool(request.headers.get("HX-Request"))
    return render_template(
        f"support/{'_' if bare else ''}{name}.html", ticket=ticket, errors=errors, words=words,
        **more,
    )  # fmt: skip


@bp.get("/tickets/<int:ticket_id>/edit")
@guard("edit", "ticket")
def edit(ticket_id: int) -> str:
    """The form of what may change."""
    ticket = queries.get_ticket(ticket_id, the_user(), "edit")
    return _edit(ticket, {}, MultiDict())


@bp.post("/tickets/<int:ticket_id>/edit")
@guard("edit", "ticket")
def save(ticket_id: int) -> Page:
    """Save what this person changed; what two changed is asked about."""
    user = the_user()
    ticket = lock(queries.get_ticket(ticket_id, user, "edit"))
    address = url_for("support.show", ticket_id=ticket_id)
    form = MultiDict(request.form.items(multi=True))
    if "original_confidential" in form:
        form.setdefault("confidential", "0")

    def effect() -> None:
        schema, by = TicketSchema(only=EDITED, partial=True), last_editor("ticket", ticket_id)
        actions.change_ticket(ticket, forms.changed_fields(ticket, schema, form, by), user)

    return saved(
        effect, lambda sheet: _edit(ticket, sheet.errors, request.form), ticket, address,
        reading.labels() | forms.labels_of(ticket), forms.sayer(ticket, reading.say),
    )  # fmt: skip


def _edit(ticket: Ticket, errors: dict[str, list[str]], typed: MultiDict[str, str]) -> str:
    return render_template(
        "support/edit.html", ticket=ticket, errors=errors, typed=typed, words=words,
        names=EDITED, beside=reading.choices(ticket.account_id),
        custom=forms.drawn(ticket, None, typed),
    )  # fmt: skip
