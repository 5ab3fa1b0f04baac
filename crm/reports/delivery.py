"""Handing out a PDF."""

from __future__ import annotations

from flask import Response, make_response
from flask_babel import gettext as _

from crm.errors import Conflict
from crm.reports import queries
from crm.reports.models import ReportJob

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pdf_of(job: ReportJob) -> Response:
    """The file of a report that is done. Raises Conflict before that."""
    if job.state != "done":
        raise Conflict(_("This report is not ready. It may still be in preparation."))
    name = f"{job.kind}-{job.params['as_of'][:10]}-{job.id}.pdf"
    return pdf_answer(queries.get_file(job), name)


def pdf_answer(content: bytes, name: str) -> Response:
    return file_answer(content, name, "application/pdf")


def file_answer(content: bytes, name: str, mimetype: str) -> Response:
    """A file to keep, under a name of ASCII letters."""
    response = make_response(content)
    response.mimetype = mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
