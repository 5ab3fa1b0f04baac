"""A file as rows with their line numbers: header found, title lines and blank lines counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask_babel import gettext as _

from crm.text.normal import search_key
from crm.transfers.decoding import read_text
from crm.transfers.refusals import Refusal, Refused

MOST_COLUMNS = 200
HEADER_WITHIN = 30
"""A header is looked for in so many rows from the top."""
DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` is the physical line of the file on which it begins."""

    line: int
    cells: list[str]


@dataclass(slots=True)
class Sheet:
    """A file that has been read: what its columns are called, and what stands in them."""

    name: str
    encoding: str
    header: list[str]
    rows: list[Row]
    titles: list[Row] = field(default_factory=list)
    broken: list[Refused] = field(default_factory=list)
    blank: int = 0


def read_sheet(
    path: Path, encodings: Sequence[str], given: str | None, delimiter: str | None,
    wanted: Sequence[str], columns: Sequence[str],
) -> Sheet:  # fmt: skip
    """Read a file whose header holds the `wanted` names, or that has `columns` and no header.

    Raises Refusal when it is no such table.
    """
    text, encoding = read_text(path, encodings, given)
    tried: list[Sheet] = []
    for mark in [delimiter] if delimiter else _by_frequency(text):
        sheet = Sheet(path.name, encoding, list(columns), [])
        sheet.rows = list(_rows(text, mark, sheet))
        tried.append(sheet)
        if columns:
            _without_header(sheet, columns)
            break
        if _find_header(sheet, wanted):
            break
    else:
        raise Refusal(_no_header(tried[0], wanted))
    _set_apart(sheet)
    if not sheet.rows and not sheet.broken:
        raise Refusal(_("%(file)s has no rows under its header.", file=sheet.name))
    return sheet


def _by_frequency(text: str) -> list[str]:
    top = text[:10_000]
    return sorted(DELIMITERS, key=lambda mark: -top.count(mark))


class _Lines:
    """The lines of a text, remembering the last one that was handed out."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.last = next(self._lines)
        return self.last


def _rows(text: str, delimiter: str, sheet: Sheet) -> Iterator[Row]:
    source = _Lines(text)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            _judge_break(sheet, line, str(error), source.last)
            continue
        if len(cells) > MOST_COLUMNS:
            raise Refusal(
                _("%(file)s has %(n)s columns in line %(line)s; %(most)s at most.",
                  file=sheet.name, n=len(cells), line=line, most=MOST_COLUMNS)
            )  # fmt: skip
        if any(cell.strip() for cell in cells):
            yield Row(line, cells)
        else:
            sheet.blank += 1


def _judge_break(sheet: Sheet, line: int, error: str, raw: str) -> None:
    """Quotation marks that do not fit spoil one row; one that never closes spoils the file."""
    if "unexpected end" in error or "field larger" in error:
        raise Refusal(
            _("%(file)s: a quotation mark opened in line %(line)s is not closed.",
              file=sheet.name, line=line)
        )  # fmt: skip
    reason = _("The quotation marks of this line do not fit together.")
    sheet.broken.append(Refused(line, reason, (raw.rstrip("\r\n"),)))


def _without_header(sheet: Sheet, columns: Sequence[str]) -> None:
    """A file without a header may yet have one: the column names themselves."""
    if sheet.rows and names(sheet.rows[0].cells) == names(columns):
        sheet.titles.append(sheet.rows.pop(0))
    elif sheet.rows and len(sheet.rows[0].cells) != len(columns):
        raise Refusal(
            _("%(file)s has %(n)s columns, not %(wanted)s: %(names)s.", file=sheet.name,
              n=len(sheet.rows[0].cells), wanted=len(columns), names=", ".join(columns))
        )  # fmt: skip


def _find_header(sheet: Sheet, wanted: Sequence[str]) -> bool:
    sheet.header = []
    for place, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        if set(names(wanted)) <= set(names(row.cells)):
            _check_once(sheet, wanted, row)
            sheet.titles, sheet.header = sheet.rows[:place], row.cells
            sheet.rows = sheet.rows[place + 1 :]
            return True
    return False


def _check_once(sheet: Sheet, wanted: Sequence[str], row: Row) -> None:
    """A column that is asked for may stand there only once."""
    found = names(row.cells)
    for name, key in zip(wanted, names(wanted), strict=True):
        if found.count(key) > 1:
            raise Refusal(
                _("%(file)s has the column %(name)s more than once.", file=sheet.name, name=name)
            )


def _no_header(sheet: Sheet, wanted: Sequence[str]) -> str:
    """Name what is missing in the row that comes nearest to a header."""
    tops = [set(names(row.cells)) for row in sheet.rows[:HEADER_WITHIN]]
    best = max(tops, key=lambda top: len(top & set(names(wanted))), default=set())
    missing = [name for name, key in zip(wanted, names(wanted), strict=True) if key not in best]
    return _("%(file)s has no column %(names)s.", file=sheet.name, names=", ".join(missing))


def _set_apart(sheet: Sheet) -> None:
    """Rows that cannot belong under the header: the header again, too few or too many cells."""
    header, good = names(sheet.header), []
    for row in sheet.rows:
        reason = ""
        if len(row.cells) != len(header):
            reason = _("%(n)s cells where the header has %(m)s.", n=len(row.cells), m=len(header))
        elif names(row.cells[:1]) == header[:1] and names(row.cells) == header:
            reason = _("This is the header once more.")
        if reason:
            sheet.broken.append(Refused(row.line, reason, tuple(row.cells)))
        else:
            good.append(row)
    sheet.rows = good


def names(cells: Sequence[str]) -> list[str]:
    """Column names as they are compared: width, case and blanks do not matter."""
    return [search_key(cell) for cell in cells]
