"""Looking up a caller and reporting who waits, for telephone systems and other programs."""

from __future__ import annotations

import marshmallow as ma
from flask import Response, jsonify

from crm.desk import lookup, queries, reporting, waiting
from crm.desk.schemas import FoundSchema, LookupQuery, QueueSchema, QueuesSchema, shown
from crm.extensions import db
from crm.rest import Fields, blueprint, document
from crm.rights import guard, the_user

blp = blueprint("calls", "Who is calling")


@blp.route("/calls/lookup", methods=["GET"])
@guard("view", "call")
@blp.arguments(LookupQuery, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403)
@blp.response(200, FoundSchema)
def look_up(asked: Fields) -> Response:
    """Candidates for a phone, serial, ticket or contract number, mail, name or reading."""
    user = the_user()
    found = lookup.candidates(asked["q"], user, asked["limit"])
    return jsonify(shown(asked["q"], queries.answers(found, user)))


@blp.route("/calls/queue", methods=["GET"])
@guard("view", "call")
@document(blp, 401, 403)
@blp.response(200, QueuesSchema)
def queue() -> Response:
    """Callers who wait and seats that answer, by group and together."""
    return jsonify(_queues())


@blp.route("/calls/queue", methods=["PUT"])
@guard("edit", "call")
@blp.arguments(QueueSchema)
@document(blp, 400, 401, 403, 409, 415)
@blp.response(200, QueuesSchema)
def report_queue(fields: Fields) -> Response:
    """Report how a group of the telephone system stands now; the last report counts."""
    reporting.report_queue(fields)
    answer = _queues()
    db.session.commit()
    return jsonify(answer)


def _queues() -> Fields:
    now = waiting.waiting()
    dumped: Fields = QueuesSchema().dump(
        {
            "items": waiting.groups(), "waiting": now.waiting if now else None,
            "answering": now.answering if now else None, "seats": now.seats if now else None,
        }
    )  # fmt: skip
    return dumped
