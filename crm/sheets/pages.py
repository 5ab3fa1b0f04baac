"""Tables that programs call .xls and that are pages of the Web or XML: many systems export so.

What they are called does not matter. They are taken apart by `crm.sheets.markup`, in a child
process with limits.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from flask_babel import gettext as _

from crm.sheets.encodings import first_wrong_byte
from crm.sheets.extents import Extent
from crm.sheets.refusals import Refusal, TooMuch

MOST_BYTES = 8 * 1024 * 1024
_TOP = 64 * 1024
_BEGINS = re.compile(
    rb"\s*<(?:!doctype\s+html|!--|\?xml|html|head|meta|title|style|body|table|div|center|font)\b",
    re.IGNORECASE,
)
_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_TABLE = re.compile(rb"<(?:\w+:)?table[\s>]", re.IGNORECASE)
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_MEANT = {"shift_jis": "cp932", "iso8859-1": "cp1252", "ascii": "utf-8"}
_TRIED = ("utf-8", "cp932", "euc_jp", "cp1252")
_UTF8 = b"\xef\xbb\xbf"


def is_page(path: Path) -> bool:
    """Is it a page of the Web, or XML, with a table in it?"""
    with path.open("rb") as file:
        top = file.read(_TOP)
        if not _BEGINS.match(top.removeprefix(_UTF8)):
            return False
        seen = top
        while top and not _TABLE.search(seen) and file.tell() < MOST_BYTES:
            top = file.read(_TOP)
            seen = seen[-10:] + top
    return _TABLE.search(seen) is not None


def is_spreadsheet(path: Path) -> bool:
    """Is it a workbook written as XML (of 2003), no page?"""
    with path.open("rb") as file:
        return _XML in file.read(_TOP).lower().split(b"<html")[0]


def check_page(path: Path) -> Extent:
    """How much it may hold at most. Raises Refusal."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TooMuch(
            _("%(file)s is larger than %(n)s MB. Save it as .xlsx first.", file=path.name,
              n=MOST_BYTES // 1024 // 1024)
        )  # fmt: skip
    return Extent(cells=size // 256, shared_bytes=3 * size)


def encoding_of(path: Path) -> str:
    """The encoding that a page names if all of it is text in it, else one that fits."""
    with path.open("rb") as file:
        top = file.read(4096)
    if top.startswith(_UTF8):
        return "utf-8-sig"
    said = _CHARSET.search(top)
    for one in (*((_known(said[1]),) if said else ()), *_TRIED):
        if one and first_wrong_byte(path, one) is None:
            return one
    raise Refusal(
        _("%(file)s is not text in %(encoding)s: line %(line)s. Save it as UTF-8, or say which "
          "encoding it has.", file=path.name, encoding=_TRIED[0],
          line=top.count(b"\n") + 1)
    )  # fmt: skip


def _known(name: bytes) -> str:
    try:
        found = codecs.lookup(name.decode("ascii", "replace").lower().removeprefix("x-")).name
    except LookupError:
        return ""
    known = {"shift_jis", "cp932", "euc_jp", "iso2022_jp", "utf-8", "iso8859-1", "cp1252", "ascii"}
    return _MEANT.get(found, found) if found in known else ""
