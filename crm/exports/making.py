"""The file of an export, piece by piece: CSV as it is read, a workbook by way of the disk."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from crm.exports.tables import Wanted, rows
from crm.rights import Person
from crm.sheets.writing import Written, csv_parts
from crm.sheets.writing_workbooks import workbook_rows

PIECE = 256 * 1024
Heard = Callable[[int], None]
"""Hears how many rows are written."""
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def nobody(_rows: int) -> None:
    """Nobody wants to hear."""


def pieces(
    wanted: Wanted,
    user: Person,
    format: str,
    encoding: str,
    written: Written,
    heard: Heard = nobody,
) -> Iterator[bytes]:
    """The file in pieces. A workbook's first piece comes when all of it is written.

    Raises BadRequest for a wrong filter before the first, TooManyRows from a workbook. When
    `written.odd` is not empty in the end, what came is not the whole file.
    """
    if format == "csv":
        header, found = wanted.header(user), rows(wanted, user)
        return _told(csv_parts(header, found, encoding, written), written, heard)
    return _workbook(wanted, user, written, heard)


def _told(parts: Iterator[bytes], written: Written, heard: Heard) -> Iterator[bytes]:
    for part in parts:
        heard(written.rows)
        yield part


def _workbook(wanted: Wanted, user: Person, written: Written, heard: Heard) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="engawa-export-") as place:
        path = Path(place) / "export.xlsx"
        found = rows(wanted, user)
        title = wanted.table.title() if wanted.words else wanted.table.name
        for number in workbook_rows(path, title, wanted.header(user), found, written):
            if number % 1000 == 0:
                heard(number)
        if written.odd:
            return
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def file_name(wanted: Wanted, day: object, format: str) -> str:
    """accounts-2026-11-22.csv"""
    return f"{wanted.table.name}-{day}.{format}"
