"""Bytes of a file into text, or a refusal in words."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path

from flask_babel import gettext as _

from crm.transfers.refusals import Refusal

MOST_BYTES = 200 * 1024 * 1024
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "shift_jis", "euc_jp",
    "iso2022_jp", "cp1252", "iso8859-1", "ascii",
)  # fmt: skip
_KNOWN = {codecs.lookup(name).name for name in ENCODINGS}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(path: Path, candidates: Sequence[str], given: str | None) -> tuple[str, str]:
    """The text of a file and its encoding. `given` is taken at its word. Raises Refusal."""
    data = _bytes(path)
    _check_content(path.name, data)
    for encoding in (checked_encoding(given),) if given else _likely(data, candidates):
        try:
            return data.decode(encoding).removeprefix("\ufeff"), encoding
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            tried = encoding
    raise Refusal(
        _("%(file)s is not text in %(encoding)s: line %(line)s. Name another with --encoding.",
          file=path.name, encoding=tried, line=line)
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


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            size = MOST_BYTES // 1024 // 1024
            raise Refusal(_("%(file)s is larger than %(n)s MB.", file=path.name, n=size))
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise Refusal(_("%(file)s cannot be read: %(why)s.", file=path.name, why=why)) from error


def _likely(data: bytes, candidates: Sequence[str]) -> Sequence[str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (encoding,)
    return candidates


def _check_content(name: str, data: bytes) -> None:
    if not data.strip():
        raise Refusal(_("%(file)s is empty.", file=name))
    if data.startswith(b"%PDF"):
        raise Refusal(_("%(file)s is a PDF, not a table of text.", file=name))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refusal(
            _("%(file)s is a workbook or an archive. Save the sheet as CSV first.", file=name)
        )
    if b"\0" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise Refusal(
            _("%(file)s is not a text file: a NUL byte in line %(line)s.", file=name, line=line)
        )
