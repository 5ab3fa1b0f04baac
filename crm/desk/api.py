"""Looking up a caller, for telephone systems and other programs."""

from __future__ import annotations

import marshmallow as ma
from flask import Response, jsonify

from crm.desk import lookup, queries
from crm.desk.schemas import FoundSchema, LookupQuery, shown
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
