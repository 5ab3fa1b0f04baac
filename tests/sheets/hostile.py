"""Files that want harm, made on the spot: every one is to be refused in words."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOOK = (
    HEAD + b"<workbook " + MAIN + b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/'
    b'2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
KIND = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
LINKS = (
    HEAD + b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="' + KIND + b'worksheet" Target="worksheets/sheet1.xml"/>'
    b'<Relationship Id="rId2" Type="' + KIND + b'sharedStrings" Target="sharedStrings.xml"/>'
    b"</Relationships>"
)
ROOT = (
    HEAD + b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="' + KIND + b'officeDocument" Target="xl/workbook.xml"/>'
    b"</Relationships>"
)
TYPES = HEAD + b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def sheet(rows: bytes) -> bytes:
    """The XML of a worksheet."""
    return HEAD + b"<worksheet " + MAIN + b"><sheetData>" + rows + b"</sheetData></worksheet>"


def cell(place: str, text: str) -> bytes:
    """A cell with its text in it."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def workbook(path: Path, rows: bytes, **parts: bytes | Iterator[bytes]) -> Path:
    """A workbook of one sheet; `parts` are written beside it, named after the dot-less path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", ROOT)
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", LINKS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet(rows))
        for name, held in parts.items():
            inside = {"macros": "xl/vbaProject.bin", "shared": "xl/sharedStrings.xml"}.get(name)
            with archive.open(inside or name, "w", force_zip64=True) as part:
                for piece in (held,) if isinstance(held, bytes) else held:
                    part.write(piece)
    return path


def bomb(path: Path) -> Path:
    """300 MB of blanks between two cells, packed into 300 KB."""
    head, tail = sheet(cell("A1", "a") + b"@" + cell("B1", "b")).split(b"@")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", ROOT)
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", LINKS)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(head)
            for _n in range(40):
                part.write(b" " * 1024 * 1024)
            part.write(tail)
    path.write_bytes(packed.getvalue())
    return path


def laughs(path: Path) -> Path:
    """A billion laughs in the shared strings."""
    more = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE sst [<!ENTITY l0 "lol">{more}]><sst><si><t>&l9;</t></si></sst>'
    return workbook(path, b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared=text.encode())


def repeated(path: Path) -> Path:
    """One long text in the shared strings that 100,000 cells point to."""
    shared = b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>"
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n)
                    for n in range(1, 100_001))  # fmt: skip
    return workbook(path, rows, shared=shared)


def lone(path: Path, place: str) -> Path:
    """A table of four cells and one far away."""
    number = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    rows = b'<row r="1">' + cell("A1", "a") + cell("B1", "b") + b"</row>"
    rows += b'<row r="2">' + cell("A2", "1") + cell("B2", "2") + b"</row>"
    return workbook(path, rows + f'<row r="{number}">'.encode() + cell(place, "x") + b"</row>")


def parts(path: Path) -> Path:
    """An archive whose end says that it holds 65,000 parts, and one that lists them."""
    entry = b"PK\x01\x02" + bytes(42)
    directory = entry * 65_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_000, 65_000, len(directory), 4, 0)
    path.write_bytes(b"PK\x03\x04" + directory + end)
    return path


def locked(path: Path) -> Path:
    """What a workbook with a password looks like from outside."""
    name = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + name + bytes(500))
    return path
