"""Workbooks of the old format (.xls): looked at before anything reads them.

The library that reads them holds all sheets at once, the hidden ones too, each as wide and long as
its farthest cells: so much is counted here, record by record.

Source: [MS-XLS], Excel Binary File Format (.xls) Structure.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask_babel import gettext as _

from crm.sheets.archive import Extent
from crm.sheets.compound import BROKEN, Compound
from crm.sheets.layout import letters
from crm.sheets.refusals import Refusal, TooMuch

MOST_BYTES = 64 * 1024 * 1024
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A",
}  # fmt: skip
_BOOKS = ("Workbook", "Book", "WORKBOOK", "BOOK")
_SAVED_BY_A_PERSON = "\x05SummaryInformation"
_MACROS, _SEALED = "_VBA_PROJECT_CUR", "EncryptedPackage"
_BEGIN, _END, _PASSWORD, _SHEET, _TEXTS, _MORE = 0x0809, 0x0A, 0x2F, 0x85, 0xFC, 0x3C
_FORMULA, _NUMBERS, _ERROR, _PLACES = 0x06, 0xBD, 0x0205, 0x0200
_CELLS = frozenset((_FORMULA, _ERROR, 0x027E, 0xFD, 0x0203, 0x0204, 0xD6))
_HEAD, _AT = struct.Struct("<HH"), struct.Struct("<HH")


@dataclass(slots=True)
class OldBook:
    """What was found: one extent for each sheet that is shown, and that of all together."""

    sheets: list[Extent] = field(default_factory=list)
    whole: Extent = field(default_factory=Extent)


def check_old(path: Path) -> OldBook:
    """What stands in it. Raises Refusal for a password, a bomb, or what is no workbook."""
    if path.stat().st_size > MOST_BYTES:
        raise TooMuch(
            _("%(file)s is larger than %(n)s MB.", file=path.name, n=MOST_BYTES // 1024 // 1024)
        )
    held = path.read_bytes()
    try:
        file = Compound(held)
        if _SEALED in file:
            raise Refusal(locked(path.name))
        name = next((one for one in _BOOKS if one in file), "")
        if not name:
            raise Refusal(
                _("%(file)s is a document of an old Office, but no workbook (.xls).",
                  file=path.name)
            )  # fmt: skip
        found = _Reading(path.name, file.read(name), _SAVED_BY_A_PERSON not in file).book()
    except BROKEN as error:
        if _SEALED.encode("utf-16-le") in held:
            raise Refusal(locked(path.name)) from error
        raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=path.name)) from error
    found.whole.macros = _MACROS in file.storages
    return found


def locked(file: str) -> str:
    """Why a file with a password is refused."""
    return _(
        "%(file)s is protected by a password. Take it off in the spreadsheet first.", file=file
    )


class _Reading:
    """The records of a workbook, one after another."""

    def __init__(self, file: str, held: bytes, anew: bool) -> None:
        self._file, self._held, self._anew = file, held, anew

    def book(self) -> OldBook:
        """All its sheets."""
        found = OldBook()
        for kind, at, size in self._records(0):
            if kind == _PASSWORD:
                raise Refusal(locked(self._file))
            if kind in (_TEXTS, _MORE):
                found.whole.shared_bytes += size
            if kind == _SHEET:
                begin, state, sort = struct.unpack_from("<IBB", self._held, at)
                sheet = self._sheet(begin)
                _add(found.whole, sheet)
                if not state & 3 and sort == 0:
                    found.sheets.append(sheet)
        return found

    def _records(self, at: int) -> Iterator[tuple[int, int, int]]:
        """Kind, place and size of each record up to the end of the part that begins at a place,
        leaving out the parts within it (charts)."""
        held, depth = self._held, 0
        while at + 4 <= len(held):
            kind, size = _HEAD.unpack_from(held, at)
            at += 4
            if kind == _BEGIN:
                depth += 1
            elif kind == _END:
                depth -= 1
                if depth < 1:
                    return
            elif depth == 1:
                yield kind, at, size
            at += size

    def _sheet(self, begin: int) -> Extent:
        found, held = Extent(), self._held
        for kind, at, size in self._records(begin):
            if kind in _CELLS:
                row, column = _AT.unpack_from(held, at)
                _note(found, row, column, 1)
                if kind in (_FORMULA, _ERROR):
                    self._value(found, kind, at)
            elif kind == _NUMBERS:
                row, first = _AT.unpack_from(held, at)
                (last,) = struct.unpack_from("<H", held, at + size - 2)
                _note(found, row, last, max(last - first + 1, 1))
            elif kind == _PLACES and size in (10, 14):
                found.reserved = _reserved(held[at : at + size])
        return found

    def _value(self, found: Extent, kind: int, at: int) -> None:
        """An error that a cell shows, or a formula that was never worked out."""
        held = self._held
        row, column = _AT.unpack_from(held, at)
        if kind == _ERROR:
            code, error = held[at + 6], held[at + 7] == 1
        else:
            special = held[at + 12 : at + 14] == b"\xff\xff"
            code, error = held[at + 8], special and held[at + 6] == 2
            nothing = (special and held[at + 6] == 3) or not any(held[at + 6 : at + 14])
            if nothing and (self._anew or held[at + 14] & 2) and not found.unsaved:
                found.unsaved = f"{letters(column)}{row + 1}"
        if error:
            found.errors.append((row, column, ERRORS.get(code, "#VALUE!")))


def _reserved(said: bytes) -> int:
    """Places that the sheet says it has; the library sets aside room for as many."""
    first, last, left, right = struct.unpack_from("<IIHH" if len(said) > 10 else "<4H", said)
    return max(last - first, 0) * max(right - left, 0)


def _note(found: Extent, row: int, column: int, times: int) -> None:
    found.cells += times
    if column >= found.columns or row >= found.rows:
        found.farthest = f"{letters(column)}{row + 1}"
        found.columns, found.rows = max(found.columns, column + 1), max(found.rows, row + 1)


def _add(whole: Extent, sheet: Extent) -> None:
    """All sheets are held at once: a column as long as all their places."""
    places = sheet.rows * sheet.columns
    if places >= whole.widest:
        whole.widest, whole.farthest = places, sheet.farthest
    whole.cells, whole.rows, whole.columns = whole.cells + sheet.cells, whole.rows + places, 1
    whole.reserved += sheet.reserved
