"""Building a report in the background. It can run twice: the second run makes the same file."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog

from crm.connections import writing
from crm.errors import Invalid, NotFound
from crm.extensions import db
from crm.reports import (
    actions,
    expiry_report,
    press,
    printing,
    queries,
    service_report,
    versions,
)
from crm.reports.models import ReportJob
from crm.reports.service_report_models import ServiceReport
from crm.rights import may
from crm.staff.models import Staff

log = structlog.get_logger()

BEAT = 0.7
"""Seconds between two notes of progress."""
READ, SET = 10, 95
"""Percent when the figures are read, and when the last sheet is set."""


def build(payload: dict[str, Any]) -> None:
    """Make the PDF of a report. Nothing is locked while it is read and set."""
    job = db.session.get(ReportJob, payload["job_id"])
    if job is None or job.state in ("done", "refused"):
        return
    actions.start(job)
    db.session.commit()
    try:
        made = _made(job)
    except press.PressFailed as error:
        db.session.rollback()
        log.error("report.press_failed", job=job.id, reason=str(error))
        made = "press"
    if isinstance(made, str):
        actions.give_up(job, made)
    else:
        actions.finish(job, *made)
    db.session.commit()


def _made(job: ReportJob) -> tuple[bytes, str] | str:
    """The PDF and the hash of its figures, or why there is none."""
    token = writing.set(False)
    try:
        ready = _ready(job)
        job_id = job.id
        db.session.rollback()
    finally:
        writing.reset(token)
    if isinstance(ready, str):
        return ready
    pdf = press.run(ready.printing, _noting(job_id))
    return pdf, ready.sha256


def _ready(job: ReportJob) -> printing.Ready | str:
    """Read with the rights that the person has now."""
    user = db.session.get(Staff, job.requested_by_id)
    if user is None or not user.active or not may(user, "create", "report"):
        return "rights"
    if job.kind == "expiry":
        return expiry_report.prepare(job, user)
    try:
        wanted = versions.wanted(job.params | job.params["filters"], user)
    except (Invalid, NotFound):
        return "rights"
    if queries.count_open(wanted.filters, wanted.moment) > queries.MOST:
        return "too_long"
    number = printing.number(job.id, wanted.moment)
    return printing.prepare(wanted, user.name, number, job.language)


def build_service_report(payload: dict[str, Any]) -> None:
    """Make the PDF of a work order's report. Nothing is locked while it is read and set."""
    report = db.session.get(ServiceReport, payload["report_id"])
    if report is None or report.state == "done":
        return
    service_report.start(report)
    db.session.commit()
    try:
        made = _set_service_report(report.id)
    except press.PressFailed as error:
        db.session.rollback()
        log.error("report.press_failed", service_report=payload["report_id"], reason=str(error))
        made = "press"
    report = db.session.get_one(ServiceReport, payload["report_id"])
    if isinstance(made, str):
        service_report.give_up(report, made)
    else:
        service_report.finish(report, *made)
    db.session.commit()


def _set_service_report(report_id: int) -> tuple[service_report.Ready, bytes] | str:
    token = writing.set(False)
    try:
        ready = service_report.prepare(db.session.get_one(ServiceReport, report_id))
        db.session.rollback()
    finally:
        writing.reset(token)
    if isinstance(ready, str):
        return ready
    return ready, press.run(ready.printing, lambda _done, _whole: None)


def _noting(job_id: int) -> Callable[[int, int], None]:
    """Writes the progress down, in a transaction of its own and not too often."""
    last = time.monotonic()

    def note(done: int, whole: int) -> None:
        nonlocal last
        if time.monotonic() - last < BEAT:
            return
        last = time.monotonic()
        actions.advance(db.session.get_one(ReportJob, job_id), READ + (SET - READ) * done // whole)
        db.session.commit()

    return note
