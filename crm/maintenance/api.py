"""Maintenance plans and their visits for programs."""

from __future__ import annotations

import marshmallow as ma
from flask import Response
from marshmallow.validate import OneOf

from crm.extensions import db
from crm.installed_base.models import WORK_KINDS
from crm.maintenance import actions, queries
from crm.maintenance.models import STATES, MaintenancePlan, Visit
from crm.maintenance.schemas import (
    MaintenancePlanSchema,
    VisitMoveSchema,
    VisitSchema,
    VisitSkipSchema,
)
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rights import Person, guard, the_user
from crm.typed import day, key
from crm.versions import check_version

blp = blueprint("maintenance", "Maintenance plans and their visits")


def _create(fields: Fields, user: Person) -> MaintenancePlan:
    return actions.add_plan(queries.check_links(fields, user), user.id)


def _change(plan: MaintenancePlan, fields: Fields, user: Person) -> None:
    actions.change_plan(plan, queries.check_links(fields, user), user.id)


PLANS = Collection(
    "maintenance-plans", "maintenance", MaintenancePlan, MaintenancePlanSchema, queries.get_plan,
    create=_create, change=_change,
    remove=lambda plan, user: actions.remove_plan(plan, user.id),
    filters={
        "account_id": key(), "contract_id": key(), "assignee_id": key(),
        "active": ma.fields.Boolean(), "work_kind": ma.fields.String(validate=OneOf(WORK_KINDS)),
    },
    sorts=("id", "first_due_on"), complete=queries.fill_units,
)  # fmt: skip
VISITS = Collection(
    "visits", "maintenance", Visit, VisitSchema, queries.get_visit,
    filters={
        "plan_id": key(), "unit_id": key(), "assignee_id": key(), "work_order_id": key(),
        "visit_on": day(), "state": ma.fields.String(validate=OneOf(STATES)),
    },
    sorts=("id", "visit_on", "due_on"),
)  # fmt: skip
collection(blp, PLANS)
collection(blp, VISITS)


@blp.route("/visits/<int:record_id>/skip", methods=["POST"])
@guard("edit", "maintenance")
@blp.doc(parameters=[KEY])
@blp.arguments(VisitSkipSchema)
@document(blp, 400, 401, 403, 404, 409, 412, 415)
@blp.response(201, VisitSchema)
def skip(fields: Fields, record_id: int) -> Response:
    """Leave a visit out, with the reason."""
    visit = _visit(record_id)

    def effect() -> Fields:
        actions.skip_visit(visit, fields["reason"], the_user().id)
        return _shown(visit)

    return once(effect, lambda _body: f"{PREFIX}/visits/{record_id}")


@blp.route("/visits/<int:record_id>/move", methods=["POST"])
@guard("edit", "maintenance")
@blp.doc(parameters=[KEY])
@blp.arguments(VisitMoveSchema)
@document(blp, 400, 401, 403, 404, 409, 412, 415)
@blp.response(201, VisitSchema)
def move(fields: Fields, record_id: int) -> Response:
    """Go on another business day, with the reason."""
    visit = _visit(record_id)

    def effect() -> Fields:
        actions.move_visit(visit, fields["visit_on"], fields["reason"], the_user().id)
        return _shown(visit)

    return once(effect, lambda _body: f"{PREFIX}/visits/{record_id}")


def _visit(record_id: int) -> Visit:
    found = queries.get_visit(record_id, the_user(), "edit")
    check_version(found)
    return found


def _shown(visit: Visit) -> Fields:
    db.session.flush()
    return VISITS.show(visit, the_user())
