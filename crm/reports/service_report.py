"""Ask for the report of a work order, and bring it to paper."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from crm import clock
from crm.errors import Conflict, NotFound
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.reports import press, service_report_paper
from crm.reports.notation import Notation
from crm.reports.service_report_models import ServiceReport, ServiceReportFile
from crm.rights import Person, may
from crm.service.onsite_report import content_of, fingerprint
from crm.service.queries import get_work_order
from crm.service.signature_actions import signatures_of
from crm.staff.models import Office, Staff, Team
from crm.timeline.actions import record

LANGUAGES = ("ja", "en")


def get_service_report(report_id: int, user: Person, action: str = "view") -> ServiceReport:
    """The door: raises NotFound when missing or not for this person."""
    found = db.session.get(ServiceReport, report_id)
    if found is None or not may(user, action, "service_report", found):
        raise NotFound
    return found


def pdf_of(report: ServiceReport) -> bytes:
    """The PDF of a report that is done. Raises Conflict before that."""
    found = db.session.get(ServiceReportFile, report.id)
    if report.state != "done" or found is None:
        raise Conflict(_("This report is not ready. It may still be in preparation."))
    return found.content


def request_service_report(work_id: int, user: Person, language: str) -> ServiceReport:
    """Write the report's row and its message. Raises NotFound without the work order."""
    work = get_work_order(work_id, user)
    report = ServiceReport(
        work_order_id=work.id, language=language, requested_by_id=user.id, state="queued",
        progress=0,
    )  # fmt: skip
    db.session.add(report)
    db.session.flush()
    send("reports.service", f"service-report:{report.id}", {"report_id": report.id}, HEAVY)
    record(
        "work_order.reported", work, user.id, account_id=work.account_id, work_order_id=work.id,
        number=work.number, unit_id=work.unit_id,
    )  # fmt: skip
    return report


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter that only waits for the press."""

    printing: press.Printing
    sha256: str
    signature_id: int | None


def prepare(report: ServiceReport) -> Ready | str:
    """Read with the rights that the person has now, and set in HTML; else why not."""
    user = db.session.get(Staff, report.requested_by_id)
    if user is None or not user.active or not may(user, "view", "work_order"):
        return "rights"
    work = db.session.get_one(WorkOrder, report.work_order_id)
    content = content_of(work)
    signed = next(iter(signatures_of(work.id)), None)
    sha256 = fingerprint(content)
    stamp = service_report_paper.Stamp(
        company=current_app.extensions["company"](), report_number=f"WR-{work.id}-{report.id}",
        printed_by=user.name, printed_at=clock.local(clock.now()), sha256=sha256,
        sender=_sender(work.assignee_id or user.id),
    )  # fmt: skip
    with force_locale(report.language):
        printing = service_report_paper.build(content, stamp, signed, Notation(report.language))
    return Ready(printing, sha256, signed.id if signed else None)


def _sender(staff_id: int) -> service_report_paper.Sender:
    """The office of a person: her own, else her team's."""
    row = db.session.execute(
        sa.select(Office.postal_code, Office.address, Office.phone, Office.phone_note)
        .select_from(Staff)
        .outerjoin(Team, Team.id == Staff.team_id)
        .join(Office, Office.id == sa.func.coalesce(Staff.office_id, Team.office_id))
        .where(Staff.id == staff_id)
    ).first()
    return service_report_paper.Sender(*row) if row else service_report_paper.Sender()


def start(report: ServiceReport) -> None:
    report.state, report.progress, report.error = "running", 10, None


def give_up(report: ServiceReport, reason: str) -> None:
    """`reason` is "press" or "rights"."""
    report.state, report.error, report.finished_at = "failed", reason, clock.now()


def finish(report: ServiceReport, ready: Ready, pdf: bytes) -> None:
    """Keep the PDF; a second run puts the same in the same place."""
    found = db.session.get(ServiceReportFile, report.id)
    if found is None:
        db.session.add(ServiceReportFile(report_id=report.id, content=pdf))
    else:
        found.content = pdf
    report.state, report.progress, report.finished_at = "done", 100, clock.now()
    report.sha256, report.signature_id = ready.sha256, ready.signature_id
