"""Rows become an Excel workbook, one row at a time: nothing is kept in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from crm.sheets.writing import MOST_ODD, Cell, Column, Odd, Written, text_of
from crm.text.cells import as_text

MOST_ROWS = 2**20 - 1
"""Rows of a sheet below its header."""
LONGEST = 32_767
"""Characters that a cell can hold."""
_WIDTHS = {"text": 22, "number": 12, "yen": 14, "day": 12, "instant": 18}
_FORMATS = {
    "yen": "#,##0", "day": "yyyy/mm/dd", "instant": "yyyy/mm/dd hh:mm", "number": "General",
}  # fmt: skip
_OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip


class TooManyRows(ValueError):
    """More rows than a sheet can hold."""


def write_workbook(
    path: Path, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> Written:
    """Write a workbook with one sheet: a frozen header, days as days, money as numbers, text as
    text. Raises TooManyRows; cells that are too long are named and the file is not to be used."""
    written = Written()
    for _row in workbook_rows(path, title, columns, rows, written):
        pass
    return written


def workbook_rows(
    path: Path,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    written: Written,
) -> Iterator[int]:
    """The same, telling the number of each row that was written. Raises TooManyRows."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        sheet = _Sheet(book, title, columns, written)
        for row in rows:
            if written.rows == MOST_ROWS:
                raise TooManyRows(written.rows)
            written.rows += 1
            sheet.put(row)
            yield written.rows
            if len(written.odd) >= MOST_ODD:
                return
        sheet.close()


class _Sheet:
    """The one sheet of a workbook."""

    def __init__(self, book: Any, title: str, columns: Sequence[Column], written: Written) -> None:
        self._columns, self._written = columns, written
        self._sheet = book.add_worksheet(title[:31])
        self._formats = {name: book.add_format({"num_format": n}) for name, n in _FORMATS.items()}
        for place, column in enumerate(columns):
            width = max(_WIDTHS[column.kind], min(2 * len(column.label) + 2, 40))
            self._sheet.set_column(place, place, width, self._formats.get(column.kind))
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": False})
        for place, column in enumerate(columns):
            self._sheet.write_string(0, place, column.label, head)
        self._sheet.freeze_panes(1, 0)

    def put(self, row: Sequence[Cell]) -> None:
        """One row below the last."""
        for place, (column, cell) in enumerate(zip(self._columns, row, strict=True)):
            if cell is not None and cell != "":
                self._cell(place, column, cell)

    def _cell(self, place: int, column: Column, cell: Any) -> None:
        line, style = self._written.rows, self._formats.get(column.kind)
        if isinstance(cell, str):
            text = as_text(cell)
            if len(text) > LONGEST:
                self._written.odd.append(Odd(line + 1, column.label, ""))
            else:
                self._sheet.write_string(line, place, text)
        elif not isinstance(cell, date):
            self._sheet.write_number(line, place, cell, style)
        elif cell.year < 1900:
            self._sheet.write_string(line, place, text_of(cell))
        else:
            moment = cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell
            self._sheet.write_datetime(line, place, moment, style)

    def close(self) -> None:
        """Let the columns be filtered by their values."""
        self._sheet.autofilter(0, 0, self._written.rows, len(self._columns) - 1)
