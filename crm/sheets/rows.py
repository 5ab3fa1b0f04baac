"""One row of a table, and how rows of a file of text are read one after another."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from flask_babel import gettext as _

from crm.sheets.refusals import Refusal

MOST_COLUMNS = 200
MOST_CHARACTERS = 2_000_000
"""Of one line."""
MOST_IN_CELL = 131_072
"""Characters; what a cell of a workbook may hold is a quarter of it."""
MARK = "\ufeff"
"""Stands at the top of a file, and in its middle where several files were put together."""
_STRANGE = MARK + "\x1a"
"""The second ends files of old programs."""
SHOWN = '="'
_SHOWN = re.compile(r'="[^"]*"')


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `line` is the line of the file on which it begins, or the row of the worksheet.

    `junk` says in words why it cannot be a row of the table; it is "" for a good one.
    """

    line: int
    cells: list[str]
    junk: str = ""
    beside: str = ""
    """What stands in a worksheet to the right of the table, and is not of it."""

    @property
    def blank(self) -> bool:
        """Does nothing stand in it?"""
        return not any(map(str.strip, self.cells))


class _Lines:
    """The lines of a file, none longer than the limit, remembering the last that was given."""

    def __init__(self, file: TextIO, name: str) -> None:
        self._file, self._name = file, name
        self.last = ""
        self.shown = False
        """Has one of the lines since this was last asked a cell that shows a text: ="0123"?"""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.last = self._file.readline(MOST_CHARACTERS)
        if not self.last:
            raise StopIteration
        if self.last[0] in _STRANGE:
            self.last = self.last[1:]
            if not self.last:
                raise StopIteration
        self.shown = self.shown or SHOWN in self.last
        if len(self.last) == MOST_CHARACTERS and self.last[-1] not in "\r\n":
            raise Refusal(
                _("%(file)s has a line of more than %(n)s characters.", file=self._name,
                  n=f"{MOST_CHARACTERS:,}")
            )  # fmt: skip
        return self.last


def read_rows(path: Path, encoding: str, delimiter: str, numbered: bool = False) -> Iterator[Row]:
    """Every row of a file of text, blank ones too. With `numbered` a row's line is its number.

    Raises Refusal where the file stops being a table.
    """
    csv.field_size_limit(MOST_IN_CELL)
    with path.open(encoding=encoding, newline="") as file:
        source = _Lines(file, path.name)
        reader = csv.reader(source, delimiter=delimiter, strict=True, skipinitialspace=True)
        number = 0
        while True:
            number += 1
            line = number if numbered else reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield _broken(path.name, line, str(error), source.last)
                continue
            _check_width(path.name, line, cells)
            if source.shown:
                cells = cells if numbered else list(map(_as_shown, cells))
                source.shown = False
            yield Row(line, cells)


def _as_shown(cell: str) -> str:
    """What a spreadsheet shows for a cell by which a program keeps its zeros: ="0123"."""
    return cell[2:-1] if _SHOWN.fullmatch(cell) else cell


def _check_width(name: str, line: int, cells: list[str]) -> None:
    if len(cells) > MOST_COLUMNS:
        raise Refusal(
            _("%(file)s has %(n)s columns in line %(line)s; %(most)s at most.",
              file=name, n=len(cells), line=line, most=MOST_COLUMNS)
        )  # fmt: skip


def _broken(name: str, line: int, error: str, raw: str) -> Row:
    """Quotation marks that do not fit spoil one row; one that never closes spoils the file."""
    if "unexpected end" in error or "field larger" in error:
        if '"' not in raw and "field larger" in error and len(raw) > MOST_IN_CELL:
            raise Refusal(
                _("%(file)s has a cell of more than %(n)s characters in line %(line)s.",
                  file=name, n=f"{MOST_IN_CELL:,}", line=line)
            )  # fmt: skip
        raise Refusal(
            _("%(file)s: a quotation mark opened in line %(line)s is not closed.",
              file=name, line=line)
        )  # fmt: skip
    reason = _("The quotation marks of this line do not fit together.")
    return Row(line, [raw.rstrip("\r\n")], reason)
