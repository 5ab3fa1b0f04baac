"""Binary workbooks (.xlsb), made on the spot."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.sheets.hostile import KIND, TYPES


def _record(kind: int, held: bytes) -> bytes:
    name = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, rest = b"", len(held)
    while True:
        size += bytes([rest & 0x7F | (0x80 if rest > 127 else 0)])
        rest >>= 7
        if not rest:
            return name + size + held


def _text(said: str) -> bytes:
    held = said.encode("utf-16-le")
    return struct.pack("<I", len(held) // 2) + held


def _cell(place: int, value: str | float) -> bytes:
    head = struct.pack("<II", place, 0)
    if value == "#":
        return _record(3, head + b"\x2a")
    if isinstance(value, str):
        return _record(6, head + _text(value))
    return _record(5, head + struct.pack("<d", value))


def binary_workbook(
    path: Path, rows: Mapping[int, Sequence[str | float]], column: int = 0, from_1904: bool = False
) -> Path:
    """A workbook of one sheet: rows by their number from 0, cells from a column on; "#" is the
    error #N/A."""
    book = _record(0x83, b"") + _record(0x99, struct.pack("<III", int(from_1904), 0, 0))
    sheet = struct.pack("<II", 0, 1) + _text("rId1") + _text("一覧")
    book += _record(0x8F, b"") + _record(0x9C, sheet) + _record(0x90, b"") + _record(0x9D, b"")
    cells = b"".join(
        _record(0, struct.pack("<IIHHBI", at, 0, 0, 0, 0, 0))
        + b"".join(_cell(column + place, one) for place, one in enumerate(row))
        for at, row in rows.items()
    )  # fmt: skip
    held = _record(0x81, b"") + _record(0x94, bytes(16)) + _record(0x91, b"") + cells
    links = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    links += b'<Relationship Id="rId1" Type="' + KIND + b'worksheet" '
    links += b'Target="worksheets/sheet1.bin"/></Relationships>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", links)
        archive.writestr("xl/worksheets/sheet1.bin", held + _record(0x92, b""))
    return path
