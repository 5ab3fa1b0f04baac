"""What the page of the pipeline report is drawn from."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from crm import clock
from crm.charts.drawing import NET
from crm.reports import pipeline, seating, wording
from crm.reports.figures import PipelineFigures
from crm.reports.lines import Filters, Moment, Period, fiscal_year, half_year, year_of
from crm.reports.models import ReportJob
from crm.reports.notation import Notation
from crm.reports.payload import fingerprint, payload
from crm.rights import Person, scope


def build(figures: PipelineFigures, language: str) -> dict[str, Any]:
    """Everything the page shows, in words and drawings."""
    n = Notation.for_screen(language)
    moment = figures.moment
    steps = pipeline.bridge_steps(figures, n, _ends(moment, n))
    return {
        "net": NET,
        "as_of": _as_of(moment, n),
        "as_of_field": moment.day.isoformat() if moment.whole_day else moment.until.isoformat(),
        "whole_day": moment.whole_day,
        "last": n.near_day(moment.before),
        "stages": pipeline.stage_rows(figures, n),
        "total": pipeline.total_row(figures, n),
        "landing": _landing(figures, n),
        "half": wording.period(figures.forecast.period),
        "has_targets": figures.forecast.target is not None,
        "months": pipeline.screen_months(figures, n),
        "steps": steps,
        "bridge": pipeline.screen_bridge(steps),
        "cut": pipeline.bridge_is_cut(steps),
        "origins": pipeline.origin_rows(figures, n),
        "support": _support(figures, n),
        "moves": pipeline.move_rows(figures, n),
        "remarks": wording.remarks(figures, n),
        "sha256": fingerprint(payload(figures)),
        "empty": not figures.lines and not figures.before.count and not figures.won.count,
        "scope": figures.filters,
    }


def _as_of(moment: Moment, n: Notation) -> str:
    if moment.whole_day:
        return n.long_day(moment.day)
    return f"{n.long_day(moment.day)} {clock.local(moment.until):%H:%M}"


def _ends(moment: Moment, n: Notation) -> tuple[str, str]:
    return (
        _("%(day)s balance", day=n.near_day(moment.before)),
        _("%(day)s balance", day=n.near_day(moment.day)),
    )


def _landing(figures: PipelineFigures, n: Notation) -> list[tuple[str, str, str, str]]:
    """Label, value, look and unit of each headline figure."""
    forecast = figures.forecast
    if forecast.target is None:
        return [
            (_("Expected landing"), n.thousands(forecast.landing), "b", ""),
            (_("Already won"), n.thousands(forecast.won), "", ""),
            (_("Weighted forecast"), n.thousands(forecast.weighted), "", ""),
        ]
    gap = forecast.landing - forecast.target
    return [
        (_("Expected landing"), n.thousands(forecast.landing), "b", ""),
        (pgettext("report", "Target"), n.thousands(forecast.target), "", ""),
        (pgettext("report", "Difference"), n.change(gap), "bad" if gap < 0 else "", ""),
        (pgettext("report", "Reached"), n.tenths(forecast.rate), "", "%"),
    ]


def _support(figures: PipelineFigures, n: Notation) -> str:
    support = figures.support
    return _(
        "%(deals)s, %(share)s%% of the amount",
        deals=wording.deals(support.count),
        share=n.tenths(support.share),
    )


def choices(user: Person, filters: Filters, start: int, day: date) -> dict[str, Any]:
    """What the filters of the page may be set to."""
    everybody = scope(user, "view", "report") != "own"
    return {
        "teams": seating.sales_teams() if everybody else [],
        "reps": seating.sales_people(filters.team_id) if everybody else [],
        "periods": [(one.code, wording.period(one)) for one in _periods(day, start)],
        "team_id": filters.team_id,
        "owner_id": filters.owner_id if everybody else None,
        "period": filters.period.code,
        "latest": day.isoformat(),
    }


def _periods(day: date, start: int) -> list[Period]:
    """All, and this fiscal year and the next with their halves."""
    year = fiscal_year(day, start)
    found = [Period("all")]
    for one in (year, year + 1):
        found += [year_of(one, start), half_year(one, 1, start), half_year(one, 2, start)]
    return found


def job_title(job: ReportJob, n: Notation) -> str:
    """The name of a report on its way."""
    on = n.day(date.fromisoformat(job.params["as_of"][:10]))
    if job.kind == "expiry":
        return _("What ends, %(day)s", day=on)
    return _("Pipeline report, %(day)s", day=on)
