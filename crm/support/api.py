"""Tickets, their notes and their closure for programs."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow.validate import OneOf, Range

from crm.attributes.narrowing import filter_field, narrowed
from crm.attributes.ordering import ordered
from crm.extensions import db
from crm.installed_base.queries import get_unit
from crm.rest import (
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
from crm.rights import Person, guard, the_user
from crm.support import actions, progress, queries, work_requests
from crm.support.models import CATEGORIES, SEVERITIES, STATUSES, Ticket
from crm.support.schemas import ClosureSchema, NoteSchema, TicketSchema, WorkRequestSchema
from crm.versions import check_version, etag, lock

blp = blueprint("support", "Tickets, their notes and their closure")


def _filled(rows: list[Fields], _user: Person) -> None:
    for row in rows:
        row["number"] = row["id"]
        row["withdrawn_words"] = row["withdrawn_words"] or []


def _key() -> ma.fields.Integer:
    return ma.fields.Integer(validate=Range(1, 2**63 - 1))


TICKETS = Collection(
    "tickets", "ticket", Ticket, TicketSchema, queries.get_ticket,
    create=actions.open_ticket,
    change=actions.change_ticket,
    remove=actions.remove_ticket,
    filters={
        "status": ma.fields.String(validate=OneOf(STATUSES)),
        "assignee_id": _key(),
        "account_id": _key(),
        "unit_id": _key(),
        "category": ma.fields.String(validate=OneOf(CATEGORIES)),
        "severity": ma.fields.String(validate=OneOf(SEVERITIES)),
        "attribute": filter_field(),
    },
    narrow=narrowed("ticket"), further=ordered("ticket"),
    sorts=("id", "opened_at", "due_at"),
    complete=_filled, bulk=True,
)  # fmt: skip
collection(blp, TICKETS)


def _shown(note: Any) -> Fields:
    dumped: Fields = NoteSchema().dump(note)
    return dumped


@blp.route("/tickets/<int:record_id>/notes", methods=["GET"])
@guard("view", "ticket")
@document(blp, 401, 403, 404)
@blp.response(200, page_schema("Notes", NoteSchema))
def notes(record_id: int) -> Response:
    """The conversation of a ticket, oldest first."""
    ticket = queries.get_ticket(record_id, the_user())
    return jsonify({"items": [_shown(one) for one in queries.notes_of(ticket.id)], "next": None})


@blp.route("/tickets/<int:record_id>/notes", methods=["POST"])
@guard("note", "ticket")
@blp.doc(parameters=[KEY])
@blp.arguments(NoteSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, NoteSchema)
def write_note(fields: Fields, record_id: int) -> Response:
    """Add a note."""
    ticket = lock(queries.get_ticket(record_id, the_user(), "note"))

    def effect() -> Fields:
        kind = fields.get("kind", "internal")
        note = progress.add_note(ticket, kind, fields["body"], the_user())
        db.session.flush()
        return _shown(note)

    return once(effect, lambda _body: f"{PREFIX}/tickets/{record_id}/notes")


@blp.route("/tickets/<int:record_id>/closure", methods=["POST"])
@guard("close", "ticket")
@blp.doc(parameters=[KEY])
@blp.arguments(ClosureSchema)
@document(blp, 400, 401, 403, 404, 409, 412, 415)
@blp.response(201, TicketSchema)
def closure(fields: Fields, record_id: int) -> Response:
    """Solve or close a ticket."""
    ticket = queries.get_ticket(record_id, the_user(), "close")
    check_version(ticket)

    def effect() -> Fields:
        end = progress.solve if fields["status"] == "solved" else progress.close
        end(ticket, fields["resolution"], the_user())
        db.session.flush()
        return TICKETS.show(ticket, the_user())

    return once(effect, lambda _body: f"{PREFIX}/tickets/{record_id}/closure")


@blp.route("/tickets/<int:record_id>/closure", methods=["DELETE"])
@guard("close", "ticket")
@document(blp, 401, 403, 404, 409, 412)
@blp.response(200, TicketSchema)
def reopening(record_id: int) -> Response:
    """Reopen a ticket that was not over."""
    ticket = queries.get_ticket(record_id, the_user(), "close")
    check_version(ticket)
    progress.reopen(ticket, the_user())
    db.session.flush()
    answer = jsonify(TICKETS.show(ticket, the_user()))
    answer.headers["ETag"] = etag(ticket)
    db.session.commit()
    return answer


@blp.route("/units/<int:unit_id>/work-requests", methods=["POST"])
@guard("create", "ticket")
@blp.doc(parameters=[KEY])
@blp.arguments(WorkRequestSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, TicketSchema)
def request_work(fields: Fields, unit_id: int) -> Response:
    """Ask service to arrange work on a unit: a ticket at the account's engineer."""
    unit = get_unit(unit_id, the_user())

    def effect() -> Fields:
        ticket = work_requests.request_work(unit, fields, the_user())
        db.session.flush()
        return TICKETS.show(ticket, the_user())

    return once(effect, lambda body: f"{PREFIX}/tickets/{body['id']}")
