"""The compound file that a workbook of the old format (.xls) is: a disk of its own with sectors,
chains of them and a directory. What it says of itself is not believed: a chain that runs in a
circle or out of the file is no chain.

Source: [MS-CFB], Compound File Binary File Format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN = (ValueError, IndexError, struct.error)
"""What reading a damaged one raises."""
_LAST = 0xFFFFFFFA
"""From here on a number is no sector."""
_SMALL = 4096
"""Streams below this lie in the sectors of 64 bytes within the first entry's stream."""
_SMALL_SECTOR = 64
_STREAM, _ROOT = 2, 5


class Compound:
    """The streams of a compound file by their names. Raises BROKEN."""

    def __init__(self, held: bytes) -> None:
        (shift,) = struct.unpack_from("<H", held, 30)
        if shift not in (9, 12):
            raise ValueError(shift)
        self._held, self._size = held, 1 << shift
        self._next = _numbers(b"".join(map(self._sector, self._next_sectors())))
        self._streams: dict[str, tuple[int, int]] = {}
        self._root = (_LAST, 0)
        self.storages: set[str] = set()
        self._list()

    def __contains__(self, name: str) -> bool:
        return name in self._streams

    def read(self, name: str) -> bytes:
        """All of a stream."""
        start, size = self._streams[name]
        if size >= _SMALL:
            return self._long(start, size)
        small = self._long(*self._root)
        (first,) = struct.unpack_from("<I", self._held, 60)
        follows = _numbers(self._long(first, len(self._held)))
        parts = (
            small[at * _SMALL_SECTOR : (at + 1) * _SMALL_SECTOR] for at in _chain(start, follows)
        )
        return b"".join(parts)[:size]

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self._size
        if begin >= len(self._held):
            raise ValueError(number)
        return self._held[begin : begin + self._size]

    def _long(self, start: int, size: int) -> bytes:
        return b"".join(map(self._sector, _chain(start, self._next)))[:size]

    def _next_sectors(self) -> Iterator[int]:
        """The sectors of the table that says which sector follows which."""
        yield from (one for one in _numbers(self._held[76:512]) if one < _LAST)
        (more,) = struct.unpack_from("<I", self._held, 68)
        for _n in range(len(self._held) // self._size):
            if more >= _LAST:
                return
            *some, more = _numbers(self._sector(more))
            yield from (one for one in some if one < _LAST)

    def _list(self) -> None:
        (first,) = struct.unpack_from("<I", self._held, 48)
        entries = self._long(first, len(self._held))
        for at in range(0, len(entries) - 127, 128):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            start, size = struct.unpack_from("<II", entries, at + 116)
            name = entries[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            if kind == _STREAM:
                self._streams.setdefault(name, (start, size))
            elif kind == _ROOT:
                self._root = (start, size)
            elif kind:
                self.storages.add(name)


def _numbers(held: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(held) // 4}I", held[: len(held) // 4 * 4])


def _chain(start: int, follows: Sequence[int]) -> Iterator[int]:
    for _n in range(len(follows)):
        if start >= _LAST:
            return
        yield start
        start = follows[start]
    if start < _LAST:
        raise ValueError(start)
