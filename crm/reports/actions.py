"""Ask for a report, and note how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from crm.clock import now
from crm.errors import Invalid
from crm.extensions import db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.reports import expiry_report, queries, versions
from crm.reports.lines import Filters, Moment, Wanted
from crm.reports.models import ReportFile, ReportJob
from crm.rights import Person
from crm.timeline.actions import record


def request_report(fields: dict[str, Any], user: Person, language: str) -> ReportJob:
    """Write the job and its message. Raises Invalid for a moment that is none or a list that is
    too long to print, with the way out."""
    params = PARAMS[fields["kind"]](fields, user)
    job = ReportJob(
        kind=fields["kind"], params=params, language=language,
        requested_by_id=user.id, team_id=user.team_id, state="queued", progress=0,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    send("reports.build", f"report:{job.id}", {"job_id": job.id}, HEAVY)
    record("report.requested", job, user.id, account_id=None, report=job.kind)
    return job


def _pipeline(fields: dict[str, Any], user: Person) -> dict[str, Any]:
    asked = {"as_of": fields.get("as_of"), "compare": fields.get("compare"), **fields["filters"]}
    wanted = versions.wanted(asked, user)
    refuse_too_long(wanted.filters, wanted.moment)
    return _params(wanted)


PARAMS: dict[str, Callable[[dict[str, Any], Person], dict[str, Any]]] = {
    "pipeline": _pipeline, "expiry": expiry_report.params,
}  # fmt: skip
"""Kind of report → what its job keeps of the question. They raise Invalid."""


def refuse_too_long(filters: Filters, moment: Moment) -> None:
    """Raises Invalid when the list is longer than can be printed."""
    count = queries.count_open(filters, moment)
    if count > queries.MOST:
        raise Invalid({"filters": [too_long(count)]}, too_long(count))


def too_long(count: int) -> str:
    """Why a list is not printed, and what to do instead."""
    return _(
        "%(count)s deals are too many to print (at most %(most)s). Choose one team at a time, "
        "or take the list of deals as a workbook or CSV.",
        count=f"{count:,}",
        most=f"{queries.MOST:,}",
    )


def _params(wanted: Wanted) -> dict[str, Any]:
    """What the job will read again: the very moment, the very filters, and what to compare with."""
    moment = wanted.moment
    params = {
        "as_of": moment.day.isoformat() if moment.whole_day else moment.until.isoformat(),
        "filters": versions.kept(wanted.filters),
    }
    return params | ({"compare": wanted.version.report_id} if wanted.version else {})


def start(job: ReportJob) -> None:
    """It is being read now: that is the instant a later report compares itself with."""
    job.params = job.params | {"read_at": now().isoformat()}
    job.state, job.progress, job.error = "running", 1, None


def advance(job: ReportJob, percent: int) -> None:
    job.progress = min(max(percent, job.progress), 99)


def give_up(job: ReportJob, reason: str) -> None:
    """`reason` is "too_long" (refused), "press" or "rights" (failed)."""
    job.state = "refused" if reason == "too_long" else "failed"
    job.error, job.finished_at = reason, now()


def finish(job: ReportJob, pdf: bytes, sha256: str) -> None:
    """Keep the PDF; a second run puts the same in the same place."""
    found = db.session.get(ReportFile, job.id)
    if found is None:
        db.session.add(ReportFile(job_id=job.id, content=pdf))
    else:
        found.content = pdf
    job.state, job.progress, job.sha256, job.finished_at = "done", 100, sha256, now()
