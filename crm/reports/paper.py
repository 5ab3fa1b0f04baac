"""The pipeline report as sheets of HTML for the press: a summary, then the list of deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import pgettext

from crm.deals.models import RANK_WEIGHTS
from crm.reports import comparing, pipeline, ruling, wording
from crm.reports.figures import PipelineFigures
from crm.reports.fitting import fit, plain, tight
from crm.reports.ledger import Ledger, Total
from crm.reports.lines import Moment, idle_days, is_stale
from crm.reports.notation import NONE, Notation
from crm.reports.press import Printing
from crm.reports.sheets import Division, Entry, Head, Row, Sum, cut

COLUMNS = (6.5, 18, 34, 41, 20.5, 16, 7, 14.5, 12.5, 12, 12, 30, 12, 8, 17, 10)
"""Millimetres, 271 in all; one for each column of the list."""
GAP = 1.6
"""Room at both sides of a cell's text together."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who printed what and when; `printed_at` and `until` are on the company's clock."""

    company: str
    report_number: str
    printed_by: str
    printed_at: datetime
    until: datetime
    team: str
    owner: str
    sha256: str


def build(figures: PipelineFigures, ledger: Ledger, stamp: Stamp, n: Notation) -> Printing:
    """All sheets in the language that is in force. Without a deal it is one sheet that says so."""
    sheets = cut(ledger)
    empty = not sheets and not figures.before.count and not figures.won.count
    whole = 1 if empty else 1 + len(sheets)
    shared = _shared(figures, stamp, n) | {"pages": whole}
    if empty:
        pages = [_set("reports/paper/empty.html", page=1, **shared)]
    else:
        pages = [_set("reports/paper/summary.html", page=1, **shared,
                                 **_summary(figures, n))]  # fmt: skip
        pages += [
            _set(
                "reports/paper/list.html", page=number, columns=COLUMNS, last=number == whole,
                rows=[_row(row, figures.moment, n) for row in sheet], rules=ruling.ruled(sheet),
                **shared,
            )
            for number, sheet in enumerate(sheets, 2)
        ]  # fmt: skip
    css = _set("reports/paper/paper.css")
    return Printing(_("Pipeline report"), stamp.company, n.language, css, pages)


def _set(template: str, **words: Any) -> str:
    """Paper needs nothing of what every page of the screen is given."""
    return current_app.jinja_env.get_or_select_template(template).render(words)


def _shared(figures: PipelineFigures, stamp: Stamp, n: Notation) -> dict[str, Any]:
    """The head and the foot of every sheet."""
    team = "　".join(plain(part) for part in (stamp.team or _("All teams"), stamp.owner) if part)
    return {
        "month": _subtitle(figures, n),
        "conditions": [
            (pgettext("report", "Period"), wording.span(figures.filters.period, n)),
            (pgettext("report", "Basis"), _("Expected order date")),
            (pgettext("report", "Team"), fit(team, 60, 6.2)),
            (pgettext("report", "Selection"), pgettext("report", "Open deals")),
            (pgettext("report", "As of"), wording.as_of(figures, n.stamp(stamp.until), n)),
        ],
        "stamp": stamp,
        "printed_at": n.stamp(stamp.printed_at),
        "tight": tight,
        "n": n,
    }


def _subtitle(figures: PipelineFigures, n: Notation) -> str:
    """The month, and the version that the report is compared with."""
    month = n.year_month(figures.moment.day)
    if figures.version is None:
        return month
    source = comparing.source(figures.version, n)
    return fit(f"{month}　" + _("compared with the %(version)s", version=source), 175, 9)


def _summary(figures: PipelineFigures, n: Notation) -> dict[str, Any]:
    said = comparing.said(figures, n)
    ends = (said.opening_on_paper, pgettext("balance", "Now"))
    weights = {f"rank_{rank.lower()}": weight for rank, weight in RANK_WEIGHTS.items()}
    return {
        "heads": _heads(figures, n),
        "stages": pipeline.stage_rows(figures, n),
        "total": pipeline.total_row(figures, n),
        "share_bar": pipeline.share_bar(figures, n),
        "origins": pipeline.origin_rows(figures, n),
        "bridge": pipeline.paper_bridge(pipeline.bridge_steps(figures, n, ends)),
        "moves": pipeline.move_rows(figures, n),
        "remarks": wording.remarks(figures, n),
        "weights": weights,
        "said": said,
    }


@dataclass(frozen=True, slots=True)
class Headline:
    label: str
    value: str
    unit: str
    detail: str


def _heads(figures: PipelineFigures, n: Notation) -> list[Headline]:
    """The five figures on top."""
    thousand = _("thousand yen")
    sums, support = figures.total.sums, figures.support
    return [
        Headline(
            _("Open pipeline"), n.thousands(sums.amount), thousand,
            f"{wording.deals(sums.count)}　"
            + _growth(figures, n),
        ),
        Headline(
            pgettext("column", "Weighted"), n.thousands(sums.weighted), thousand,
            _("%(share)s%% of the amount", share=n.tenths(figures.weighted_rate)),
        ),
        Headline(
            comparing.said(figures, n).won, n.thousands(figures.won.amount), thousand,
            f"{wording.deals(figures.won.count)}　"
            + _("lost %(count)s (win rate %(share)s%%)",
                count=wording.deals(figures.lost.count), share=n.tenths(figures.win_rate)),
        ),
        _landing(figures, n, thousand),
        Headline(
            pgettext("report", "From support"), n.tenths(support.share), "%",
            f"{wording.deals(support.count)}　{n.thousands(support.amount)} {thousand}",
        ),
    ]  # fmt: skip


def _growth(figures: PipelineFigures, n: Notation) -> str:
    facts = {"amount": n.change(figures.total.amount_change), "share": n.growth(figures.growth)}
    if figures.version is not None:
        return _("since that version %(amount)s (%(share)s%%)", **facts)
    return _("since last month %(amount)s (%(share)s%%)", **facts)


def _landing(figures: PipelineFigures, n: Notation, thousand: str) -> Headline:
    forecast = figures.forecast
    detail = _("won %(won)s + weighted %(weighted)s", won=n.thousands(forecast.won),
               weighted=n.thousands(forecast.weighted))  # fmt: skip
    if forecast.target is None:
        label = _("%(half)s: forecast", half=wording.half(forecast.period))
        return Headline(label, n.thousands(forecast.landing), thousand, detail)
    label = _("%(half)s: forecast against target", half=wording.half(forecast.period))
    target = _("target %(amount)s", amount=n.thousands(forecast.target))
    return Headline(label, n.tenths(forecast.rate), "%", f"{detail}　{target}")


def _row(row: Row, moment: Moment, n: Notation) -> dict[str, Any]:
    if isinstance(row, Division):
        return {"kind": "division", "name": plain(row.name)}
    if isinstance(row, Head):
        name = "　".join(plain(part) for part in (row.seat.team, row.seat.rep) if part)
        return {"kind": "head", "name": name, "continued": row.continued}
    if isinstance(row, Sum):
        return {"kind": "sum", "level": row.level, "name": plain(row.name)} | _sums(row.total, n)
    return _entry(row, moment, n)


def _sums(total: Total, n: Notation) -> dict[str, Any]:
    return {
        "count": wording.deals(total.count),
        "amount": n.thousands(total.amount),
        "weighted": n.thousands(total.weighted),
        "gross_profit": n.thousands(total.gross_profit),
    }


def _entry(row: Entry, moment: Moment, n: Notation) -> dict[str, Any]:
    line = row.line
    idle = idle_days(line, moment.day)
    room = COLUMNS[3] - GAP - (7 if line.rule else 0)
    return {
        "kind": "deal",
        "no": row.number,
        "number": _cell(line.number, 1),
        "account": tight(_cell(line.account, 2)),
        "rule": line.rule,
        "title": tight(fit(plain(line.title), room)),
        "product": _cell(line.product, 4),
        "stage": _cell(wording.stage(line.stage), 5),
        "rank": line.rank,
        "amount": n.thousands(line.amount),
        "gross_profit": n.thousands(line.gross_profit),
        "close": n.short_day(line.expected_close_on),
        "revenue": n.short_day(line.revenue_on),
        "next": tight(_cell(_next_step(row, n), 11)) if line.next_step_on else "",
        "last": n.short_day(line.last_activity_on),
        "idle": NONE if idle is None else str(max(idle, 0)),
        "stale": is_stale(line, moment.day),
        "competitor": fit(plain(line.competitor), COLUMNS[14] - GAP - 1.7) or NONE,
        "rep": _cell(_family_name(row.seat.rep), 15),
    }


def _next_step(row: Entry, n: Notation) -> str:
    assert row.line.next_step_on is not None
    return f"{n.near_day(row.line.next_step_on)} {row.line.next_step}"


def _cell(text: str, column: int) -> str:
    return fit(plain(text), COLUMNS[column] - GAP)


def _family_name(name: str) -> str:
    return name.split()[0] if name.split() else ""
