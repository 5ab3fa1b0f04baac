"""The pipeline report on the screen, and the way to its PDF."""

from __future__ import annotations

from functools import partial
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
from crm.reports import (
    actions,
    asking,
    behind,
    press,
    printing,
    queries,
    screen,
    standing,
    versions,
)
from crm.reports.delivery import XLSX, file_answer, pdf_answer, pdf_of
from crm.reports.notation import Notation
from crm.reports.payload import fingerprint, payload
from crm.reports.schemas import PageQuerySchema, StepQuerySchema
from crm.reports.workbook import workbook
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
    wanted, kept = versions.wanted(asked, user), _kept(asked)
    figures = standing.figures(wanted)
    shown = screen.build(figures, chosen(), partial(_behind, kept))
    count = figures.total.sums.count
    return render_template(
        "reports/pipeline.html", asked=kept, **shown,
        too_long=actions.too_long(count) if count > queries.MOST else "",
        **screen.choices(user, wanted.filters, asking.fiscal_start(), today()),
        **screen.versions(
            versions.earlier(wanted.filters, wanted.moment, user), chosen(), wanted.version
        ),
    )  # fmt: skip


def _behind(kept: dict[str, Any], step: str) -> str:
    """The address of the deals behind a step of the bridge."""
    return url_for("reports.moves", **kept, step=step)


@bp.get("/reports/pipeline/moves")
@guard("view", "report")
def moves() -> str:
    """The deals behind one step of the bridge."""
    asked = _asked(request.args.to_dict(), StepQuerySchema)
    step = asked.pop("step")
    wanted = versions.wanted(asked, the_user())
    shown = screen.moved(behind.find(wanted, step), wanted, step, chosen())
    back = url_for("reports.pipeline", **_kept(asked))
    return render_template("reports/moves.html", back=back, **shown)


@bp.get("/reports/pipeline.xlsx")
@guard("create", "report")
def pipeline_workbook() -> Response:
    """The figures of the same query as a workbook."""
    wanted = versions.wanted(_asked(request.args.to_dict()), the_user())
    figures = queries.figures(wanted.filters, wanted.moment, wanted.version)
    made = workbook(figures, fingerprint(payload(figures)), Notation(chosen()))
    return file_answer(made, f"pipeline-{wanted.moment.day}.xlsx", XLSX)


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
    moment = {name: asked.pop(name, None) for name in ("as_of", "compare")}
    order = {"kind": "pipeline", "filters": asked, **moment}
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
    wanted = versions.wanted(asked, user)
    actions.refuse_too_long(wanted.filters, wanted.moment)
    if not press.ONE.acquire(blocking=False):
        raise Unavailable(_("Another report is being prepared. Try again in a moment."), 10)
    try:
        number = printing.number(None, wanted.moment)
        ready = printing.prepare(wanted, _name(user), number, chosen())
        db.session.rollback()
        pdf = press.run(ready.printing, lambda _done, _whole: None)
    except press.PressFailed as error:
        raise Unavailable(_("The PDF could not be made. Ask for it as a job."), 30) from error
    finally:
        press.ONE.release()
    return pdf_answer(pdf, f"pipeline-{wanted.moment.day}.pdf")


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


def _asked(
    fields: dict[str, str], schema: type[PageQuerySchema] = PageQuerySchema
) -> dict[str, Any]:
    """What the address asks for; an empty field is one that was not filled."""
    given = {name: value for name, value in fields.items() if value != ""}
    try:
        asked: dict[str, Any] = schema(unknown=ma.RAISE).load(given)
    except ma.ValidationError as error:
        raise Invalid(flatten(error.messages_dict)) from error
    return asked


def _kept(asked: dict[str, Any]) -> dict[str, Any]:
    """The same as fields of the form that asks for the PDF."""
    return {name: value for name, value in asked.items() if value is not None}


def _name(user: Any) -> str:
    return str(user.name)
