"""Workbooks of LibreOffice and its like (.ods): looked at before anything reads them.

One part holds all sheets. A cell or a row may say that it stands there a million times: what is
blank at the end counts for nothing, what is filled counts as often as it is said.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate

from flask_babel import gettext as _

from crm.sheets.archive import inflated, opened
from crm.sheets.extents import Extent
from crm.sheets.layout import letters
from crm.sheets.refusals import Refusal
from crm.sheets.rows import MOST_COLUMNS

MARK = b"application/vnd.oasis.opendocument.spreadsheet"
CONTENT = "content.xml"
_SPACE = "urn:oasis:names:tc:opendocument:xmlns"
_TABLE, _OFFICE = f"{_SPACE}:table:1.0", f"{_SPACE}:office:1.0"
_CELLS = (f"{_TABLE} table-cell", f"{_TABLE} covered-table-cell")


def is_open_document(path: Path) -> bool:
    """Does the archive say of itself that it is such a workbook?"""
    with opened(path) as archive:
        if "mimetype" not in archive.namelist():
            return False
        return b"".join(inflated(archive, path.name, "mimetype")).strip().startswith(MARK)


def check_document(path: Path) -> Extent:
    """What stands in the largest of its sheets. Raises Refusal for a password or a bomb."""
    with opened(path) as archive:
        every, manifest = archive.namelist(), "META-INF/manifest.xml"
        said = b"".join(inflated(archive, path.name, manifest)) if manifest in every else b""
        if b"encryption-data" in said:
            raise Refusal(
                _("%(file)s is protected by a password. Take it off in the spreadsheet first.",
                  file=path.name)
            )  # fmt: skip
        if CONTENT not in every:
            raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=path.name))
        found = _measured(archive, path.name)
        found.macros = any(name.startswith("Basic/") for name in every)
    if found.columns > MOST_COLUMNS:
        raise Refusal(
            _("%(file)s has %(n)s columns (cell %(cell)s); %(most)s at most.", file=path.name,
              n=found.columns, cell=found.farthest, most=MOST_COLUMNS)
        )  # fmt: skip
    return found


def _measured(archive: zipfile.ZipFile, file: str) -> Extent:
    measure, parser = _Measure(), ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = measure.begin
    parser.EndElementHandler = measure.end
    parser.CharacterDataHandler = measure.text
    held = 0
    try:
        for piece in inflated(archive, file, CONTENT):
            held += len(piece)
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except ExpatError as error:
        raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=file)) from error
    measure.largest.shared_bytes = held
    return measure.largest


class _Measure:
    """Counts the filled cells of each sheet while it is read."""

    def __init__(self) -> None:
        self.largest, self._sheet = Extent(), Extent()
        self._row = self._row_times = self._column = self._times = self._filled = 0
        self._last = 0
        self._full = False

    def begin(self, name: str, said: Mapping[str, str]) -> None:
        """A sheet, a row or a cell begins."""
        if name == f"{_TABLE} table":
            self._sheet, self._row = Extent(), 0
        elif name == f"{_TABLE} table-row":
            self._row_times = _times(said.get(f"{_TABLE} number-rows-repeated"))
            self._column = self._filled = self._last = 0
        elif name in _CELLS:
            self._times = _times(said.get(f"{_TABLE} number-columns-repeated"))
            self._full = f"{_OFFICE} value-type" in said

    def text(self, data: str) -> None:
        """Something stands in a cell."""
        self._full = self._full or bool(data.strip())

    def end(self, name: str) -> None:
        """A cell, a row or a sheet is over."""
        if name in _CELLS:
            self._column += self._times
            if self._full:
                self._filled, self._last = self._filled + self._times, self._column
            self._full = False
        elif name == f"{_TABLE} table-row":
            self._row += self._row_times
            if self._filled:
                self._note()
        elif name == f"{_TABLE} table" and self._sheet.cells >= self.largest.cells:
            self.largest = self._sheet

    def _note(self) -> None:
        sheet = self._sheet
        sheet.cells += self._filled * self._row_times
        if self._last >= sheet.columns or self._row > sheet.rows:
            sheet.farthest = f"{letters(self._last - 1)}{self._row}"
        sheet.columns, sheet.rows = max(sheet.columns, self._last), self._row


def _times(said: str | None) -> int:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 10 else 1
