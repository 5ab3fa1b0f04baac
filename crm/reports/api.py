"""Reports for programs: ask, wait, fetch, or take the figures at once."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow.validate import OneOf

from crm.clock import today
from crm.expiry import asking as asking_expiry
from crm.expiry.schemas import ExpiryFilters
from crm.language import chosen
from crm.reports import actions, expiry_report, queries, versions
from crm.reports.delivery import pdf_of
from crm.reports.models import STATES, ReportJob
from crm.reports.payload import fingerprint, payload
from crm.reports.schemas import (
    ExpiryFiguresSchema,
    FiguresQuerySchema,
    FiguresSchema,
    ReportRequestSchema,
    ReportSchema,
)
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rights import guard, the_user

blp = blueprint("reports", "The pipeline as of any day, as figures and as a PDF")

REPORTS = Collection(
    "reports", "report", ReportJob, ReportSchema, queries.get_job,
    filters={"state": ma.fields.String(validate=OneOf(STATES))},
    default_sort="-id",
)  # fmt: skip
collection(blp, REPORTS)


@blp.route("/reports", methods=["POST"])
@guard("create", "report")
@blp.doc(parameters=[KEY])
@blp.arguments(ReportRequestSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(202, ReportSchema)
def ask(fields: Fields) -> Response:
    """Ask for a PDF. It is built in the background: look at Location until its state is done."""
    user = the_user()

    def effect() -> Fields:
        job = actions.request_report(fields, user, chosen())
        return REPORTS.show(job, user)

    return once(effect, lambda body: f"{PREFIX}/reports/{body['id']}", 202)


@blp.route("/reports/<int:job_id>.pdf", methods=["GET"])
@guard("view", "report")
@blp.doc(responses={"200": {"description": "The PDF", "content": {"application/pdf": {}}}})
@document(blp, 401, 403, 404, 409)
def fetch(job_id: int) -> Response:
    """The PDF, once it is done."""
    return pdf_of(queries.get_job(job_id, the_user()))


@blp.route("/reports/expiry", methods=["GET"])
@guard("view", "report")
@blp.arguments(ExpiryFilters, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403)
@blp.response(200, ExpiryFiguresSchema)
def expiry(asked: Fields) -> Response:
    """The whole list of what ends, in yen, with the hash that the PDF prints."""
    wanted = asking_expiry.read(asked, the_user(), today())
    data = expiry_report.payload(wanted, expiry_report.whole(wanted))
    return jsonify(data | {"sha256": fingerprint(data)})


@blp.route("/reports/figures", methods=["GET"])
@guard("view", "report")
@blp.arguments(FiguresQuerySchema, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403, 404)
@blp.response(200, FiguresSchema)
def figures(asked: Fields) -> Response:
    """The figures of the screen and of the PDF, in yen, with the hash that the PDF prints."""
    wanted = versions.wanted(asked, the_user())
    data: dict[str, Any] = payload(queries.figures(wanted.filters, wanted.moment, wanted.version))
    return jsonify(data | {"sha256": fingerprint(data)})
