"""Pages of warranties: beside their unit's page, and the form."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from crm.clock import today
from crm.editing import Page, Sheet, changes, created, load, saved, sheet_of
from crm.errors import Conflict
from crm.extensions import db
from crm.installed_base import judging, queries, warranties, words
from crm.installed_base.models import Unit
from crm.installed_base.queries import unit_named
from crm.installed_base.verdict_words import exchanges, kinds
from crm.installed_base.warranty_models import Warranty
from crm.installed_base.warranty_schemas import WarrantySchema
from crm.rights import guard, may, the_user
from crm.staff.queries import last_editor
from crm.web import go

bp = Blueprint("warranties", __name__)

FIELDS = (
    "kind", "starts_on", "ends_on", "meter_name", "meter_limit", "labour_percent",
    "travel_percent", "parts_percent", "transferable", "exchange", "exclusions",
)  # fmt: skip


@bp.get("/units/<int:unit_id>/warranties")
@guard("view", "warranty")
def panel(unit_id: int) -> str:
    """The warranties of a unit, for its page."""
    user = the_user()
    unit = queries.get_unit(unit_id, user)
    terms = judging.unit_terms([unit])[unit.id]
    return render_template(
        "installed_base/warranties.html", unit=unit, rows=warranties.warranties_of(unit.id),
        ends=warranties.ends_of(terms), kinds=kinds(), exchanges=exchanges(),
        labels=words.labels(), today_on=today(),
        implied=not terms.warranties and unit.warranty_ends_on,
        may_create=may(user, "create", "warranty"),
    )  # fmt: skip


@bp.get("/warranties/new")
@guard("create", "warranty")
def new() -> str:
    """An empty form; the unit is given."""
    unit = unit_named(request.args)
    first = unit.warranty_ends_on or today()
    values = {
        "kind": "extended", "starts_on": first.isoformat(), "labour_percent": "100",
        "travel_percent": "100", "parts_percent": "100", "transferable": "1",
    }  # fmt: skip
    return _form(unit, Sheet(values | request.args.to_dict()))


@bp.post("/warranties")
@guard("create", "warranty")
def create() -> Page:
    """Enter a warranty; pressing twice enters one."""
    user, unit = the_user(), unit_named(request.form)
    return created(
        lambda: warranties.add_warranty(unit, load(WarrantySchema(), request.form), user.id),
        lambda _made: url_for("installed_base.show", unit_id=unit.id),
        lambda sheet: _form(unit, sheet),
    )


@bp.get("/warranties/<int:warranty_id>/edit")
@guard("edit", "warranty")
def edit(warranty_id: int) -> str:
    """The form of a warranty."""
    found = warranties.get_warranty(warranty_id, the_user(), "edit")
    return _form(db.session.get_one(Unit, found.unit_id), sheet_of(found, FIELDS), found)


@bp.post("/warranties/<int:warranty_id>/edit")
@guard("edit", "warranty")
def change(warranty_id: int) -> Page:
    """Save a warranty."""
    user = the_user()
    found = warranties.get_warranty(warranty_id, user, "edit")
    unit = db.session.get_one(Unit, found.unit_id)

    def effect() -> None:
        by = last_editor("unit", found.unit_id)
        fields = changes(found, WarrantySchema(partial=True), request.form, by)
        if fields:
            warranties.change_warranty(found, fields, user.id)

    every = words.labels()
    return saved(
        effect, lambda sheet: _form(unit, sheet, found), found,
        url_for("installed_base.show", unit_id=unit.id), {name: every[name] for name in FIELDS},
    )  # fmt: skip


@bp.post("/warranties/<int:warranty_id>/delete")
@guard("delete", "warranty")
def remove(warranty_id: int) -> Page:
    """Take away a warranty that was entered by mistake."""
    user = the_user()
    found = warranties.get_warranty(warranty_id, user, "delete")
    if request.form.get("version", "") != str(found.version):
        raise Conflict
    unit_id = found.unit_id
    warranties.remove_warranty(found, user.id)
    db.session.commit()
    return go(url_for("installed_base.show", unit_id=unit_id))


def _form(unit: Unit, sheet: Sheet, warranty: Warranty | None = None) -> str:
    return render_template(
        "installed_base/warranty_form.html", unit=unit, sheet=sheet, warranty=warranty,
        kinds=kinds(), exchanges=exchanges(), labels=words.labels(),
        may_remove=warranty is not None and may(the_user(), "delete", "warranty", warranty),
    )  # fmt: skip
