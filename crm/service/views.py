"""Pages of work orders: the list, arrange, change, finish, the next state, lend and take back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crm.accounts.screens import say
from crm.attributes import forms
from crm.attributes.asking import Definitions, asked_of, definitions_in
from crm.clock import today
from crm.editing import Page, Sheet, attempt, created, load, saved, sheet_typed
from crm.errors import named
from crm.extensions import db
from crm.installed_base.models import Unit, WorkOrder
from crm.installed_base.queries import get_unit, unit_named
from crm.rights import Person, guard, may, the_user
from crm.service import actions, filling, lending, queries, screens
from crm.service.listing import around
from crm.service.schemas import GiveBackSchema, LendSchema, WorkOrderSchema, WorkStateSchema
from crm.staff.queries import last_editor
from crm.versions import lock
from crm.web import go

bp = Blueprint("work_orders", __name__)
Fields = dict[str, Any]
FORTNIGHT = timedelta(days=14)


@bp.get("/work-orders")
@guard("view", "work_order")
def listing() -> str:
    """The list of work orders."""
    return screens.list_page(the_user())


@bp.get("/work-orders/new")
@guard("create", "work_order")
def new() -> str:
    """An empty form; the unit is given."""
    unit = unit_named(request.args)
    values = {"kind": "repair", "opened_on": today().isoformat()}
    return screens.work_form(Sheet(values | request.args.to_dict()), unit, None)


@bp.post("/work-orders")
@guard("create", "work_order")
def create() -> Page:
    """Arrange work."""
    user, unit = the_user(), unit_named(request.form)
    if "more" in request.form:
        return screens.work_form(sheet_typed(request.form, {}), unit, None)
    return created(
        lambda: actions.open_work(queries.check_links(_typed(), user), user.id),
        lambda made: url_for("work_orders.show", work_id=made.id),
        lambda sheet: screens.work_form(sheet, unit, None),
    )


def _typed() -> Fields:
    form = filling.plain_form(request.form)
    fields = forms.new_fields(WorkOrderSchema(), form, asked_of("work_order"))
    for name in filling.ROWS:
        rows = filling.rows_of(request.form, name)
        fields |= {name: rows} if rows else {}
    companions = _companions()
    return fields | ({"companion_ids": companions} if companions else {})


def _companions() -> list[int]:
    some = MultiDict([("companion_ids", one) for one in request.form.getlist("companion_ids")])
    only = WorkOrderSchema(partial=True, only=("companion_ids",))
    return sorted(set(load(only, some).get("companion_ids", ())))


@bp.get("/work-orders/parts")
@guard("view", "work_order")
def parts_used() -> str:
    """What was fitted into a unit and taken out of it, for its page; two statements."""
    return screens.parts_panel(unit_named(request.args))


@bp.get("/work-orders/<int:work_id>")
@guard("view", "work_order")
def show(work_id: int) -> str:
    """One work order."""
    user = the_user()
    return screens.work_page(queries.get_work_order(work_id, user), user)


@bp.get("/work-orders/<int:work_id>/place")
@guard("view", "work_order")
def place(work_id: int) -> str:
    """Where a work order stands in the list that the address describes, with the ones beside it."""
    user = the_user()
    return screens.place(queries.get_work_order(work_id, user), user)


@bp.get("/work-orders/<int:work_id>/edit")
@guard("edit", "work_order")
def edit(work_id: int) -> str:
    """The form of a work order."""
    found, unit, asked = _found(work_id)
    return screens.work_form(filling.sheet(found), unit, found, asked=asked)


@bp.post("/work-orders/<int:work_id>/edit")
@guard("edit", "work_order")
def change(work_id: int) -> Page:
    """Save a work order."""
    return _saved(*_found(work_id), False)


@bp.get("/work-orders/<int:work_id>/finish")
@guard("edit", "work_order")
def finish_form(work_id: int) -> str:
    """What was done, what it cost, how long the unit stood."""
    found, unit, asked = _found(work_id)
    sheet = filling.sheet(found)
    values = sheet.values | {"status": "returned", "done_on": today().isoformat()}
    typed = Sheet(values, sheet.originals, {}, sheet.version)
    return screens.work_form(typed, unit, found, True, asked)


@bp.post("/work-orders/<int:work_id>/finish")
@guard("edit", "work_order")
def finish(work_id: int) -> Page:
    """End a work order."""
    return _saved(*_found(work_id), True)


def _found(work_id: int) -> tuple[WorkOrder, Unit, Definitions]:
    """A work order, its unit, and what is asked of work orders besides; two statements."""
    found = queries.get_work_order(work_id, the_user(), "edit")
    beside = around(found)
    return found, get_unit(found.unit_id, the_user()), definitions_in(beside.asked)


def _saved(found: WorkOrder, unit: Unit, asked: Definitions, finishing: bool) -> Page:
    user = the_user()
    if "more" in request.form:
        return screens.work_form(sheet_typed(request.form, {}), unit, found, finishing, asked)
    return saved(
        lambda: _save(found, user, finishing),
        lambda sheet: screens.work_form(sheet, unit, found, finishing, asked), found,
        url_for("work_orders.show", work_id=found.id),
        {**screens.labels_of(screens.EVERY), **forms.labels_of(found)}, forms.sayer(found, say),
    )  # fmt: skip


def _save(found: WorkOrder, user: Person, finishing: bool) -> None:
    by, form = last_editor("work_order", found.id), filling.plain_form(request.form)
    fields = forms.changed_fields(found, WorkOrderSchema(partial=True), form, by)
    for name in filling.ROWS:
        rows = filling.changed_rows(request.form, found, name)
        fields |= {name: rows} if rows is not None else {}
    if "companion_ids" in request.form:
        companions = _companions()
        if companions != queries.companions_of(found.id):
            fields["companion_ids"] = companions
    queries.check_links(fields, user)
    if finishing:
        actions.finish_work(found, fields, user.id)
    elif fields:
        reopen = may(user, "reopen", "work_order", found)
        actions.change_work(found, fields, user.id, may_reopen=reopen)


@bp.post("/work-orders/<int:work_id>/state")
@guard("edit", "work_order")
def state(work_id: int) -> Page:
    """Bring a work order into its next state."""
    user = the_user()
    found = lock(queries.get_work_order(work_id, user, "edit"))

    def effect() -> bool:
        fields = load(WorkStateSchema(), request.form)
        note = fields.pop("note", "")
        given = {name: value for name, value in fields.items() if value not in (None, "")}
        reopen = may(user, "reopen", "work_order", found)
        actions.change_work(found, given, user.id, note=note, may_reopen=reopen)
        return True

    done, errors = attempt(effect)
    if not done:
        return screens.work_page(found, user, sheet_typed(request.form, errors)), 422
    db.session.commit()
    return go(url_for("work_orders.show", work_id=work_id))


@bp.get("/work-orders/<int:work_id>/loan")
@guard("edit", "work_order")
def loan_form(work_id: int) -> str:
    """Which unit is lent, until when."""
    found, on = queries.get_work_order(work_id, the_user(), "edit"), today()
    days = {"lent_on": on.isoformat(), "due_on": (on + FORTNIGHT).isoformat()}
    return screens.loan_form(found, Sheet(days))


@bp.post("/work-orders/<int:work_id>/loan")
@guard("edit", "work_order")
def lend(work_id: int) -> Page:
    """Lend a unit; pressing twice lends once."""
    user = the_user()
    found = queries.get_work_order(work_id, user, "edit")

    def effect() -> Any:
        fields = load(LendSchema(), request.form)
        with named("unit_id"):
            loaner = get_unit(fields["unit_id"], user, "edit")
        return lending.lend(found, loaner, fields, user.id)

    return created(
        effect, lambda _made: url_for("work_orders.show", work_id=work_id),
        lambda sheet: screens.loan_form(found, sheet),
    )  # fmt: skip


@bp.post("/work-orders/<int:work_id>/return")
@guard("edit", "work_order")
def give_back(work_id: int) -> Page:
    """Take back what was lent."""
    user = the_user()
    found = queries.get_work_order(work_id, user, "edit")

    def effect() -> Any:
        fields = load(GiveBackSchema(), request.form)
        loan_id, on = fields.get("loan_id"), fields.get("returned_on")
        return lending.give_back(found, loan_id, on, user.id)

    made, errors = attempt(effect)
    if made is None:
        return screens.work_page(found, user, sheet_typed(request.form, errors)), 422
    db.session.commit()
    flash(_("The unit is back in reserve."), "ok")
    return go(url_for("work_orders.show", work_id=work_id))
