"""The archive that a workbook is, looked at before anything reads it: bombs end here.

What the archive says of itself is not believed: every part that matters is inflated once, piece
by piece, counted and thrown away.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from flask_babel import gettext as _

from crm.sheets.extents import Extent, check_errors, check_sheet
from crm.sheets.leading_zeros import Zeros, count, styles_with_zeros
from crm.sheets.refusals import Refusal, TooMuch

MOST_ENTRIES = 2_000
MOST_DIRECTORY = 1_000_000
MOST_INFLATED = 1024 * 1024 * 1024
MOST_RATIO = 150
SMALL = 20 * 1024 * 1024
"""Less than this is inflated whatever it was packed from."""
_PIECE = 1024 * 1024
_LONGEST_CELL, _HEAD = 65_536, 4096
DAMAGED = (OSError, ValueError, EOFError, NotImplementedError, RuntimeError, zlib.error,
           zipfile.BadZipFile)  # fmt: skip
_END = b"PK\x05\x06"
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=[\"']([A-Za-z]+)(\d+)[\"'][^>]*(?<!/)>")
_UNSAVED = re.compile(
    rb"<(?:\w+:)?c(?=\s)(?![^>]*\st=[\"']str)[^>]*?\sr=[\"']([A-Za-z]+\d+)[\"'][^>]*>\s*"
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>(0?)</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A formula without the value that it had when the workbook was saved; programs that do not
calculate write 0, and that everything is to be calculated when it is opened."""
_ERROR = re.compile(
    rb"<(?:\w+:)?c(?=\s)(?=[^>]*\st=[\"']e[\"'])[^>]*?\sr=[\"']([A-Za-z]+)(\d+)[\"'][^>]*>"
    rb"(?:\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>(#[^<]{1,14})<"
)
_ALL_ANEW = re.compile(rb"<(?:\w+:)?calcPr\s[^>]*fullCalcOnLoad=[\"'](?:1|true)[\"']")
_ENTITIES = (b"<!DOCTYPE", b"<!ENTITY")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_HIDDEN = re.compile(rb"\sstate=[\"'](?:hidden|veryHidden)[\"']")


READ_FIRST = (
    "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
    "xl/workbook.bin", "xl/_rels/workbook.bin.rels", "xl/styles.bin",
)  # fmt: skip
"""What the library reads of every workbook, beside its shared texts."""
MACROS = "vbaProject.bin"
TEXTS = ("xl/sharedStrings.xml", "xl/sharedStrings.bin")


def check_archive(path: Path) -> Extent:
    """How much text its sheets share. Raises Refusal unless it is a workbook without bombs.

    Macros may stand in it (.xlsm): nothing here runs them.
    """
    with opened(path) as archive:
        every = archive.namelist()
        if "xl/workbook.xml" not in every and "xl/workbook.bin" not in every:
            raise Refusal(
                _("%(file)s is an archive, but no workbook (.xlsx, .xlsm, .xlsb, .ods).",
                  file=path.name)
            )  # fmt: skip
        for name in READ_FIRST:
            if name in every:
                size_of(archive, path.name, name)
        shared = sum(size_of(archive, path.name, name) for name in TEXTS if name in every)
        for name in every:
            if name.endswith((".xml", ".rels", ".vml")):
                _check_head(archive, path.name, name)
    return Extent(shared_bytes=shared, macros=any(name.endswith(MACROS) for name in every))


def size_of(archive: zipfile.ZipFile, file: str, name: str) -> int:
    """Bytes of a part when it is inflated. Raises Refusal for a bomb."""
    return sum(map(len, inflated(archive, file, name)))


def _check_head(archive: zipfile.ZipFile, file: str, name: str) -> None:
    """Entities are defined where a part begins, also of those that nobody reads."""
    try:
        with archive.open(name) as part:
            held = part.read(_HEAD).replace(b"\0", b"")
    except DAMAGED as error:
        raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=file)) from error
    if any(mark in held for mark in _ENTITIES):
        raise Refusal(
            _("%(file)s defines entities of XML, which no spreadsheet writes.", file=file)
        )


def extent(path: Path, sheet: int) -> Extent:
    """What stands in one of the sheets that are not hidden. Raises Refusal for a bomb."""
    with opened(path) as archive:
        found, shared = Extent(), 0
        book = b"".join(inflated(archive, path.name, "xl/workbook.xml"))
        anew = _ALL_ANEW.search(book) is not None
        if "xl/sharedStrings.xml" in archive.namelist():
            shared = sum(map(len, inflated(archive, path.name, "xl/sharedStrings.xml")))
        zeros: Zeros[bytes, bytes] = Zeros(_styles(archive, path.name))
        for held in _whole_cells(inflated(archive, path.name, _part(archive, path.name, sheet))):
            _count(found, held, anew)
            count(zeros, held)
            check_errors(path.name, found)
        found.shared_bytes = shared
        found.zeros = {_place(name) - 1: digits for name, digits in zeros.columns().items()}
    check_errors(path.name, found)
    check_sheet(path.name, found)
    return found


def _styles(archive: zipfile.ZipFile, file: str) -> dict[bytes, int]:
    name = "xl/styles.xml"
    if name not in archive.namelist():
        return {}
    return styles_with_zeros(b"".join(inflated(archive, file, name)))


def _whole_cells(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The XML of a sheet cut between two cells."""
    rest = b""
    for piece in pieces:
        held = rest + piece
        cut = _last_cell(held)
        rest = held[cut:]
        yield held[:cut]
    yield rest


def _last_cell(held: bytes) -> int:
    """Where the last cell begins, which may go on in the next piece."""
    place = max(held.rfind(b"<c "), held.rfind(b":c "))
    cut = held.rfind(b"<", 0, place + 1)
    return cut if place >= 0 and len(held) - cut < _LONGEST_CELL else max(len(held) - 4, 0)


def _count(found: Extent, held: bytes, anew: bool) -> None:
    last: dict[bytes, int] = {}
    if not found.unsaved and (b"<f" in held or b":f" in held):
        unsaved = (hit[1] for hit in _UNSAVED.finditer(held) if anew or not hit[2])
        found.unsaved = next(unsaved, b"").decode()
    found.hidden.look(held)
    for column, row in _CELL.findall(held):
        found.cells += 1
        last[column] = int(row[:9])
    if b't="e"' in held or b"t='e'" in held:
        found.errors += [
            (int(row[:9]) - 1, _place(column) - 1, text.decode("ascii", "replace"))
            for column, row, text in _ERROR.findall(held)
        ]
    for column, number in last.items():
        place = _place(column)
        if place > found.columns or number > found.rows:
            found.farthest = f"{column.decode()}{number}"
        found.columns, found.rows = max(found.columns, place), max(found.rows, number)


def _place(column: bytes) -> int:
    place = 0
    for letter in column.upper()[:6]:
        place = place * 26 + letter - 64
    return place


def _part(archive: zipfile.ZipFile, file: str, sheet: int) -> str:
    """The name of the part that holds a sheet."""
    book = b"".join(inflated(archive, file, "xl/workbook.xml"))
    seen = [one for one in _SHEET.findall(book) if not _HIDDEN.search(one)]
    target = ""
    key = re.search(rb"\s(?:\w+:)?id=[\"']([^\"']+)", seen[sheet]) if sheet < len(seen) else None
    for one in _RELATION.findall(b"".join(inflated(archive, file, "xl/_rels/workbook.xml.rels"))):
        if key and re.search(rb"\sId=[\"']" + re.escape(key[1]) + rb"[\"']", one):
            place = re.search(rb"\sTarget=[\"']([^\"']+)", one)
            target = place[1].decode("utf-8", "replace") if place else ""
    name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    if name not in archive.namelist():
        raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=file))
    return name


def opened(path: Path) -> zipfile.ZipFile:
    """The archive, when it holds no more parts than a workbook does. Raises Refusal."""
    _check_directory(path)
    try:
        return zipfile.ZipFile(path)
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile, struct.error) as error:
        raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=path.name)) from error


def _check_directory(path: Path) -> None:
    """The end of the archive says how many parts there are, before they are listed."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 66_000))
        tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + 22:
        raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=path.name))
    entries, length = struct.unpack("<HI", tail[place + 10 : place + 16])
    if entries > MOST_ENTRIES or length > MOST_DIRECTORY:
        raise Refusal(
            _("%(file)s holds more parts than a workbook does (%(most)s at most).",
              file=path.name, most=f"{MOST_ENTRIES:,}")
        )  # fmt: skip


def inflated(archive: zipfile.ZipFile, file: str, name: str) -> Iterator[bytes]:
    """A part, inflated piece by piece. Raises Refusal for a bomb or a damaged part."""
    packed, done, before = archive.getinfo(name).compress_size, 0, b""
    try:
        with archive.open(name) as part:
            while piece := part.read(_PIECE):
                done += len(piece)
                if not name.endswith(".bin"):
                    _check_words(file, before + piece, done)
                _check_size(file, packed, done)
                before = piece[-16:]
                yield piece
    except DAMAGED as error:
        raise Refusal(_("%(file)s is damaged or no workbook of Excel.", file=file)) from error


def _check_words(file: str, piece: bytes, inflated: int) -> None:
    if any(mark in piece for mark in _ENTITIES) or (inflated <= _PIECE and b"\0" in piece[:200]):
        raise Refusal(
            _("%(file)s defines entities of XML, which no spreadsheet writes.", file=file)
        )


def _check_size(file: str, packed: int, inflated: int) -> None:
    if inflated > MOST_INFLATED or (inflated > SMALL and inflated > MOST_RATIO * max(packed, 1)):
        raise TooMuch(
            _("%(file)s is packed so tightly that it is taken for a bomb. Save the sheet as CSV.",
              file=file)
        )  # fmt: skip
