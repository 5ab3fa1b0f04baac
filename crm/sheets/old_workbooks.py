"""Workbooks of the old format (.xls): looked at before anything reads them.

The library that reads them holds all sheets at once, the hidden ones too, each as wide and long as
its farthest cells: so much is counted here, record by record.

Source: [MS-XLS], Excel Binary File Format (.xls) Structure.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from flask_babel import gettext as _

from crm.sheets.compound import BROKEN, Compound
from crm.sheets.extents import Extent
from crm.sheets.layout import letters
from crm.sheets.leading_zeros import Zeros
from crm.sheets.refusals import Refusal, TooMuch

MOST_BYTES = 32 * 1024 * 1024
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A",
}  # fmt: skip
_BOOKS = ("Workbook", "Book", "WORKBOOK", "BOOK")
_SAVED_BY_A_PERSON = "\x05SummaryInformation"
_MACROS, _SEALED = "_VBA_PROJECT_CUR", "EncryptedPackage"
_BEGIN, _END, _PASSWORD, _SHEET, _TEXTS, _MORE = 0x0809, 0x0A, 0x2F, 0x85, 0xFC, 0x3C
_FORMULA, _NUMBERS, _ERROR, _PLACES, _PAGE = 0x06, 0xBD, 0x0205, 0x0200, 0x42
_FORMAT, _STYLE, _ROW = 0x041E, 0xE0, 0x0208
_ABOUT = frozenset((_PASSWORD, _SHEET, _TEXTS, _MORE, _PAGE, _FORMAT, _STYLE))
_SHOWN = frozenset((0x0203, 0x027E, _NUMBERS, _FORMULA))
_WANTED = frozenset(
    (_FORMULA, _NUMBERS, _ERROR, _PLACES, _ROW, 0x027E, 0xFD, 0x0203, 0x0204, 0xD6)
)  # fmt: skip
_PAGES = {932: "cp932", 949: "cp949", 936: "gbk", 950: "cp950", 1250: "cp1250", 1251: "cp1251"}
_HEAD, _AT = struct.Struct("<HH"), struct.Struct("<HH")


@dataclass(slots=True)
class OldBook:
    """What was found: names and extents of the sheets that are shown, and that of all together."""

    names: list[str] = field(default_factory=list)
    sheets: list[Extent] = field(default_factory=list)
    whole: Extent = field(default_factory=Extent)


def check_old(path: Path) -> OldBook:
    """What stands in it. Raises Refusal for a password, a bomb, or what is no workbook."""
    seen = path.stat()
    if seen.st_size > MOST_BYTES:
        raise TooMuch(
            _("%(file)s is larger than %(n)s MB. Save it as .xlsx first.", file=path.name,
              n=MOST_BYTES // 1024 // 1024)
        )  # fmt: skip
    return _checked(path, (seen.st_mtime_ns, seen.st_size, seen.st_ino))


@lru_cache(maxsize=4)
def _checked(path: Path, _content: tuple[int, ...]) -> OldBook:
    """The same file is asked about for its names and once more for each sheet."""
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
        self._seen = 0
        self._formats: dict[int, int] = {}
        self._styles: list[int] = []

    def book(self) -> OldBook:
        """All its sheets."""
        found, page = OldBook(), "cp1252"
        for kind, at, size in self._records(0, _ABOUT):
            if kind == _PASSWORD:
                raise Refusal(locked(self._file))
            if kind in (_TEXTS, _MORE):
                found.whole.shared_bytes += size
            if kind == _PAGE:
                page = _PAGES.get(struct.unpack_from("<H", self._held, at)[0], page)
            if kind == _FORMAT:
                self._note_format(at, size)
            if kind == _STYLE:
                self._styles.append(struct.unpack_from("<H", self._held, at + 2)[0])
            if kind == _SHEET:
                self._note_sheet(found, at, size, page)
        return found

    def _note_format(self, at: int, size: int) -> None:
        """A format of nothing but zeros shows so many digits."""
        wide, held = self._held[5] == 6, self._held
        key, length = struct.unpack_from("<HH" if wide else "<HB", held, at)
        code = held[at + (5 if wide else 3) : at + size].replace(b"\0", b"")
        if length > 1 and code == b"0" * length:
            self._formats[key] = length

    def _note_sheet(self, found: OldBook, at: int, size: int, page: str) -> None:
        begin, state, sort = struct.unpack_from("<IBB", self._held, at)
        sheet = self._sheet(begin)
        _add(found.whole, sheet)
        if not state & 3 and sort == 0:
            found.sheets.append(sheet)
            found.names.append(_name(self._held[at + 6 : at + size], self._held[5] == 6, page))

    def _records(self, at: int, wanted: frozenset[int]) -> Iterator[tuple[int, int, int]]:
        """Kind, place and size of each record up to the end of the part that begins at a place,
        leaving out the parts within it (charts). Raises ValueError where the same is read often."""
        held, depth, unpack, end = self._held, 0, _HEAD.unpack_from, len(self._held) - 4
        begin = at
        while at <= end:
            kind, size = unpack(held, at)
            if kind == _BEGIN:
                depth += 1
            elif kind == _END:
                depth -= 1
                if depth < 1:
                    break
            elif depth == 1 and kind in wanted:
                yield kind, at + 4, size
            at += 4 + size
        self._seen += at - begin
        if self._seen > 2 * len(held):
            raise ValueError(self._seen)

    def _sheet(self, begin: int) -> Extent:
        found, held, where = Extent(), self._held, _AT.unpack_from
        cells, rows, columns = 0, 0, 0
        styles = enumerate(self._styles)
        zeros: Zeros[int, int] = Zeros(
            {place: self._formats[one] for place, one in styles if one in self._formats}
        )
        for kind, at, size in self._records(begin, _WANTED):
            if kind in (_PLACES, _ROW):
                _note_place(found, kind, held[at : at + size])
                continue
            row, column = where(held, at)
            if zeros and kind in _SHOWN:
                for place in range(1 + (size - 12) // 6 if kind == _NUMBERS else 1):
                    zeros.note(column + place, where(held, at + 4 + 6 * place)[0])
            if kind == _NUMBERS:
                (last,) = struct.unpack_from("<H", held, at + size - 2)
                cells += max(last - column, 0)
                column = max(last, column)
            elif kind in (_FORMULA, _ERROR):
                self._value(found, kind, at)
            cells += 1
            if column >= columns or row >= rows:
                found.farthest = f"{letters(column)}{row + 1}"
                rows, columns = max(rows, row + 1), max(columns, column + 1)
        found.cells, found.rows, found.columns = cells, rows, columns
        found.zeros = zeros.columns()
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


def _note_place(found: Extent, kind: int, said: bytes) -> None:
    """The places of a sheet, or one of its rows: hidden ones say so (Row, fDyZero)."""
    if kind == _PLACES:
        found.reserved = _reserved(said)
    elif len(said) > 12 and said[12] & 0x20:
        found.hidden.add(struct.unpack_from("<H", said)[0] + 1)


def _reserved(said: bytes) -> int:
    """Places that the sheet says it has; the library sets aside room for as many."""
    if len(said) not in (10, 14):
        return 0
    first, last, left, right = struct.unpack_from("<IIHH" if len(said) > 10 else "<4H", said)
    return max(last - first, 0) * max(right - left, 0)


def _name(said: bytes, wide: bool, page: str) -> str:
    """What a sheet is called; before 1997 in the code page of the workbook."""
    if not wide:
        return said[1 : 1 + said[0]].decode(page, "replace").replace("\0", "")
    form = "utf-16-le" if said[1] & 1 else "latin-1"
    length = said[0] * (2 if said[1] & 1 else 1)
    return said[2 : 2 + length].decode(form, "replace").replace("\0", "")


def _add(whole: Extent, sheet: Extent) -> None:
    """All sheets are held at once: a column as long as all their places."""
    places = sheet.rows * sheet.columns
    if places >= whole.widest:
        whole.widest, whole.farthest = places, sheet.farthest
    whole.cells, whole.rows, whole.columns = whole.cells + sheet.cells, whole.rows + places, 1
    whole.reserved += sheet.reserved
