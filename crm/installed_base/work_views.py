"""Pages of work orders: arrange, change, finish."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from crm.accounts.screens import last_editor, say
from crm.clock import today
from crm.editing import Page, Sheet, changes, created, load, saved, sheet_of
from crm.installed_base import actions, queries, screens
from crm.installed_base.models import WorkOrder
from crm.installed_base.queries import unit_named
from crm.installed_base.schemas import WorkOrderSchema
from crm.rights import guard, the_user

bp = Blueprint("work_orders", __name__)


@bp.get("/work-orders/new")
@guard("create", "work_order")
def new() -> str:
    """An empty form; the unit is given."""
    unit = unit_named(request.args)
    values = {"kind": "repair", "opened_on": today().isoformat(), "status": "received"}
    return screens.work_form(Sheet(values | request.args.to_dict()), unit, None)


@bp.post("/work-orders")
@guard("create", "work_order")
def create() -> Page:
    """Arrange work."""
    user, unit = the_user(), unit_named(request.form)
    return created(
        lambda: actions.open_work(
            queries.check_links(load(WorkOrderSchema(), request.form), user), user.id
        ),
        lambda made: url_for("work_orders.show", work_id=made.id),
        lambda sheet: screens.work_form(sheet, unit, None),
    )


@bp.get("/work-orders/<int:work_id>")
@guard("view", "work_order")
def show(work_id: int) -> str:
    """One work order."""
    user = the_user()
    return screens.work_page(queries.get_work_order(work_id, user), user)


@bp.get("/work-orders/<int:work_id>/edit")
@guard("edit", "work_order")
def edit(work_id: int) -> str:
    """The form of a work order."""
    found = queries.get_work_order(work_id, the_user(), "edit")
    unit = queries.get_unit(found.unit_id, the_user())
    return screens.work_form(sheet_of(found, screens.WORK), unit, found)


@bp.post("/work-orders/<int:work_id>/edit")
@guard("edit", "work_order")
def change(work_id: int) -> Page:
    """Save a work order."""
    return _saved(queries.get_work_order(work_id, the_user(), "edit"), False)


@bp.get("/work-orders/<int:work_id>/finish")
@guard("edit", "work_order")
def finish_form(work_id: int) -> str:
    """What was done, what it cost, how long the unit stood."""
    found = queries.get_work_order(work_id, the_user(), "edit")
    unit = queries.get_unit(found.unit_id, the_user())
    sheet = sheet_of(found, screens.WORK)
    values = sheet.values | {"status": "returned", "done_on": today().isoformat()}
    return screens.work_form(Sheet(values, sheet.originals, {}, sheet.version), unit, found, True)


@bp.post("/work-orders/<int:work_id>/finish")
@guard("edit", "work_order")
def finish(work_id: int) -> Page:
    """End a work order."""
    return _saved(queries.get_work_order(work_id, the_user(), "edit"), True)


def _saved(found: WorkOrder, finishing: bool) -> Page:
    user = the_user()
    unit = queries.get_unit(found.unit_id, user)
    do: Any = actions.finish_work if finishing else actions.change_work

    def effect() -> None:
        by = last_editor("work_order", found.id)
        fields = changes(found, WorkOrderSchema(partial=True), request.form, by)
        if fields or finishing:
            do(found, queries.check_links(fields, user), user.id)

    return saved(
        effect, lambda sheet: screens.work_form(sheet, unit, found, finishing), found,
        url_for("work_orders.show", work_id=found.id), screens.labels_of(screens.WORK), say,
    )  # fmt: skip
