"""A file with a table in it, opened: what was found of it, and its rows one after another.

Nothing is held in memory but the first rows, however long the file is. A workbook is written out
once as text; from then on it is read like a file of text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from flask_babel import gettext as _

from crm.sheets.encodings import find_encoding
from crm.sheets.hidden_rows import HiddenRows
from crm.sheets.layout import (
    DELIMITERS,
    DITTO,
    HEADER_WITHIN,
    called,
    find_delimiter,
    guess_header,
    header_with,
    judge,
    names,
    repeated,
)
from crm.sheets.refusals import Refusal, TooMuch
from crm.sheets.rows import Row, read_rows
from crm.sheets.two_lines import second_line
from crm.sheets.workbooks import Form, check_kind, form_of, hidden_in, sheets_of, unpack

MOST_SHEETS = 10
"""So many sheets of a workbook are tried for a table."""
LEGEND = 5
"""A sheet of two columns with fewer rows is not taken where another has more."""
TOP = 200
"""So many rows are looked at to find where the table begins."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody says of a file; what is not said is found. `header` 0: it has none."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header: int | None = None
    among: tuple[str, ...] = ()
    """Encodings that are likely, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Table:
    """What was found. `header_line` is 0 where there is no header; `titles` stand above it.

    `sheet` and `sheets` are empty for a file of text, `encoding` and `delimiter` for a workbook.
    """

    path: Path
    name: str
    header: tuple[str, ...]
    header_line: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    titles: tuple[Row, ...] = ()
    form: Form | None = None
    reach: int = 0
    """Cells in the line of the header, those without a heading at its end too."""
    macros: bool = False
    """The workbook holds macros, which nobody runs."""

    def rows(self, after: int = 0) -> Iterator[Row]:
        """The rows under the header whose line comes after one. Blank and junk rows are marked.

        Raises Refusal where the file stops being a table.
        """
        begin = max(after, self.header_line)
        above = {row.line for row in self.titles} if not self.header_line else set()
        last: list[str] = []
        for row in self._every():
            if row.line <= self.header_line or row.line in above:
                continue
            said = row if DITTO.isdisjoint(row.cells) else repeated(row, last)
            judged = judge(said, self.header, bool(self.sheet), self.reach)
            if not judged.junk and any(judged.cells):
                last = judged.cells
            if row.line > begin:
                yield judged

    def hidden(self) -> HiddenRows:
        """Rows that a workbook hides, by hand or by a filter: they are read like the others."""
        if self.form is None:
            return HiddenRows()
        return hidden_in(self.path, self.form, self.sheets.index(self.sheet))

    def _every(self) -> Iterator[Row]:
        if self.form is None:
            return read_rows(self.path, self.encoding, self.delimiter)
        written = unpack(self.path, self.form, self.sheets.index(self.sheet))
        return read_rows(written, "utf-8", ",", True)


def open_table(
    path: Path, choice: Choice = Choice(), wanted: Sequence[str] = (), columns: Sequence[str] = ()
) -> Table:  # fmt: skip
    """Find out how a file is to be read. Its header holds the `wanted` names, or is guessed;
    a file with `columns` has none.

    Raises Refusal in words when it is no table, or does no good to who reads it.
    """
    form = form_of(path)
    if form is not None:
        return _in_workbook(path, form, choice, wanted, columns)
    check_kind(path)
    encoding = find_encoding(path, choice.encoding, choice.among)
    marks = [choice.delimiter] if choice.delimiter else _delimiters(path, encoding)
    tried: list[Refusal] = []
    for mark in marks if wanted else marks[:1]:
        try:
            table = Table(path, path.name, (), 0, encoding=encoding, delimiter=mark)
            return _placed(table, choice, wanted, columns)
        except Refusal as error:
            tried.append(error)
    raise tried[0]


def _in_workbook(
    path: Path, form: Form, choice: Choice, wanted: Sequence[str], columns: Sequence[str]
) -> Table:
    """The sheet that somebody chose, else the first with a table on it: a cover is none, and a
    legend of two columns only where nothing else is."""
    sheets = sheets_of(path, form)
    tried: list[Refusal] = []
    small: Table | None = None
    for name in _chosen(path, sheets.names, choice):
        try:
            table = Table(
                path, path.name, (), 0, sheet=name, sheets=sheets.names, form=form,
                macros=sheets.macros,
            )  # fmt: skip
            found = _placed(table, choice, wanted, columns)
            if wanted or columns or choice.header is not None or not _is_small(found):
                return found
            small = small or found
        except TooMuch:
            raise
        except Refusal as error:
            tried.append(error)
    if small is not None:
        return small
    raise tried[0]


def _is_small(table: Table) -> bool:
    filled = (row for row in table.rows() if not row.blank)
    return len(table.header) < 3 and sum(1 for _row in islice(filled, LEGEND)) < LEGEND


def _chosen(path: Path, sheets: tuple[str, ...], choice: Choice) -> tuple[str, ...]:
    if choice.sheet is None:
        return sheets[:MOST_SHEETS]
    if choice.sheet not in sheets:
        raise Refusal(
            _("%(file)s has no sheet %(name)s. One of: %(all)s.", file=path.name,
              name=choice.sheet, all=", ".join(sheets))
        )  # fmt: skip
    return (choice.sheet,)


def _delimiters(path: Path, encoding: str) -> list[str]:
    with path.open(encoding=encoding, newline="") as file:
        top = [line for line in (file.readline(20_000) for _n in range(TOP)) if line.strip()]
    best = find_delimiter(top)
    return [best, *(mark for mark in DELIMITERS if mark != best)]


def _placed(
    table: Table, choice: Choice, wanted: Sequence[str], columns: Sequence[str]
) -> Table:  # fmt: skip
    top = [row for row in islice(table._every(), TOP) if not row.blank]
    if not top:
        raise Refusal(_("%(file)s is empty.", file=table.name))
    place = _place(table, top, choice, wanted, columns)
    if place is None:
        return _without_header(table, top, columns)
    found, above = top[place], top[:place]
    goes_on = None if choice.header or columns else second_line(top, place)
    if goes_on is not None and set(names(wanted)) <= set(names(called(goes_on))):
        found, above = Row(top[place + 1].line, goes_on), top[: place + 1]
    header = called(found.cells[: max(n for n, c in enumerate(found.cells, 1) if c.strip())])
    for name, key in zip(wanted, names(wanted), strict=True):
        if key not in names(header) and names(found.cells).count(key) > 1:
            raise Refusal(
                _("%(file)s has the column %(name)s more than once.", file=table.name, name=name)
            )
    placed = replace(
        table, header=tuple(header), header_line=found.line, titles=tuple(above),
        reach=len(found.cells),
    )  # fmt: skip
    if next((row for row in placed.rows() if not row.blank), None) is None:
        raise Refusal(_("%(file)s has no rows under its header.", file=table.name))
    return placed


def _place(
    table: Table, top: Sequence[Row], choice: Choice, wanted: Sequence[str], columns: Sequence[str]
) -> int | None:  # fmt: skip
    if choice.header is not None:
        if choice.header == 0:
            return None
        for place, row in enumerate(top):
            if row.line == choice.header:
                return place
        raise Refusal(_("%(file)s has no line %(n)s near its top.", file=table.name,
                        n=choice.header))  # fmt: skip
    if columns:
        return 0 if names(top[0].cells) == names(columns) else None
    if not wanted:
        return guess_header(top)
    found = header_with(top, wanted)
    if found is None:
        found = _with_second(top, wanted)
    if found is None:
        raise Refusal(_missing(table.name, top, wanted))
    return found


def _with_second(top: Sequence[Row], wanted: Sequence[str]) -> int | None:
    """The place of the first line of a header that holds all the names on its two lines."""
    keys = set(names(wanted))
    for place in range(min(HEADER_WITHIN, len(top))):
        cells = second_line(top, place)
        if cells is not None and keys <= set(names(called(cells))):
            return place
    return None


def _without_header(table: Table, top: Sequence[Row], columns: Sequence[str]) -> Table:
    width = max(len(row.cells) for row in top)
    if columns and len(top[0].cells) != len(columns):
        raise Refusal(
            _("%(file)s has %(n)s columns, not %(wanted)s: %(names)s.", file=table.name,
              n=len(top[0].cells), wanted=len(columns), names=", ".join(columns))
        )  # fmt: skip
    return replace(table, header=tuple(columns) or tuple(called([""] * width)))


def _missing(name: str, top: Sequence[Row], wanted: Sequence[str]) -> str:
    """Name what is missing in the row that comes nearest to a header."""
    keys = set(names(wanted))
    best = max((set(names(called(row.cells))) for row in top[:30]), key=lambda one: len(one & keys))
    missing = [one for one, key in zip(wanted, names(wanted), strict=True) if key not in best]
    return _("%(file)s has no column %(names)s.", file=name, names=", ".join(missing))
