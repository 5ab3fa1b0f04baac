"""The figures of reliability for programs."""

from __future__ import annotations

import marshmallow as ma
from flask import Response, jsonify

from crm.reports import reliability_shown as shown
from crm.reports.reliability_shown import ReliabilityQuerySchema, ReliabilitySchema
from crm.rest import Fields, blueprint, document
from crm.rights import guard, the_user

blp = blueprint("reliability", "Failures of units against their time in service")


@blp.route("/reports/reliability", methods=["GET"])
@guard("view", "unit")
@blp.arguments(ReliabilityQuerySchema, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403)
@blp.response(200, ReliabilitySchema)
def reliability(fields: Fields) -> Response:
    """Mean days between failures by model, unit and age, and how many were met the same day."""
    found = shown.figures(shown.asked_of(fields, the_user()))
    return jsonify(ReliabilitySchema().dump(found))
