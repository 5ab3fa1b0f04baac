"""Workbooks of the old format (.xls), made on the spot: records in a compound file."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

_NONE, _LAST, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
DAY = 1
"""The format of a cell that shows a day."""
PASSWORD = struct.pack("<HHH", 0x2F, 2, 1)
FROM_1904 = struct.pack("<HHH", 0x22, 2, 1)


def record(kind: int, held: bytes) -> bytes:
    """One record."""
    return struct.pack("<HH", kind, len(held)) + held


def words(row: int, column: int, said: str) -> bytes:
    """A cell of words."""
    text = said.encode("utf-16-le")
    return record(0x204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)


def number(row: int, column: int, value: float, form: int = 0) -> bytes:
    """A cell with a number; with the format DAY it is a day."""
    return record(0x203, struct.pack("<HHHd", row, column, form, value))


def wrong(row: int, column: int, code: int) -> bytes:
    """A cell that shows an error."""
    return record(0x205, struct.pack("<HHHBB", row, column, 0, code, 1))


def formula(row: int, column: int, value: float | bytes) -> bytes:
    """A formula with the value that was saved with it."""
    held = value if isinstance(value, bytes) else struct.pack("<d", value)
    return record(0x06, struct.pack("<HHH8sHIH", row, column, 0, held, 0, 0, 0))


def old_workbook(
    path: Path,
    sheets: Mapping[str, Sequence[bytes]],
    first: bytes = b"",
    hidden: Sequence[str] = (),
    streams: Sequence[str] = ("\x05SummaryInformation",),
    storages: Sequence[str] = (),
) -> Path:
    """A workbook with these sheets. `first` are records at its top."""
    path.write_bytes(_compound(_book(sheets, first, hidden), streams, storages))
    return path


def _book(sheets: Mapping[str, Sequence[bytes]], first: bytes, hidden: Sequence[str]) -> bytes:
    begins = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + first
    begins += b"".join(record(0xE0, struct.pack("<HH16x", 0, one)) for one in (0, 14, 164))
    names = {one: one.encode("utf-16-le") for one in sheets}
    at = len(begins) + sum(12 + len(name) for name in names.values()) + 4
    parts = b""
    for one, cells in sheets.items():
        about = struct.pack("<IBBBB", at + len(parts), one in hidden, 0, len(names[one]) // 2, 1)
        begins += record(0x85, about + names[one])
        sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + b"".join(cells)
        parts += sheet + record(0x0A, b"")
    return begins + record(0x0A, b"") + parts


def _compound(book: bytes, streams: Sequence[str], storages: Sequence[str]) -> bytes:
    sectors = max(-(-len(book) // 512), 8)
    tables = -(-(sectors + 2) // 127)
    follows = [_TABLE] * tables + [_LAST]
    follows += [tables + 2 + n for n in range(sectors - 1)] + [_LAST]
    follows += [_NONE] * (tables * 128 - len(follows))
    entries = _entry("Root Entry", 5, _LAST, 0)
    entries += _entry("Workbook", 2, tables + 1, sectors * 512)
    entries += b"".join(_entry(one, 2, _LAST, 0) for one in streams)
    entries += b"".join(_entry(one, 1, 0, 0) for one in storages)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, tables, tables, 0, 4096, _LAST, 0, _LAST, 0)
    head += struct.pack("<109I", *range(tables), *[_NONE] * (109 - tables))
    table = struct.pack(f"<{len(follows)}I", *follows)
    return head + table + entries.ljust(512, b"\0") + book.ljust(sectors * 512, b"\0")


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    held = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
    return held + struct.pack("<III", *[_NONE] * 3) + bytes(36) + struct.pack("<IQ", start, size)
