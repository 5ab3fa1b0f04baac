"""The engineer on site: the day, the form that survives losing the network, the signature."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, request, send_from_directory, url_for
from flask_babel import gettext as _

from crm.clock import today
from crm.editing import ORIGINAL, Page, attempt, changes, conflict_page, load, sheet_typed
from crm.errors import BadRequest, EditConflict
from crm.extensions import db
from crm.idempotency import Answered, IdempotencyKey, recall, remember
from crm.installed_base.models import WorkOrder
from crm.look import STATIC
from crm.rights import Person, guard, public, the_user
from crm.service import onsite_screens as screens
from crm.service import onsite_words
from crm.service.onsite_actions import write_onsite
from crm.service.onsite_reading import Form, Onsite, composed
from crm.service.onsite_schemas import OnsiteSchema, SignatureSchema
from crm.service.queries import get_work_order
from crm.service.signature_actions import end, may_end, sign
from crm.staff.queries import get_staff, last_editor
from crm.typed import FIRST_DAY, LAST_DAY, key_of
from crm.web import go

bp = Blueprint("onsite", __name__)
MOST_KEYS = 10
NOT_SIGNED = ("after_keys", "done")
"""What comes with a signature and is no part of it."""


@bp.get("/work-orders/day")
@guard("view", "work_order")
def day() -> str:
    """Today's work: one's own, or, for who plans it, a colleague's."""
    user, who = the_user(), request.args.get("staff_id", type=key_of)
    return screens.day_page(
        get_staff(who or user.id, user), _day(request.args.get("day", "")), user
    )


def _day(text: str) -> date:
    if not text:
        return today()
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if len(text) != 10 or not FIRST_DAY <= found <= LAST_DAY:
        raise BadRequest(_("There is no such day."), {"day": [_("A day, as 2026-11-27.")]})
    return found


@bp.get("/work-orders/worker.js")
@public
def worker() -> Response:
    """The script that lets these pages open without a network; see decision 0022."""
    response = send_from_directory(STATIC / "js", "worker.js", max_age=0)
    response.mimetype = "text/javascript"
    return response


@bp.get("/work-orders/<int:work_id>/onsite")
@guard("edit", "work_order")
def form(work_id: int) -> str:
    """The one form of the engineer on site."""
    work = get_work_order(work_id, the_user(), "edit")
    return screens.onsite_form(work, screens.sheet_as_it_stands(Onsite(work)))


@bp.post("/work-orders/<int:work_id>/onsite")
@guard("edit", "work_order")
def save(work_id: int) -> Page:
    """Take the form over once, put together with what the office changed meanwhile."""
    user = the_user()
    work = get_work_order(work_id, user, "edit")
    known = recall(user.id)
    if known is not None:
        return go(known.location)
    stands = Onsite(work)
    typed = composed(_continued(request.form, user), stands)
    target = url_for("onsite.signature", work_id=work_id)
    try:
        _done, errors = attempt(lambda: _write(work, stands, typed, user))
    except EditConflict as clash:
        labels = onsite_words.labels()
        return conflict_page(clash, stands, typed, labels, request.path, screens.said)
    if errors:
        return screens.onsite_form(work, sheet_typed(typed, errors), request.form), 422
    db.session.flush()
    after = Onsite(work)
    try:
        remember(user.id, 303, target, {"version": after.version, "stood": after.values})
    except Answered as twin:
        return go(twin.known.location)
    db.session.commit()
    return go(target)


def _write(work: WorkOrder, stands: Onsite, typed: Form, user: Person) -> None:
    by = last_editor("work_order", work.id)
    fields = changes(stands, OnsiteSchema(partial=True), typed, by)
    if fields:
        write_onsite(work, fields, user.id)


def _continued(form: Form, user: Person) -> Form:
    """Typed on after a saving whose answer was lost: it counts from what that saving left."""
    keys = form.get("after_keys", "").split()[-MOST_KEYS:]
    typed = Form((n, v) for n, v in form.items(multi=True) if n != "after_keys")
    if not keys:
        return typed
    known = db.session.scalar(
        sa.select(IdempotencyKey)
        .where(IdempotencyKey.staff_id == user.id, IdempotencyKey.key.in_(keys))
        .order_by(IdempotencyKey.id.desc())
        .limit(1)
    )
    if known is not None and known.location.startswith(request.path.rpartition("/")[0] + "/"):
        typed["version"] = str(known.body["version"])
        for name, value in known.body["stood"].items():
            typed[ORIGINAL + name] = "" if value is None else str(value)
    return typed


@bp.get("/work-orders/<int:work_id>/signature")
@guard("edit", "work_order")
def signature(work_id: int) -> str:
    """What the customer signs, and where."""
    return screens.signature_form(get_work_order(work_id, the_user(), "edit"), {})


@bp.post("/work-orders/<int:work_id>/signature")
@guard("edit", "work_order")
def take(work_id: int) -> Page:
    """Keep the signature once."""
    user = the_user()
    work = get_work_order(work_id, user, "edit")
    known = recall(user.id)
    if known is not None:
        return go(known.location)
    typed = Form((n, v) for n, v in request.form.items(multi=True) if n not in NOT_SIGNED)
    made, errors = attempt(lambda: sign(work, load(SignatureSchema(), typed), user.id))
    if made is None:
        return screens.signature_form(work, errors, request.form.get("name", "")), 422
    target = _after(work, user) if "1" in request.form.getlist("done") else _page(work)
    try:
        remember(user.id, 303, target, {"id": made.id})
    except Answered as twin:
        return go(twin.known.location)
    db.session.commit()
    return go(target)


def _after(work: WorkOrder, user: Person) -> str:
    """Where the engineer goes on: to the next stop, or to what still speaks against the end."""
    if not may_end(work):
        return _page(work)
    if end(work, user.id):
        return url_for("onsite.day")
    return url_for("work_orders.finish_form", work_id=work.id)


def _page(work: WorkOrder) -> str:
    return url_for("work_orders.show", work_id=work.id)


@bp.get("/work-orders/<int:work_id>/signatures")
@guard("view", "work_order")
def signatures(work_id: int) -> Any:
    """The signatures of a work order, for its page."""
    user = the_user()
    return screens.signatures_panel(get_work_order(work_id, user), user)
