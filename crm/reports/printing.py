"""From filters and a moment to the PDF: the figures, the list, the sheets and the press."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale

from crm import clock
from crm.extensions import db
from crm.reports import paper, press, queries, seating
from crm.reports.ledger import arrange
from crm.reports.lines import Filters, Moment, Wanted
from crm.reports.notation import Notation
from crm.reports.payload import fingerprint, payload
from crm.staff.models import Staff, Team


@dataclass(frozen=True, slots=True)
class Ready:
    """Sheets that only wait for the press."""

    printing: press.Printing
    sha256: str


def prepare(wanted: Wanted, by: str, number: str, language: str) -> Ready:
    """Read everything and set it in HTML. `by` is who prints it, `number` the report's."""
    filters, moment = wanted.filters, wanted.moment
    figures = queries.figures(filters, moment, wanted.version)
    lines = seating.detailed(figures.lines)
    sha256 = fingerprint(payload(figures))
    team, owner = named(filters)
    stamp = paper.Stamp(
        company=current_app.extensions["company"](),
        report_number=number,
        printed_by=by,
        printed_at=clock.local(clock.now()),
        until=clock.local(moment.until),
        team=team.name if team else "",
        owner=owner.name if owner else "",
        sha256=sha256,
    )
    with force_locale(language):
        ledger = arrange(lines, seating.seats(lines))
        return Ready(paper.build(figures, ledger, stamp, Notation(language)), sha256)


def named(filters: Filters) -> tuple[Team | None, Staff | None]:
    """Whose deals the filters ask for."""
    team = db.session.get(Team, filters.team_id) if filters.team_id is not None else None
    owner = db.session.get(Staff, filters.owner_id) if filters.owner_id is not None else None
    return team, owner


def number(job_id: int | None, moment: Moment) -> str:
    """What is printed as the report's number: P1 is the pipeline report."""
    return f"RP-P1-{moment.day:%Y%m%d}" + (f"-{job_id}" if job_id else "")
