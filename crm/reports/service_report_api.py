"""Service reports for programs: what one says, ask for the PDF, wait, fetch."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow.validate import OneOf

from crm.language import chosen
from crm.reports.delivery import pdf_answer
from crm.reports.models import STATES
from crm.reports.service_report import (
    LANGUAGES,
    get_service_report,
    pdf_of,
    request_service_report,
)
from crm.reports.service_report_models import ServiceReport
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rights import guard, the_user
from crm.service.onsite_report import content_of, fingerprint
from crm.service.queries import get_work_order
from crm.typed import Recorded, Schema, choice, key

blp = blueprint("service_reports", "The report of a work order, as figures and as a PDF")


class ServiceReportSchema(Recorded):
    """A service report on its way; `progress` in percent, `error` a code or null; `sha256` is of
    what it says, `signature_id` the signature that it shows."""

    work_order_id = key(required=True)
    language = choice(LANGUAGES)
    state = ma.fields.String(dump_only=True, validate=OneOf(STATES))
    progress = ma.fields.Integer(dump_only=True)
    error = ma.fields.String(dump_only=True, allow_none=True)
    sha256 = ma.fields.String(dump_only=True, allow_none=True)
    signature_id = ma.fields.Integer(dump_only=True, allow_none=True)
    requested_by_id = ma.fields.Integer(dump_only=True)
    finished_at = ma.fields.AwareDateTime(dump_only=True, allow_none=True)


class ServiceReportContentSchema(Schema):
    """What the report of a work order says, in yen without tax, with the hash that it prints."""

    work_order_id, invoice = ma.fields.Integer(), ma.fields.Integer()
    number, work_kind, account, site = (ma.fields.String() for _ in range(4))
    department, contact, post, substitute = (ma.fields.String() for _ in range(4))
    notice, engineer, team = (ma.fields.String() for _ in range(3))
    performed_on = ma.fields.String(allow_none=True)
    arrived_at, finished_at, down_from, down_until = (
        ma.fields.String(allow_none=True) for _ in range(4)
    )
    downtime_minutes, labour_minutes, travel_km = (
        ma.fields.Integer(allow_none=True) for _ in range(3)
    )
    unit, cover, reception, earlier = (ma.fields.Dict() for _ in range(4))
    companions = ma.fields.List(ma.fields.String())
    costs = ma.fields.List(ma.fields.Dict())
    photos = ma.fields.List(ma.fields.Dict())
    parts = ma.fields.List(ma.fields.Dict())
    checks = ma.fields.List(ma.fields.Dict())
    findings = ma.fields.List(ma.fields.Dict())
    sha256 = ma.fields.String()


REPORTS = Collection(
    "service-reports", "service_report", ServiceReport, ServiceReportSchema, get_service_report,
    filters={"work_order_id": key(), "state": ma.fields.String(validate=OneOf(STATES))},
    default_sort="-id",
)  # fmt: skip
collection(blp, REPORTS)


@blp.route("/service-reports", methods=["POST"])
@guard("create", "service_report")
@blp.doc(parameters=[KEY])
@blp.arguments(ServiceReportSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(202, ServiceReportSchema)
def ask(fields: Fields) -> Response:
    """Ask for a PDF. It is built in the background: look at Location until its state is done."""
    user = the_user()

    def effect() -> Fields:
        language = fields.get("language") or chosen()
        report = request_service_report(fields["work_order_id"], user, language)
        return REPORTS.show(report, user)

    return once(effect, lambda body: f"{PREFIX}/service-reports/{body['id']}", 202)


@blp.route("/service-reports/<int:report_id>.pdf", methods=["GET"])
@guard("view", "service_report")
@blp.doc(responses={"200": {"description": "The PDF", "content": {"application/pdf": {}}}})
@document(blp, 401, 403, 404, 409)
def fetch(report_id: int) -> Response:
    """The PDF, once it is done."""
    report = get_service_report(report_id, the_user())
    return pdf_answer(pdf_of(report), f"WO-{report.work_order_id}-{report.id}.pdf")


@blp.route("/work-orders/<int:work_id>/report", methods=["GET"])
@guard("view", "work_order")
@document(blp, 401, 403, 404)
@blp.response(200, ServiceReportContentSchema)
def content(work_id: int) -> Response:
    """What the report says now, with the hash that the PDF prints and that a customer signs."""
    data: dict[str, Any] = content_of(get_work_order(work_id, the_user()))
    return jsonify(data | {"sha256": fingerprint(data)})
