"""In which encoding a file of text is written, found by its content without holding it in memory.

A mark at the beginning decides. Without one the file is UTF-8 if all of it is; else a sample of
its lines is read in the encodings that tables come in, and the most likely is taken whose bytes
are valid to the end.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from flask_babel import gettext as _

from crm.sheets import iso2022
from crm.sheets.likelihood import is_doubtful, likelihood
from crm.sheets.refusals import EncodingAsked, Refusal
from crm.sheets.rows import MOST_CHARACTERS

MOST_BYTES = 512 * 1024 * 1024
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "shift_jis", "euc_jp",
    "euc_jis_2004", "iso2022_jp", iso2022.NAME, "cp1252", "iso8859-1", "ascii", "utf-32",
    "gb18030", "big5", "cp949", "cp1250", "cp1251", "cp1254", "iso8859-2", "iso8859-15",
    "mac_roman", "cp850",
)  # fmt: skip
"""The first line is found by itself, as is UTF-32 with its mark; the others are said."""
GUESSED = ("cp932", "euc_jp", "euc_jis_2004", "cp1252")
"""Of EUC the plainer first; the other knows ㈱ and ①."""
_KNOWN = {codecs.lookup(name).name for name in ENCODINGS}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PIECE = 1024 * 1024
_SAMPLE = 128 * 1024
MOST_IN_LINE = 4 * MOST_CHARACTERS
"""Bytes of one line: no encoding needs more than four for a character."""
_WIDE = ("utf-16-le", "utf-16-be")


def find_encoding(path: Path, given: str | None = None, among: Sequence[str] = ()) -> str:
    """How a file is encoded. `given` is taken at its word; `among` are tried first, in order.

    Raises Refusal when it is no text in any of them.
    """
    size = _size(path)
    if size > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise Refusal(_("%(file)s is larger than %(n)s MB.", file=path.name, n=most))
    top = _first(path)
    _refuse_long_line(path)
    tried: dict[str, int] = {}
    for encoding in (checked_encoding(given),) if given else _likely(path, top, among):
        wrong = first_wrong_byte(path, encoding)
        if wrong is None:
            if not given:
                _refuse_doubt(path, encoding)
            return encoding
        tried[encoding] = wrong
    best = max(tried, key=lambda one: tried[one])
    raise EncodingAsked(
        _("%(file)s is not text in %(encoding)s: line %(line)s. Save it as UTF-8, or say which "
          "encoding it has.", file=path.name, encoding=best, line=_line_of(path, tried[best]))
    )  # fmt: skip


def _refuse_doubt(path: Path, encoding: str) -> None:
    """Whoever cannot be sure asks: what is read wrongly stands wrongly in every record."""
    if encoding not in GUESSED or not is_doubtful(sample := _sample(path), encoding):
        return
    said = sample.decode(encoding, "replace").strip().split("\n")[0].strip()
    raise EncodingAsked(
        _("It cannot be told for certain how %(file)s is encoded: as %(encoding)s it would say "
          "“%(text)s”. Say which encoding it has.", file=path.name, encoding=encoding,
          text=said[:60])
    )  # fmt: skip


def checked_encoding(name: str) -> str:
    """A name of an encoding that tables come in. Raises Refusal."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        found = ""
    if found not in _KNOWN:
        raise Refusal(
            _("There is no encoding %(name)s. One of: %(all)s.", name=name,
              all=", ".join(ENCODINGS))
        )  # fmt: skip
    return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        why = error.strerror or str(error)
        raise Refusal(_("%(file)s cannot be read: %(why)s.", file=path.name, why=why)) from error


def _first(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(64 * 1024)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refusal(_("%(file)s cannot be read: %(why)s.", file=path.name, why=why)) from error


def _likely(path: Path, top: bytes, among: Sequence[str]) -> Sequence[str]:
    """The encodings to try, the likeliest first. Raises Refusal for a NUL byte in the text."""
    for mark, encoding in _MARKS:
        if top.startswith(mark):
            return (encoding,)
    wide = _wide(top)
    if wide:
        return (wide,)
    _refuse_nul(path)
    if b"\x1b$" in top or b"\x1b(I" in top:
        return ("iso2022_jp", iso2022.NAME, *among)
    if first_wrong_byte(path, "utf-8") is None:
        return ("utf-8",)
    sample = _sample(path)
    if _nearly_utf8(sample):
        return ("utf-8",)
    by_content = sorted(GUESSED, key=lambda one: -likelihood(sample, one))
    return list(dict.fromkeys((*by_content, *among, "utf-8")))


def _nearly_utf8(sample: bytes) -> bool:
    """Is it UTF-8 with a few broken bytes? Read as anything else all of it would be wrong."""
    text = sample.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return sum(1 for char in text if char > "\x7f") - wrong > 20 * wrong


def _wide(top: bytes) -> str | None:
    """UTF-16 without a mark: its blanks, digits, commas and line ends have a zero beside them."""
    even, odd = top[0::2].count(0), top[1::2].count(0)
    if len(top) < 4 or max(even, odd) <= 2 * min(even, odd):
        return None
    found = _WIDE[0] if odd > even else _WIDE[1]
    text = top[: len(top) // 2 * 2].decode(found, "replace")
    strange = sum(1 for char in text if char == "\ufffd" or (char < " " and char not in "\t\r\n"))
    ends = sum(text.count(char) for char in "\n\r,;\t")
    return found if strange <= 1 and ends and 50 * (even + odd) >= len(text) else None


def _refuse_long_line(path: Path) -> None:
    """A line without an end is refused before the whole file is read in many encodings."""
    left = 0
    for piece in _pieces(path):
        ends = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        left = left + len(piece) if ends < 0 else len(piece) - ends
        if left > MOST_IN_LINE:
            raise Refusal(
                _("%(file)s has a line of more than %(n)s characters.", file=path.name,
                  n=f"{MOST_CHARACTERS:,}")
            )  # fmt: skip


def _refuse_nul(path: Path) -> None:
    done = 0
    for piece in _pieces(path):
        if b"\0" in piece:
            line = _line_of(path, done + piece.index(b"\0"))
            raise Refusal(
                _("%(file)s is not a text file: a NUL byte in line %(line)s.", file=path.name,
                  line=line)
            )  # fmt: skip
        done += len(piece)


def first_wrong_byte(path: Path, encoding: str) -> int | None:
    """Where a file stops being text in an encoding; None when it never does.

    A file is asked about several times, once for each mapping and once more for its page.
    """
    seen = path.stat()
    return _first_wrong_byte(path, encoding, (seen.st_mtime_ns, seen.st_size, seen.st_ino))


@lru_cache(maxsize=64)
def _first_wrong_byte(path: Path, encoding: str, _content: tuple[int, ...]) -> int | None:
    decoder, done = codecs.getincrementaldecoder(encoding)(), 0
    wide = encoding.startswith(("utf-16", "utf-32"))
    try:
        for piece in _pieces(path):
            text = decoder.decode(piece)
            if wide and "\0" in text:
                return done
            done += len(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return min(done + error.start, max(_size(path) - 1, 0))
    return None


def _sample(path: Path) -> bytes:
    """Lines that are not plain ASCII, from all over the file."""
    found = bytearray()
    for piece in _pieces(path):
        if not piece.isascii():
            for line in piece.splitlines():
                if not line.isascii():
                    found += line + b"\n"
                if len(found) > _SAMPLE:
                    return bytes(found)
    return bytes(found)


def _line_of(path: Path, place: int) -> int:
    """Lines end with \\n or \\r\\n, in files of old Macintoshes with \\r alone."""
    ends, olds, left = 0, 0, place
    for piece in _pieces(path):
        ends += piece.count(b"\n", 0, min(left, len(piece)))
        olds += piece.count(b"\r", 0, min(left, len(piece)))
        left -= len(piece)
        if left <= 0:
            break
    return 1 + (ends or olds)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
