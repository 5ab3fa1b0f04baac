"""The printed list of what ends: asked for as a job, or set at once."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from crm.clock import today
from crm.errors import Invalid, Unavailable
from crm.expiry import asking
from crm.expiry.asking import Asked
from crm.expiry.schemas import ExpiryFilters
from crm.extensions import db
from crm.idempotency import recall, remember
from crm.language import chosen
from crm.reports import actions, expiry_report, press
from crm.reports.delivery import pdf_answer
from crm.rights import guard, the_user
from crm.web import flatten, go

bp = Blueprint("expiry_reports", __name__)


@bp.post("/reports/expiry")
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
    order = {"kind": "expiry", "filters": _fields(fields)}
    job = actions.request_report(order, user, chosen())
    target = url_for("reports.job", job_id=job.id)
    remember(user.id, 303, target, None)
    db.session.commit()
    return go(target)


@bp.get("/reports/expiry.pdf")
@guard("create", "report")
def at_once() -> Response:
    """The same query as the page, as a PDF at once. Answers 503 while another one is set."""
    user: Any = the_user()
    asked = _asked(request.args.to_dict())
    found = expiry_report.whole(asked)
    if not press.ONE.acquire(blocking=False):
        raise Unavailable(_("Another report is being prepared. Try again in a moment."), 10)
    try:
        ready = expiry_report.ready(asked, found, str(user.name), "", chosen())
        db.session.rollback()
        pdf = press.run(ready.printing, lambda _done, _whole: None)
    except press.PressFailed as error:
        raise Unavailable(_("The PDF could not be made. Ask for it as a job."), 30) from error
    finally:
        press.ONE.release()
    return pdf_answer(pdf, f"expiry-{today()}.pdf")


def _asked(fields: dict[str, str]) -> Asked:
    return asking.read(_fields(fields), the_user(), today())


def _fields(fields: dict[str, str]) -> dict[str, Any]:
    """An empty field is one that was not filled. Raises Invalid."""
    given = {name: value for name, value in fields.items() if value != ""}
    try:
        found: dict[str, Any] = ExpiryFilters(unknown=ma.RAISE).load(given)
    except ma.ValidationError as error:
        raise Invalid(flatten(error.messages_dict)) from error
    return found
