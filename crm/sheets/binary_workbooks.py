"""Binary workbooks (.xlsb): an archive as .xlsx is, with records instead of XML in its parts.

Source: [MS-XLSB], Excel (.xlsb) Binary File Format.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from flask_babel import gettext as _

from crm.sheets.archive import check_archive, inflated, opened, size_of
from crm.sheets.extents import Extent, check_sheet
from crm.sheets.layout import letters
from crm.sheets.old_workbooks import ERRORS
from crm.sheets.refusals import Refusal

BOOK = "xl/workbook.bin"
_LINKS, _TEXTS = "xl/_rels/workbook.bin.rels", "xl/sharedStrings.bin"
_LONGEST = 4 * 1024 * 1024
"""Bytes of a record; a cell holds 64 KB at most."""
_ROW, _ERROR, _FORMULA_ERROR = 0, 3, 11
_CELLS = frozenset(range(2, 12))
_FLAGS = 11
"""Place of the byte of a row that says whether it is hidden (BrtRowHdr, fDyZero)."""
_PROPERTIES, _SHEET = 0x99, 0x9C
_RELATION = re.compile(rb"<Relationship\s[^>]*>")
Record = tuple[int, bytes]


def check_binary(path: Path) -> Extent:
    """Raises Refusal for a bomb, and for days that would be read as other days."""
    found = check_archive(path)
    with opened(path) as archive:
        for kind, held in _records(path.name, inflated(archive, path.name, BOOK)):
            if kind == _PROPERTIES and held[:1] and held[0] & 1:
                raise Refusal(
                    _("%(file)s counts its days from 1904. Save it as .xlsx first.",
                      file=path.name)
                )  # fmt: skip
    return found


def binary_extent(path: Path, sheet: int) -> Extent:
    """What stands in one of the sheets that are not hidden. Raises Refusal for a bomb."""
    with opened(path) as archive:
        parts = _parts(archive, path.name)
        if sheet >= len(parts) or parts[sheet] not in archive.namelist():
            raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=path.name))
        found = _counted(_records(path.name, inflated(archive, path.name, parts[sheet])))
        if _TEXTS in archive.namelist():
            found.shared_bytes = size_of(archive, path.name, _TEXTS)
    check_sheet(path.name, found)
    return found


def _records(file: str, pieces: Iterable[bytes]) -> Iterator[Record]:
    """Each record with what it holds. Raises Refusal where the part breaks off."""
    held, at = b"", 0
    for piece in pieces:
        held, at = held[at:] + piece, 0
        while (head := _head(held, at)) is not None:
            kind, begin, size = head
            if size > _LONGEST:
                raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=file))
            if begin + size > len(held):
                break
            yield kind, held[begin : begin + size]
            at = begin + size


def _head(held: bytes, at: int) -> tuple[int, int, int] | None:
    """Kind, place and size of the record at a place; None where more has to be read."""
    if at + 6 > len(held):
        return _short(held, at) if at < len(held) else None
    kind = held[at]
    at += 1
    if kind & 0x80:
        kind, at = (kind & 0x7F) | (held[at] & 0x7F) << 7, at + 1
    size = 0
    for shift in (0, 7, 14, 21):
        size |= (held[at] & 0x7F) << shift
        at += 1
        if not held[at - 1] & 0x80:
            break
    return kind, at, size


def _short(held: bytes, at: int) -> tuple[int, int, int] | None:
    """The same where fewer than six bytes are left."""
    found = _head(held[at:] + bytes(6), 0)
    assert found is not None
    kind, begin, size = found
    return (kind, at + begin, size) if at + begin <= len(held) else None


def _counted(records: Iterable[Record]) -> Extent:
    found, row = Extent(), 0
    for kind, held in records:
        if kind == _ROW and len(held) >= 4:
            (row,) = struct.unpack_from("<I", held)
            if len(held) > _FLAGS and held[_FLAGS] & 0x10:
                found.hidden.add(row + 1)
        elif kind in _CELLS and len(held) >= 8:
            (column,) = struct.unpack_from("<I", held)
            found.cells += 1
            if column >= found.columns or row >= found.rows:
                found.farthest = f"{letters(column)}{row + 1}"
                found.columns, found.rows = max(found.columns, column + 1), max(found.rows, row + 1)
            if kind in (_ERROR, _FORMULA_ERROR) and len(held) > 8:
                found.errors.append((row, column, ERRORS.get(held[8], "#VALUE!")))
    return found


def _parts(archive: zipfile.ZipFile, file: str) -> list[str]:
    """The names of the parts that hold the sheets that are shown."""
    links = _targets(b"".join(inflated(archive, file, _LINKS)))
    found = []
    for kind, held in _records(file, inflated(archive, file, BOOK)):
        if kind == _SHEET and len(held) >= 12:
            state, _key, length = struct.unpack_from("<III", held)
            name = held[12 : 12 + 2 * min(length, 255)].decode("utf-16-le", "replace")
            target = posixpath.normpath(f"xl/{links.get(name, '')}")
            if state == 0 and target.startswith("xl/worksheets/"):
                found.append(target)
    return found


def _targets(held: bytes) -> dict[str, str]:
    found = {}
    for one in _RELATION.findall(held):
        key = re.search(rb'\sId="([^"]*)"', one)
        target = re.search(rb'\sTarget="([^"]*)"', one)
        if key and target:
            found[key[1].decode("utf-8", "replace")] = target[1].decode("utf-8", "replace")
    return found
