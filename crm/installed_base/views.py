"""Pages of units, and the parts of other pages that show units."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from crm.accounts.queries import get_account
from crm.accounts.screens import say
from crm.attributes import forms
from crm.attributes.asking import asked_of, family_of
from crm.attributes.ordering import choose
from crm.clock import today
from crm.editing import Page, Sheet, created, load, saved, sheet_of
from crm.errors import BadRequest, Conflict, NotFound
from crm.installed_base import actions, alike, labels, picking, queries, screens, standing
from crm.installed_base import listing as units_listed
from crm.installed_base import moves as moves_of
from crm.installed_base.models import Unit
from crm.installed_base.queries import account_named
from crm.installed_base.schemas import UnitSchema
from crm.installed_base.unit_schemas import UnitMoveSchema
from crm.neighbours import along
from crm.rights import guard, the_user
from crm.staff.queries import last_editor
from crm.text.normal import clean
from crm.text.serial import serial_key
from crm.typed import key_of

bp = Blueprint("installed_base", __name__)


@bp.get("/units")
@guard("view", "unit")
def listing() -> str:
    """The list of units."""
    return screens.list_page(the_user())


@bp.get("/units/panel")
@guard("view", "unit")
def panel() -> str:
    """An account's units beside its page."""
    return screens.panel(account_named(request.args).id, the_user())


@bp.get("/units/sites")
@guard("view", "unit")
def sites_panel() -> str:
    """An account's sites with their units counted."""
    return screens.sites_panel(account_named(request.args).id)


@bp.get("/units/choices")
@guard("view", "unit")
def choices() -> str:
    """Accounts or units to choose from, as somebody types into a form."""
    user, name = the_user(), request.args.get("name", "")
    if name not in picking.KINDS:
        raise BadRequest(_("There is no such filter."), {"name": [", ".join(picking.KINDS)]})
    account = account_named(request.args)
    reload = request.args.get("reload", "")
    return render_template(
        "installed_base/choices.html",
        name=name,
        found=picking.candidates(
            name, request.args.get(name + picking.ASKED, ""), account.id, user
        ),
        reload=reload if reload.startswith("/units/") else "",
    )


@bp.get("/units/alike")
@guard("create", "unit")
def like() -> str:
    """Units whose serial number may be the one that is typed so far."""
    return render_template(
        "accounts/_alike.html", found=alike.units_like(request.args.to_dict()), page="/units/{}",
        reasons=alike.reason_words(), sign="microscope",
    )  # fmt: skip


@bp.get("/units/attributes")
@guard("view", "unit")
def asked_attributes() -> str:
    """The fields that a product asks of its units, as the form of a new one takes them."""
    return screens.asked_attributes(request.args.get("product_id", type=key_of))


@bp.get("/units/labels")
@guard("view", "unit")
def label_sheet() -> str:
    """Labels with QR codes, for the units that the address names."""
    return labels.sheet()


@bp.get("/contracts/totals")
@guard("view", "contract")
def totals() -> str:
    """What an account pays for maintenance."""
    return screens.totals(account_named(request.args).id)


@bp.get("/units/new")
@guard("create", "unit")
def new() -> str:
    """An empty form; the account is given."""
    account = account_named(request.args)
    values = {"status": "in_use", "ownership": "bought", "sold_by_us": "1"}
    return screens.unit_form(Sheet(values | request.args.to_dict()), account, None)


@bp.post("/units")
@guard("create", "unit")
def create() -> Page:
    """Enter a unit; pressing twice enters one."""
    user, account = the_user(), account_named(request.form)

    def effect() -> Unit:
        form = picking.plain(request.form, account.id, user)
        product_id = form.get("product_id", type=key_of)
        asked = asked_of("unit", family_of("unit", product_id))
        fields = forms.new_fields(UnitSchema(), form, asked)
        return actions.add_unit(queries.check_links(fields, user), user.id)

    return created(
        effect,
        lambda made: url_for("installed_base.show", unit_id=made.id),
        lambda sheet: screens.unit_form(sheet, account, None),
    )


@bp.get("/units/<int:unit_id>")
@guard("view", "unit")
def show(unit_id: int) -> str:
    """One unit."""
    user = the_user()
    return screens.unit_page(queries.get_unit(unit_id, user), user)


@bp.get("/units/<int:unit_id>/place")
@guard("view", "unit")
def place(unit_id: int) -> str:
    """Where a unit stands in the list that the address describes, with the ones beside it."""
    user, args = the_user(), request.args
    unit, asked = queries.get_unit(unit_id, user), units_listed.read(args)
    sort = choose("unit", args.get("sort"), units_listed.SORTS, "-installed")
    found = units_listed.place(unit, asked, user, sort, today())
    query = along(args, units_listed.IN_LIST)
    return render_template("parts/place.html", place=found, base="/units/", along=query)


@bp.get("/units/<int:unit_id>/moves")
@guard("view", "unit")
def moves(unit_id: int) -> str:
    """Where a unit stood and whose it was, beside its page."""
    return standing.moves(queries.get_unit(unit_id, the_user()))


@bp.get("/units/<int:unit_id>/parts")
@guard("view", "unit")
def parts(unit_id: int) -> str:
    """The components of a unit, beside its page."""
    return standing.parts(queries.get_unit(unit_id, the_user()))


@bp.get("/units/<int:unit_id>/move")
@guard("edit", "unit")
def move_form(unit_id: int) -> str:
    """What moving a unit asks."""
    user = the_user()
    return standing.move_form(queries.get_unit(unit_id, user, "edit"), user)


@bp.post("/units/<int:unit_id>/move")
@guard("edit", "unit")
def move(unit_id: int) -> Page:
    """Move a unit; what is refused stays typed."""
    user = the_user()
    unit = queries.get_unit(unit_id, user, "edit")

    def effect() -> None:
        form = picking.plain(request.form, unit.account_id, user)
        fields = queries.check_links(load(UnitMoveSchema(), form), user)
        if request.form.get("version", str(unit.version)) != str(unit.version):
            raise Conflict(_("Somebody else changed this unit meanwhile. Look again."))
        moves_of.move_unit(unit, fields, user.id)

    return saved(
        effect, lambda sheet: standing.move_form(unit, user, sheet), unit,
        url_for("installed_base.show", unit_id=unit_id), {},
    )  # fmt: skip


@bp.get("/units/<serial>")
@guard("view", "unit")
def by_serial(serial: str) -> Response:
    """A unit by the number on its name plate: /units/SN-A93-20417."""
    number = serial[3:] if serial[:3].upper() == "SN-" else serial
    found = queries.by_serial(serial_key(clean(number)))
    if found is None:
        raise NotFound
    return redirect(url_for("installed_base.show", unit_id=found))


@bp.get("/units/<int:unit_id>/edit")
@guard("edit", "unit")
def edit(unit_id: int) -> str:
    """The form of a unit: its facts, its place, its removal."""
    unit = queries.get_unit(unit_id, the_user(), "edit")
    account = get_account(unit.account_id, the_user())
    return screens.unit_form(sheet_of(unit, screens.UNIT), account, unit)


@bp.post("/units/<int:unit_id>/edit")
@guard("edit", "unit")
def change(unit_id: int) -> Page:
    """Save a unit."""
    user = the_user()
    unit = queries.get_unit(unit_id, user, "edit")
    account = get_account(unit.account_id, user)

    def effect() -> None:
        by = last_editor("unit", unit_id)
        form = picking.plain(request.form, account.id, user)
        fields = forms.changed_fields(unit, UnitSchema(partial=True), form, by)
        if fields:
            actions.change_unit(unit, queries.check_links(fields, user), user.id)

    return saved(
        effect, lambda sheet: screens.unit_form(sheet, account, unit), unit,
        url_for("installed_base.show", unit_id=unit_id),
        {**screens.labels_of(screens.UNIT), **forms.labels_of(unit)}, forms.sayer(unit, _say),
    )  # fmt: skip


def _say(name: str, value: Any) -> str:
    """A value of a unit that two people changed; what it is part of is a unit, not an account."""
    return str(value or "―") if name in ("parent_id", "replaces_id") else say(name, value)
