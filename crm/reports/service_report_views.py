"""The way from a work order to its report on paper."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from crm.extensions import at_most, db
from crm.idempotency import Answered, recall, remember
from crm.language import chosen
from crm.reports.delivery import pdf_answer
from crm.reports.service_report import get_service_report, pdf_of, request_service_report
from crm.reports.service_report_models import ServiceReport
from crm.rights import guard, may, the_user
from crm.service.queries import get_work_order
from crm.staff.models import Staff
from crm.web import go

bp = Blueprint("service_reports", __name__)
SHOWN = 5


@bp.get("/work-orders/<int:work_id>/reports")
@guard("view", "service_report")
def panel(work_id: int) -> str:
    """The reports of a work order that were made, and how to ask for one; a part of its page."""
    user = the_user()
    work = get_work_order(work_id, user)
    wanted = sa.select(ServiceReport, Staff.name).join(
        Staff, Staff.id == ServiceReport.requested_by_id
    )
    made = db.session.execute(
        wanted.where(ServiceReport.work_order_id == work.id)
        .order_by(ServiceReport.id.desc())
        .limit(at_most(SHOWN))
    ).all()
    return render_template(
        "reports/service_panel.html",
        work=work,
        made=made,
        may_ask=may(user, "create", "service_report"),
    )


@bp.post("/work-orders/<int:work_id>/report")
@guard("create", "service_report")
def ask(work_id: int) -> BaseResponse:
    """Ask for the report as a PDF; pressing twice makes one."""
    user = the_user()
    known = recall(user.id)
    if known is not None:
        return go(known.location)
    language = request.form.get("language", "")
    report = request_service_report(
        work_id, user, language if language in ("ja", "en") else chosen()
    )
    target = url_for("service_reports.show", report_id=report.id)
    try:
        remember(user.id, 303, target, None)
    except Answered as twin:
        return go(twin.known.location)
    db.session.commit()
    return go(target)


@bp.get("/service-reports/<int:report_id>")
@guard("view", "service_report")
def show(report_id: int) -> str:
    """How far a report has come; the part alone for htmx."""
    report = get_service_report(report_id, the_user())
    part = request.headers.get("HX-Request")
    template = "reports/_service_job.html" if part else "reports/service_job.html"
    return render_template(template, report=report)


@bp.get("/service-reports/<int:report_id>.pdf")
@guard("view", "service_report")
def download(report_id: int) -> Response:
    """The PDF, once it is done."""
    report = get_service_report(report_id, the_user())
    return pdf_answer(pdf_of(report), f"WO-{report.work_order_id}-{report.id}.pdf")
