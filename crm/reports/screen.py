"""What the page of the pipeline report is drawn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from crm.charts.drawing import NET
from crm.clock import today
from crm.reports import comparing, pipeline, seating, wording
from crm.reports.behind import Behind
from crm.reports.figures import PipelineFigures
from crm.reports.lines import (
    DealLine,
    Filters,
    Moment,
    Period,
    Version,
    Wanted,
    fiscal_year,
    half_year,
    year_of,
)
from crm.reports.models import ReportJob
from crm.reports.notation import Notation
from crm.reports.payload import fingerprint, payload
from crm.rights import Person, scope


def build(figures: PipelineFigures, language: str, behind: Callable[[str], str]) -> dict[str, Any]:
    """Everything the page shows, in words and drawings. `behind` gives the address of the deals
    behind a step of the bridge."""
    n = Notation.for_screen(language)
    moment = figures.moment
    said = comparing.said(figures, n)
    ends = (said.opening, _("%(day)s balance", day=n.near_day(moment.day)))
    steps = pipeline.bridge_steps(figures, n, ends, behind)
    return {
        "net": NET,
        "as_of": comparing.at(moment, n),
        "said": said,
        "source": comparing.source(figures.version, n) if figures.version else "",
        "as_of_field": moment.day.isoformat() if moment.whole_day else moment.until.isoformat(),
        "whole_day": moment.whole_day,
        "stages": pipeline.stage_rows(figures, n),
        "same_deals": _same_deals(figures.filters, moment),
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
        "sha256": fingerprint(payload(figures)) if figures.whole else "",
        "empty": not figures.total.sums.count
        and not figures.before.count
        and not figures.won.count,
        "scope": figures.filters,
    }


def _same_deals(filters: Filters, moment: Moment) -> dict[str, Any] | None:
    """What the list of deals is asked, so that it shows those that a figure counts. None for an
    earlier moment: the list shows the deals as they are, so no list holds what stood then."""
    if not moment.whole_day or moment.day != today():
        return None
    last = filters.period.last
    return {
        "team": filters.team_id or "all", "owner": filters.owner_id,
        "close_to": last.isoformat() if last else None, "undated": 1 if last else None,
    }  # fmt: skip


def _landing(figures: PipelineFigures, n: Notation) -> list[tuple[str, str, str, str]]:
    """Label, value, look and unit of each headline figure."""
    forecast = figures.forecast
    if forecast.target is None:
        return [
            (_("Forecast result"), n.thousands(forecast.landing), "b", ""),
            (_("Already won"), n.thousands(forecast.won), "", ""),
            (_("Weighted forecast"), n.thousands(forecast.weighted), "", ""),
        ]
    gap = forecast.landing - forecast.target
    return [
        (_("Forecast result"), n.thousands(forecast.landing), "b", ""),
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


def moved(found: Behind, wanted: Wanted, step: str, language: str) -> dict[str, Any]:
    """The page of the deals behind a step of the bridge."""
    n = Notation.for_screen(language)
    return {
        "name": wording.step(step),
        "count": wording.deals(found.count),
        "amount": n.change(found.amount),
        "bridge": comparing.bridge(wanted.moment, wanted.version, n),
        "source": comparing.source(wanted.version, n) if wanted.version else "",
        "rows": [_moved(line, amount, found, n) for line, amount in found.moves],
        "more": found.count > len(found.moves),
    }


def _moved(line: DealLine, amount: int, found: Behind, n: Notation) -> dict[str, Any]:
    return {
        "id": line.id,
        "title": line.title,
        "account": line.account,
        "rep": found.seats[line.team_id, line.owner_id].rep,
        "stage": wording.stage(line.stage),
        "close": n.short_day(line.expected_close_on),
        "change": n.change(amount),
        "less": amount < 0,
    }


def versions(found: Sequence[Version], language: str, chosen: Version | None) -> dict[str, Any]:
    """The versions to compare with, the newest first: key, name and whether it is the one."""
    n = Notation.for_screen(language)
    mine = chosen.report_id if chosen else None
    return {
        "versions": [
            (one.report_id, f"{comparing.as_of(one, n)} {one.by}", one.report_id == mine)
            for one in found
        ],
        "compare": mine,
    }


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
