"""Pages of maintenance: the visits as a list and a calendar, plans, skipping and moving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.datastructures import MultiDict

from crm.accounts.queries import get_account
from crm.accounts.screens import say
from crm.clock import today
from crm.editing import Page, Sheet, attempt, changes, created, load, saved, sheet_of, sheet_typed
from crm.extensions import db
from crm.installed_base.queries import account_named, unit_named
from crm.maintenance import actions, queries, screens
from crm.maintenance.models import MaintenancePlan, Visit
from crm.maintenance.schemas import MaintenancePlanSchema, VisitMoveSchema, VisitSkipSchema
from crm.maintenance.words import labels
from crm.rights import Person, guard, the_user
from crm.staff.queries import last_editor
from crm.versions import lock
from crm.web import go

bp = Blueprint("maintenance", __name__)


@bp.get("/visits")
@guard("view", "maintenance")
def listing() -> str:
    """The list of visits."""
    return screens.list_page(the_user())


@bp.get("/visits/calendar")
@guard("view", "maintenance")
def calendar() -> str:
    """A month of visits."""
    return screens.calendar_page()


@bp.get("/visits/panel")
@guard("view", "maintenance")
def panel() -> str:
    """Plans and visits of a unit, for its page."""
    return screens.panel(unit_named(request.args), the_user())


@bp.get("/visits/<int:visit_id>")
@guard("view", "maintenance")
def visit(visit_id: int) -> str:
    """One visit."""
    user = the_user()
    return screens.visit_page(queries.get_visit(visit_id, user), user)


@bp.get("/visits/<int:visit_id>/place")
@guard("view", "maintenance")
def place(visit_id: int) -> str:
    """Where a visit stands in the list that the address describes, with the ones beside it."""
    user = the_user()
    return screens.place(queries.get_visit(visit_id, user), user)


@bp.post("/visits/<int:visit_id>/skip")
@guard("edit", "maintenance")
def skip(visit_id: int) -> Page:
    """Leave a visit out, with the reason."""
    user = the_user()
    found = lock(queries.get_visit(visit_id, user, "edit"))

    def effect() -> bool:
        actions.skip_visit(found, load(VisitSkipSchema(), request.form)["reason"], user.id)
        return True

    return _decided(effect, found, lambda sheet: screens.visit_page(found, user, skip=sheet))


@bp.post("/visits/<int:visit_id>/move")
@guard("edit", "maintenance")
def move(visit_id: int) -> Page:
    """Go on another business day, with the reason."""
    user = the_user()
    found = lock(queries.get_visit(visit_id, user, "edit"))

    def effect() -> bool:
        fields = load(VisitMoveSchema(), request.form)
        actions.move_visit(found, fields["visit_on"], fields["reason"], user.id)
        return True

    return _decided(effect, found, lambda sheet: screens.visit_page(found, user, move=sheet))


def _decided(effect: Callable[[], bool], found: Visit, again: Callable[[Sheet], str]) -> Page:
    done, errors = attempt(effect)
    if not done:
        return again(sheet_typed(request.form, errors)), 422
    db.session.commit()
    return go(url_for("maintenance.visit", visit_id=found.id))


@bp.get("/maintenance-plans/new")
@guard("create", "maintenance")
def new() -> str:
    """An empty form; the account is given, units may be."""
    account = account_named(request.args)
    values: dict[str, Any] = {
        "work_kind": "inspection", "rule": "fixed", "period": "months", "every": "12",
        "horizon_days": "60", "first_due_on": today().isoformat(), "active": "1", "above": "1",
        "in_a_row": "3",
    }  # fmt: skip
    return screens.plan_form(Sheet(values | request.args.to_dict()), account, None)


@bp.post("/maintenance-plans")
@guard("create", "maintenance")
def create() -> Page:
    """Make a plan; pressing twice makes one."""
    user, account = the_user(), account_named(request.form)
    return created(
        lambda: actions.add_plan(
            queries.check_links(load(MaintenancePlanSchema(), request.form), user), user.id
        ),
        lambda made: url_for("maintenance.plan", plan_id=made.id),
        lambda sheet: screens.plan_form(sheet, account, None),
    )


@bp.get("/maintenance-plans/<int:plan_id>")
@guard("view", "maintenance")
def plan(plan_id: int) -> str:
    """One plan."""
    user = the_user()
    return screens.plan_page(queries.get_plan(plan_id, user), user)


@bp.get("/maintenance-plans/<int:plan_id>/edit")
@guard("edit", "maintenance")
def edit(plan_id: int) -> str:
    """The form of a plan."""
    found = queries.get_plan(plan_id, the_user(), "edit")
    account = get_account(found.account_id, the_user())
    return screens.plan_form(sheet_of(found, screens.PLAN), account, found)


@bp.post("/maintenance-plans/<int:plan_id>/edit")
@guard("edit", "maintenance")
def change(plan_id: int) -> Page:
    """Save a plan; the ticked units are those under it."""
    user = the_user()
    found = queries.get_plan(plan_id, user, "edit")
    account = get_account(found.account_id, user)
    every = labels()
    return saved(
        lambda: _change(found, user), lambda sheet: screens.plan_form(sheet, account, found), found,
        url_for("maintenance.plan", plan_id=plan_id), {name: every[name] for name in screens.PLAN},
        say,
    )  # fmt: skip


def _change(found: MaintenancePlan, user: Person) -> None:
    form = request.form.copy()
    units = form.poplist("unit_ids")
    by = last_editor("plan", found.id)
    fields = changes(found, MaintenancePlanSchema(partial=True, exclude=("unit_ids",)), form, by)
    if units:
        some = MultiDict([("unit_ids", one) for one in units])
        chosen = load(MaintenancePlanSchema(partial=True, only=("unit_ids",)), some)
        if sorted(set(chosen["unit_ids"])) != queries.units_under(found.id):
            fields |= chosen
    if fields:
        actions.change_plan(found, queries.check_links(fields, user), user.id)
