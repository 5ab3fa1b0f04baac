"""The child process that reads a workbook; the only file that knows python-calamine.

`python -m crm.sheets.unpacking FILE BYTES names` prints the names of the sheets as JSON;
`… write PLACE OUT` writes a sheet as text. OUT holds so far, as JSON, what the library does not
tell: errors of formulas, which it takes for blanks, and columns whose numbers are shown with zeros
before them. It has no database and no settings, and limits to its
memory and time. It ends with 3 for a password, 4 for a damaged file.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from crm.sheets.confining import confine
from crm.sheets.marked_cells import LIKE_NUMBER

SECONDS = 120
"""Of processor time."""
MOST_WRITTEN = 512 * 1024 * 1024


def main(file: str, memory: str, *words: str) -> int:
    """Do what was asked; returns the exit code."""
    confine(int(memory), SECONDS, MOST_WRITTEN)
    try:
        with Path(file).open("rb") as held, _book(held.fileno()) as book:
            shown = [
                one.name for one in book.sheets_metadata
                if one.visible is SheetVisibleEnum.Visible and one.typ is SheetTypeEnum.WorkSheet
            ]  # fmt: skip
            if words[0] == "names":
                sys.stdout.write(json.dumps(shown))
            else:
                _write(book, shown[int(words[1])], Path(words[2]))
    except PasswordError:
        return 3
    except (CalamineError, IndexError, OSError):
        return 4
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            return 4
        raise
    return 0


def _book(file: int) -> CalamineWorkbook:
    """An open file by a name without an ending: the library believes endings, and they lie."""
    return CalamineWorkbook.from_path(f"/dev/fd/{file}")


def _write(book: CalamineWorkbook, name: str, out: Path) -> None:
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        out.write_text("", encoding="utf-8")
        return
    beside, below = _Beside(out, sheet.start[1]), _Below(sheet)
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for at, row in enumerate(sheet.iter_rows()):
            cells = beside.cells(at, row)
            below.fill(at, cells)
            writer.writerow(cells)


class _Beside:
    """What the library does not tell of a sheet: errors of formulas, zeros before numbers."""

    def __init__(self, told: Path, first: int) -> None:
        held = json.loads(told.read_text(encoding="utf-8"))
        self._first, self._zeros = first, held["zeros"]
        self._errors: dict[int, list[tuple[int, str]]] = {}
        for at, column, text in held["errors"]:
            self._errors.setdefault(at, []).append((column, text))

    def cells(self, at: int, row: Sequence[object]) -> list[str]:
        """The cells of a row as a person reads them."""
        found = [*[""] * self._first, *map(text_of, row)]
        for column, digits in self._zeros:
            if found[column].isdecimal() and isinstance(row[column - self._first], float):
                found[column] = found[column].zfill(digits)
        for column, text in self._errors.get(at, ()):
            found[column] = text
        return found


class _Below:
    """Cells that were merged downwards say in every row what they say in the first: one customer
    beside three machines. A number does not, it would be counted three times."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._begin: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
            if bottom > top:
                self._begin.setdefault(top, []).append((left, bottom))
        self._reach: dict[int, tuple[int, str]] = {}

    def fill(self, at: int, cells: list[str]) -> None:
        """The row with what reaches down into it, unless nothing else stands there."""
        filled = bool(self._reach) and any(cells)
        for column, (last, text) in list(self._reach.items()):
            if at > last:
                del self._reach[column]
            elif filled and not cells[column]:
                cells[column] = text
        for column, last in self._begin.get(at, ()):
            if column < len(cells) and cells[column] and not LIKE_NUMBER.fullmatch(cells[column]):
                self._reach[column] = (last, cells[column])


def text_of(cell: object) -> str:
    """A cell as a person reads it: 3.0 is 3, a day is ISO, a duration is hours:minutes:seconds."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        shown = cell if not cell.microsecond else _rounded(cell)
        return shown.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.replace(microsecond=0).isoformat()
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(cell).replace("\0", "")


def _rounded(at: datetime) -> datetime:
    """Times of a workbook are fractions of a day: to the second, half a second up."""
    return (at + timedelta(microseconds=500_000)).replace(microsecond=0)


def _number(value: float) -> str:
    """Without the binary noise of the 16th digit; whole numbers without a point."""
    if value == int(value) if abs(value) < 1e15 else False:
        return str(int(value))
    text = f"{value:.15g}"
    if "e" in text:
        text = f"{value:.20f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:.0f}"
    return text


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
