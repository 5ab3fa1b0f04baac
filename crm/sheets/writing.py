"""Rows become a CSV file: text harmless, numbers plain, days as 2026-11-30, a part at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from crm.text.cells import harmless

Cell = str | int | Decimal | date | datetime | None
UTF8, CP932 = "utf-8", "cp932"
ENCODINGS = (UTF8, CP932)
"""UTF-8 is written with a mark, by which a spreadsheet knows it. Six signs that Unicode has twice
(〜 − ‖ ¢ £ ¬) have one place in CP932, and come back from there as their full-width twins."""
PART = 64 * 1024
"""Characters that are put together before they are handed on."""
MOST_ODD = 100


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, and what stands in it (text, number, yen, day, instant)."""

    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Odd:
    """A character that an encoding lacks; a cell too long for a workbook has none.

    `line` is the line in the spreadsheet: the header is 1.
    """

    line: int
    column: str
    character: str


@dataclass(slots=True)
class Written:
    """What became of a table, to be read when its last part was taken."""

    rows: int = 0
    odd: list[Odd] = field(default_factory=list)


def csv_parts(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], encoding: str, written: Written
) -> Iterator[bytes]:
    """The file in parts.

    Once a character cannot be written nothing more is handed on: the rest is only looked through
    for others like it, `MOST_ODD` at most.
    """
    lines = _Lines(columns, encoding, written)
    yield b"\xef\xbb\xbf" if encoding == UTF8 else b""
    lines.put([column.label for column in columns])
    for row in rows:
        written.rows += 1
        lines.put(row)
        if lines.full:
            yield lines.taken()
        if len(written.odd) >= MOST_ODD:
            return
    yield lines.taken()


class _Lines:
    """Collects lines of a file, and what cannot be written in its encoding."""

    def __init__(self, columns: Sequence[Column], encoding: str, written: Written) -> None:
        self._columns, self._encoding, self._written = columns, encoding, written
        self._out = io.StringIO()
        self._csv = csv.writer(self._out, lineterminator="\r\n")
        self._line = 0

    def put(self, cells: Sequence[Cell]) -> None:
        self._line += 1
        texts = [text_of(cell) for cell in cells]
        if self._encoding != UTF8 and not _fits("".join(texts), self._encoding):
            self._note(texts)
        self._csv.writerow(texts)

    @property
    def full(self) -> bool:
        return self._out.tell() >= PART

    def taken(self) -> bytes:
        """The lines since the last time; nothing once one of them cannot be written."""
        text = "" if self._written.odd else self._out.getvalue()
        self._out.seek(0)
        self._out.truncate()
        return text.encode(self._encoding)

    def _note(self, texts: Sequence[str]) -> None:
        for column, text in zip(self._columns, texts, strict=True):
            for character in dict.fromkeys(text):
                if not _fits(character, self._encoding) and len(self._written.odd) < MOST_ODD:
                    self._written.odd.append(Odd(self._line, column.label, character))


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def text_of(cell: Cell) -> str:
    """A cell as a CSV file holds it; an instant on the clock it is given on, to the second."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)
