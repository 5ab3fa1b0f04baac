"""ISO-2022-JP as mail programs of Windows write it: with the signs of NEC and IBM (㈱ ① 髙) and
half-width kana, which the standard does not know and the decoders of Python refuse.

A pair of bytes is a place in 94 rows of 94, as in Shift_JIS: it is turned into the pair that
CP932 has for the same place (JIS X 0208:1997, appendix 1), so that both read the same characters.
Source of the escapes: RFC 1468, JIS X 0201; code page 50220 of Windows.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

NAME = "cp50220"
_ESCAPE = re.compile(rb"\x1b(?:\([BJI]|\$[@B])")
_ASCII, _KANA, _KANJI = b"(B", b"(I", b"$B"
_MODES = {b"(B": _ASCII, b"(J": _ASCII, b"(I": _KANA, b"$B": _KANJI, b"$@": _KANJI}
_LONGEST_ESCAPE = 3


class Decoder(codecs.BufferedIncrementalDecoder):
    """Decodes piece by piece. Each line begins in ASCII (RFC 1468)."""

    def __init__(self, errors: str = "strict") -> None:
        super().__init__(errors)
        self._mode = _ASCII

    def reset(self) -> None:
        """Begin anew."""
        super().reset()
        self._mode = _ASCII

    def _buffer_decode(self, held: bytes, _errors: str, final: bool) -> tuple[str, int]:  # type: ignore[override]  # the stub calls it `input`
        done, at, end = [], 0, len(held)
        while at < end:
            if held[at] == 0x1B:
                escape = _ESCAPE.match(held, at)
                if escape is None:
                    if end - at < _LONGEST_ESCAPE and not final:
                        break
                    raise UnicodeDecodeError(NAME, held, at, at + 1, "unknown escape")
                self._mode, at = _MODES[escape[0][1:]], escape.end()
                continue
            stop = held.find(b"\x1b", at)
            stop = end if stop < 0 else stop
            text, used = self._some(held, at, stop, final or stop < end)
            done.append(text)
            if not used:
                break
            at += used
        return "".join(done), at

    def _some(self, held: bytes, at: int, stop: int, whole: bool) -> tuple[str, int]:
        """What stands before the next escape or the end of its line, and the bytes of it."""
        if self._mode is not _ASCII:
            line = next((one for one in range(at, stop) if held[one] in b"\r\n"), stop)
            if line == at:
                self._mode = _ASCII
            elif line < stop:
                stop, whole = line, True
        if self._mode is _KANJI and (stop - at) % 2:
            if whole:
                raise UnicodeDecodeError(NAME, held, stop - 1, stop, "half a character")
            stop -= 1
        some = held[at:stop]
        try:
            return _WAYS[self._mode](some), len(some)
        except UnicodeDecodeError as error:
            raise UnicodeDecodeError(NAME, held, at, stop, error.reason) from error


def _ascii(some: bytes) -> str:
    return some.decode("ascii")


def _kana(some: bytes) -> str:
    """Half-width kana: 7 bits of what JIS X 0201 has in 8."""
    return bytes(one | 0x80 for one in some).decode("cp932")


def _kanji(some: bytes) -> str:
    return b"".join(map(_shifted, some[0::2], some[1::2])).decode("cp932")


def _shifted(row: int, cell: int) -> bytes:
    """The place of a row and a cell (both from 0x21) in Shift_JIS."""
    first = (row - 0x21) // 2 + 0x81
    first += 0x40 if first > 0x9F else 0
    second = cell + (0x7E if row % 2 == 0 else 0x1F)
    second += 1 if row % 2 and second > 0x7E else 0
    return bytes((first & 0xFF, second & 0xFF))


_WAYS = {_ASCII: _ascii, _KANA: _kana, _KANJI: _kanji}


def _decode(held: Any, errors: str = "strict") -> tuple[str, int]:
    return Decoder(errors).decode(bytes(held), final=True), len(held)


def _encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
    return text.encode("iso2022_jp", errors), len(text)


def _search(name: str) -> codecs.CodecInfo | None:
    if name != NAME:
        return None
    return codecs.CodecInfo(_encode, _decode, incrementaldecoder=Decoder, name=NAME)


codecs.register(_search)
