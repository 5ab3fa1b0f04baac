"""Pages of hand-overs: the table to fill in, its part of the deal's page, the open ones."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from crm.deals.queries import get_deal
from crm.editing import ORIGINAL, Page, attempt, load, sheet_typed
from crm.errors import Invalid, NotFound
from crm.extensions import db
from crm.handover import filling, queries, screens
from crm.handover.models import Handover
from crm.handover.schemas import FilledSchema
from crm.installed_base.models import Unit
from crm.rights import guard, the_user
from crm.typed import key_of
from crm.web import go

bp = Blueprint("handover", __name__)
Fields = dict[str, Any]


@bp.get("/handovers")
@guard("view", "unit")
def listing() -> str:
    """What service is to take over."""
    return screens.list_page(the_user())


@bp.get("/handovers/panel")
@guard("view", "unit")
def open_panel() -> str:
    """The open ones in short, for the first page of an engineer."""
    return screens.open_panel(the_user())


@bp.get("/deals/<int:deal_id>/handover")
@guard("view", "deal")
def show(deal_id: int) -> str:
    """What a won deal hands over."""
    user = the_user()
    return screens.handover_page(get_deal(deal_id, user), user)


@bp.get("/deals/<int:deal_id>/handover/panel")
@guard("view", "deal")
def panel(deal_id: int) -> str:
    """The same in short, for the deal's page."""
    return screens.panel(get_deal(deal_id, the_user()))


@bp.get("/deals/<int:deal_id>/handover/preview")
@guard("view", "deal")
def preview(deal_id: int) -> str:
    """What winning the deal will make, or what opening it again will take back."""
    return screens.preview(get_deal(deal_id, the_user()), request.args.get("to") == "won")


@bp.post("/deals/<int:deal_id>/handover")
@guard("edit", "unit")
def fill(deal_id: int) -> Page:
    """Save the table: all of it, or nothing and a reason for each wrong cell."""
    user = the_user()
    deal = get_deal(deal_id, user)
    handover = _handover(deal_id)
    number, errors = attempt(lambda: filling.fill(handover, _rows(), user.id))
    if errors:
        return screens.handover_page(deal, user, sheet_typed(request.form, errors)), 422
    db.session.commit()
    if number:
        flash(ngettext("%(num)s unit saved.", "%(num)s units saved.", number), "ok")
    return go(url_for("handover.show", deal_id=deal_id))


@bp.post("/deals/<int:deal_id>/handover/removals")
@guard("edit", "unit")
def remove_replaced(deal_id: int) -> Page:
    """Take out of use what an accepted unit has replaced."""
    user = the_user()
    get_deal(deal_id, user)
    key = request.form.get("unit_id", type=key_of) or 0
    filling.remove_replaced(_handover(deal_id), key, user.id)
    db.session.commit()
    return go(url_for("handover.show", deal_id=deal_id))


def _handover(deal_id: int) -> Handover:
    found = queries.of_deal(deal_id)
    if found is None:
        raise NotFound
    return found


def _rows() -> dict[int, Fields]:
    """Unit → the cells that were changed here. Raises Invalid with a reason for each wrong one."""
    rows: dict[int, Fields] = {}
    errors: dict[str, list[str]] = {}
    keys = [text for text in request.form.getlist("unit") if text.isascii() and text.isdigit()]
    for key in dict.fromkeys(int(text[:15]) for text in keys[: queries.MOST_PIECES]):
        typed = _changed(key)
        try:
            rows[key] = load(FilledSchema(partial=True), typed)
        except Invalid as error:
            errors |= {f"{name}-{key}": why for name, why in error.errors.items()}
        errors |= _taken(key, typed)
    if errors:
        raise Invalid(errors)
    return rows


def _changed(key: int) -> MultiDict[str, str]:
    found: MultiDict[str, str] = MultiDict()
    for name in screens.CELLS:
        cell = f"{name}-{key}"
        if cell in request.form and request.form[cell] != request.form.get(ORIGINAL + cell, ""):
            found[name] = request.form[cell]
    return found


def _taken(key: int, typed: MultiDict[str, str]) -> dict[str, list[str]]:
    """Cells that somebody else filled in meanwhile, otherwise than here."""
    unit = db.session.get(Unit, key)
    now = screens.as_typed(unit) if unit is not None else {}
    return {
        f"{name}-{key}": [_("Somebody else has written “%(text)s” here meanwhile.", text=now[name])]
        for name in typed
        if name in now
        and now[name] not in (request.form.get(f"{ORIGINAL}{name}-{key}"), typed[name])
    }
