"""The pipeline report on the screen, and the way to its PDF."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from crm.clock import today
from crm.errors import Invalid, Unavailable
from crm.extensions import db
from crm.idempotency import recall, remember
from crm.language import chosen
from crm.reports import actions, asking, press, printing, queries, screen
from crm.reports.delivery import pdf_answer, pdf_of
from crm.reports.notation import Notation
from crm.reports.schemas import PageQuerySchema
from crm.rights import guard, the_user
from crm.web import flatten, go

bp = Blueprint("reports", __name__)


@bp.get("/reports")
@guard("view", "report")
def index() -> BaseResponse:
    """There is one report so far."""
    return redirect(url_for("reports.pipeline"))


@bp.get("/reports/pipeline")
@guard("view", "report")
def pipeline() -> str:
    """The figures as of a moment; the address alone brings them back."""
    asked = _asked(request.args.to_dict())
    user = the_user()
    filters, moment = asking.filters(asked, user), asking.moment(asked.get("as_of"))
    shown = screen.build(queries.figures(filters, moment), chosen())
    choices = screen.choices(user, filters, asking.fiscal_start(), today())
    return render_template("reports/pipeline.html", **shown, **choices, asked=_kept(asked))


@bp.post("/reports/pipeline")
@guard("create", "report")
def ask() -> BaseResponse:
    """Ask for the PDF of what the page shows."""
    user = the_user()
    known = recall(user.id)
    if known is not None:
        return go(known.location)
    fields = request.form.to_dict()
    for name in ("csrf_token", "idempotency_key"):
        fields.pop(name, None)
    asked = _asked(fields)
    order = {"kind": "pipeline", "as_of": asked.pop("as_of", None), "filters": asked}
    job = actions.request_report(order, user, chosen())
    target = url_for("reports.job", job_id=job.id)
    remember(user.id, 303, target, None)
    db.session.commit()
    return go(target)


@bp.get("/reports/pipeline.pdf")
@guard("create", "report")
def pipeline_pdf() -> Response:
    """The same query as the page, as a PDF at once. Answers 503 while another one is set."""
    asked = _asked(request.args.to_dict())
    user = the_user()
    filters, moment = asking.filters(asked, user), asking.moment(asked.get("as_of"))
    actions.refuse_too_long(filters, moment)
    if not press.ONE.acquire(blocking=False):
        raise Unavailable(_("Another report is being set. Try again in a moment."), 10)
    try:
        number = printing.number(None, moment)
        ready = printing.prepare(filters, moment, _name(user), number, chosen())
        db.session.rollback()
        pdf = press.run(ready.printing, lambda _done, _whole: None)
    except press.PressFailed as error:
        raise Unavailable(_("The PDF could not be made. Ask for it as a job."), 30) from error
    finally:
        press.ONE.release()
    return pdf_answer(pdf, f"pipeline-{moment.day}.pdf")


@bp.get("/reports/<int:job_id>")
@guard("view", "report")
def job(job_id: int) -> str:
    """How far a report has come; the part alone for htmx."""
    found = queries.get_job(job_id, the_user())
    part = request.headers.get("HX-Request")
    template = "reports/_job.html" if part else "reports/job.html"
    return render_template(
        template, job=found, title=screen.job_title(found, Notation(chosen())), most=queries.MOST
    )


@bp.get("/reports/<int:job_id>.pdf")
@guard("view", "report")
def download(job_id: int) -> Response:
    """The PDF, once it is done."""
    return pdf_of(queries.get_job(job_id, the_user()))


def _asked(fields: dict[str, str]) -> dict[str, Any]:
    """What the address asks for; an empty field is one that was not filled."""
    given = {name: value for name, value in fields.items() if value != ""}
    try:
        asked: dict[str, Any] = PageQuerySchema(unknown=ma.RAISE).load(given)
    except ma.ValidationError as error:
        raise Invalid(flatten(error.messages_dict)) from error
    return asked


def _kept(asked: dict[str, Any]) -> dict[str, Any]:
    """The same as fields of the form that asks for the PDF."""
    return {name: value for name, value in asked.items() if value is not None}


def _name(user: Any) -> str:
    return str(user.name)
