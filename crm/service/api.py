"""Work orders, their codes and loans for programs."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, jsonify, make_response
from flask_smorest import Blueprint
from marshmallow.validate import OneOf

from crm.attributes.narrowing import filter_field, narrowed
from crm.attributes.ordering import ordered
from crm.errors import named
from crm.extensions import db
from crm.installed_base.models import WORK_KINDS, WORK_STATUSES, WorkOrder
from crm.installed_base.queries import get_unit
from crm.rest import (
    IF_MATCH,
    KEY,
    PREFIX,
    Collection,
    Fields,
    blueprint,
    collection,
    document,
    once,
    page_schema,
)
from crm.rights import Person, guard, may, the_user
from crm.service import actions, codes, lending, queries
from crm.service.models import CODE_KINDS, FaultCode, Loan
from crm.service.schemas import (
    FaultCodeSchema,
    GiveBackSchema,
    LendSchema,
    LoanSchema,
    StaySchema,
    WorkOrderSchema,
    WorkStateSchema,
)
from crm.typed import day, key, line
from crm.versions import check_version, etag

blp: Blueprint = blueprint("service", "Work orders with their parts, checks, states and loans")
VERSION = IF_MATCH | {"required": False}


def _create(fields: Fields, user: Person) -> WorkOrder:
    return actions.open_work(queries.check_links(fields, user), user.id)


def _change(work: WorkOrder, fields: Fields, user: Person) -> None:
    reopen = may(user, "reopen", "work_order", work)
    actions.change_work(work, queries.check_links(fields, user), user.id, may_reopen=reopen)


WORK = Collection(
    "work-orders", "work_order", WorkOrder, WorkOrderSchema, queries.get_work_order,
    create=_create, change=_change,
    remove=lambda work, user: actions.remove_work(work, user.id),
    filters={
        "unit_id": key(), "account_id": key(), "ticket_id": key(), "assignee_id": key(),
        "planned_on": day(), "kind": ma.fields.String(validate=OneOf(WORK_KINDS)),
        "status": ma.fields.String(validate=OneOf(WORK_STATUSES)), "attribute": filter_field(),
    },
    narrow=narrowed("work_order"), further=ordered("work_order"),
    sorts=("id", "opened_on", "done_on", "planned_on"), complete=queries.fill_work, bulk=True,
)  # fmt: skip
CODES = Collection(
    "fault-codes", "fault_code", FaultCode, FaultCodeSchema, queries.get_code,
    create=lambda fields, user: codes.add_code(fields, user.id),
    change=lambda code, fields, user: codes.change_code(code, fields, user.id),
    filters={
        "kind": ma.fields.String(validate=OneOf(CODE_KINDS)), "code": line(10),
        "active": ma.fields.Boolean(),
    },
    sorts=("id", "code"),
)  # fmt: skip
LOANS = Collection(
    "loans", "work_order", Loan, LoanSchema, queries.get_loan,
    filters={"unit_id": key(), "account_id": key(), "work_order_id": key(), "due_on": day()},
    sorts=("id", "due_on"),
)  # fmt: skip
for one in (WORK, CODES, LOANS):
    collection(blp, one)


@blp.route("/work-orders/<int:record_id>/state", methods=["POST"])
@guard("edit", "work_order")
@blp.doc(parameters=[VERSION])
@blp.arguments(WorkStateSchema)
@document(blp, 400, 401, 403, 404, 409, 412, 415)
@blp.response(200, WorkOrderSchema)
def state(fields: Fields, record_id: int) -> Response:
    """Bring a work order into another state, with what that state needs."""
    user = the_user()
    work = _work(record_id)
    note, reopen = fields.pop("note", ""), may(user, "reopen", "work_order", work)
    actions.change_work(work, fields, user.id, note=note, may_reopen=reopen)
    return _changed(work)


@blp.route("/work-orders/<int:record_id>/states", methods=["GET"])
@guard("view", "work_order")
@document(blp, 401, 403, 404)
@blp.response(200, page_schema("Stays", StaySchema))
def states(record_id: int) -> Response:
    """The states a work order went through, the oldest first, with the days in each."""
    work = queries.get_work_order(record_id, the_user())
    rows: Any = StaySchema(many=True).dump(queries.stays_of(work))
    return jsonify({"items": rows, "next": None})


@blp.route("/work-orders/<int:record_id>/finish", methods=["POST"])
@guard("edit", "work_order")
@blp.doc(parameters=[VERSION])
@blp.arguments(WorkOrderSchema(partial=True), required=False)
@document(blp, 400, 401, 403, 404, 409, 412, 415)
@blp.response(200, WorkOrderSchema)
def finish(fields: Fields, record_id: int) -> Response:
    """End a work order; the unit's tree follows the parts with serial numbers."""
    user = the_user()
    work = _work(record_id)
    actions.finish_work(work, queries.check_links(fields, user), user.id)
    return _changed(work)


@blp.route("/work-orders/<int:record_id>/loan", methods=["POST"])
@guard("edit", "work_order")
@blp.doc(parameters=[KEY])
@blp.arguments(LendSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, LoanSchema)
def lend(fields: Fields, record_id: int) -> Response:
    """Lend a unit of ours to the account of a work order."""
    user = the_user()
    work = queries.get_work_order(record_id, user, "edit")

    def effect() -> Fields:
        with named("unit_id"):
            loaner = get_unit(fields["unit_id"], user, "edit")
        return LOANS.show(lending.lend(work, loaner, fields, user.id), user)

    return once(effect, lambda body: f"{PREFIX}/loans/{body['id']}")


@blp.route("/work-orders/<int:record_id>/return", methods=["POST"])
@guard("edit", "work_order")
@blp.doc(parameters=[KEY])
@blp.arguments(GiveBackSchema, required=False)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, LoanSchema)
def give_back(fields: Fields, record_id: int) -> Response:
    """Take back what was lent for a work order."""
    user = the_user()
    work = queries.get_work_order(record_id, user, "edit")

    def effect() -> Fields:
        loan_id, on = fields.get("loan_id"), fields.get("returned_on")
        return LOANS.show(lending.give_back(work, loan_id, on, user.id), user)

    return once(effect, lambda body: f"{PREFIX}/loans/{body['id']}")


def _work(record_id: int) -> WorkOrder:
    work = queries.get_work_order(record_id, the_user(), "edit")
    check_version(work)
    return work


def _changed(work: WorkOrder) -> Response:
    db.session.commit()
    response = make_response(jsonify(WORK.show(work, the_user())))
    response.headers["ETag"] = etag(work)
    return response
