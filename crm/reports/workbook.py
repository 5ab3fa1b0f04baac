"""The figures of the pipeline report as an Excel workbook: stages, bridge, months and origins.

Amounts are whole yen as numbers, so that a colleague can go on calculating with them; the list of
deals is taken from the list of deals, where it is written down who took it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from flask_babel import gettext as _
from flask_babel import pgettext

from crm.reports import comparing, wording
from crm.reports.figures import PipelineFigures, StageRow
from crm.reports.notation import Notation

Cell = str | int | float | None
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name, its head and its rows."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(figures: PipelineFigures, sha256: str, n: Notation) -> bytes:
    """The whole file. What is compared, as of when and with what filters stands on every sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE) as book:
        bold, yen = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        for table in (_stages(figures), _bridge(figures, n), _months(figures), _origins(figures)):
            _write(book.add_worksheet(table.name), table, _title(figures, sha256, n), bold, yen)
    return out.getvalue()


def _write(sheet: Any, table: Table, title: Sequence[str], bold: Any, yen: Any) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, max(len(table.head) - 1, 1), 16, yen)
    for line, text in enumerate(title):
        sheet.write_string(line, 0, text, bold if line == 0 else None)
    top = len(title) + 1
    for place, text in enumerate(table.head):
        sheet.write_string(top, place, text, bold)
    for line, row in enumerate(table.rows, top + 1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, place, cell)
            elif cell is not None:
                sheet.write_number(line, place, cell)


def _title(figures: PipelineFigures, sha256: str, n: Notation) -> list[str]:
    compared = (
        comparing.source(figures.version, n)
        if figures.version
        else _("end of %(last)s", last=n.day(figures.moment.before))
    )
    return [
        _("Pipeline report"),
        _("As of %(at)s", at=comparing.at(figures.moment, n)),
        _("compared with the %(version)s", version=compared),
        wording.span(figures.filters.period, n),
        _("Amounts in yen without tax"),
        f"SHA-256 {sha256[:16]}",
    ]


def _stages(figures: PipelineFigures) -> Table:
    head = (
        pgettext("column", "Stage"), pgettext("column", "Count"), pgettext("column", "Amount"),
        pgettext("column", "Weighted"), _("Mean days in stage"), _("Diff. count"),
        _("Diff. amount"), pgettext("column", "Share"),
    )  # fmt: skip
    return Table(_("By stage"), head, [_stage(row) for row in (*figures.stages, figures.total)])


def _stage(row: StageRow) -> Sequence[Cell]:
    sums = row.sums
    return (
        wording.stage(row.stage), sums.count, sums.amount, sums.weighted, _tenth(sums.days),
        row.count_change, row.amount_change, _tenth(row.share),
    )  # fmt: skip


def _bridge(figures: PipelineFigures, n: Notation) -> Table:
    bridge, said = figures.bridge, comparing.said(figures, n)
    head = (
        pgettext("column", "Move"), pgettext("column", "Count"), pgettext("column", "Amount"),
    )  # fmt: skip
    rows: list[Sequence[Cell]] = [(said.opening, bridge.opening_count, bridge.opening)]
    rows += [(wording.step(step.kind), step.count, step.amount) for step in bridge.steps]
    day = n.near_day(figures.moment.day)
    rows.append((_("%(day)s balance", day=day), bridge.closing_count, bridge.closing))
    return Table(_("Bridge"), head, rows)


def _months(figures: PipelineFigures) -> Table:
    head = (
        pgettext("report", "Period"), pgettext("chart", "won"), pgettext("chart", "weighted"),
        pgettext("chart", "target"),
    )  # fmt: skip
    rows = [
        (month.first.isoformat()[:7], month.won, month.weighted, month.target)
        for month in figures.forecast.months
    ]
    return Table(_("Forecast result"), head, rows)


def _origins(figures: PipelineFigures) -> Table:
    head = (
        pgettext("column", "Origin"), pgettext("column", "Count"), pgettext("column", "Amount"),
        pgettext("column", "Share"),
    )  # fmt: skip
    rows = [
        (wording.origin(row.origin), row.count, row.amount, _tenth(row.share))
        for row in figures.origins
    ]
    return Table(pgettext("column", "Origin"), head, rows)


def _tenth(value: int | None) -> float | None:
    return None if value is None else value / 10
