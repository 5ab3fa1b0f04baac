"""Files that want harm are refused in words, quickly and in little memory."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from crm.sheets.refusals import Refusal
from crm.sheets.tables import open_table
from tests.sheets import hostile

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("words")]
MEGABYTE = 1024 * 1024
CONTENTS = {
    "empty.csv": (b"", "空"),
    "blank.csv": (b"\xef\xbb\xbf\r\n \r\n", "空"),
    "late.csv": (b"\r\n\r\n%PDF-1.7\n" + bytes(9), "PDF"),
    "paper.csv": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "nul.csv": (b"a,b\nx\0y,1\n", "NUL"),
    "wide.csv": (b",".join(b"c%d" % n for n in range(500)) + b"\n", "200"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excel"),
    "page.xls": (b"<html><p>1</p></html>", "Web"),
    "cut.xlsx": (b"PK\x03\x04\x14\x00", "Excel"),
    "quote.csv": (b'a,b\n1,"' + b"never closed\n" * 20_000, "2"),
    "line.csv": (b"a,b\n1," + b"x" * 3_000_000, "2,000,000"),
    "cell.csv": (b"a,b\n1," + b"x" * 200_000 + b"\n", "131,072"),
    "packed.csv.gz": (b"\x1f\x8b\x08\x00" + bytes(40), "圧縮"),
    "wide.txt": ("a,b\nx\0y,1\n".encode("utf-16"), "utf-16"),
    "photo.csv": (b"\x89PNG\r\n\x1a\n" + bytes(40), "画像"),
    "broken.csv": (b"name,city\n" + "Müller,Köln\n".encode() * 300 + b"\xfcb,K\n", "302"),
    "random.csv": (b"\x81\xff\xfe\x80" * 40, "1"),
}
WORKBOOKS = {
    "uncalculated": (
        lambda path: hostile.workbook(
            path, b'<c r="A1" t="str"><f>""</f><v></v></c><c r="B1" s="1"><f>1+1</f><v/></c>'
        ), "B1",
    ),
    "errors": (
        lambda path: hostile.workbook(
            path, b"".join(b'<c r="A%d" t="e"><v>#REF!</v></c>' % n for n in range(1, 50_002))
        ), "50,000",
    ),
    "theme": (
        lambda path: hostile.workbook(path, b"", **{
            "xl/theme/theme1.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>',
        }), "XML",
    ),
    "bomb": (hostile.bomb, "圧縮率"),
    "laughs": (hostile.laughs, "XML"),
    "repeated": (hostile.repeated, "メモリ"),
    "lone": (lambda path: hostile.lone(path, "XFD1048576"), "XFD1048576"),
    "deep": (lambda path: hostile.lone(path, "CV1048576"), "CV1048576"),
    "columns": (lambda path: hostile.lone(path, "SF1"), "500"),
    "parts": (hostile.parts, "2,000"),
    "locked": (hostile.locked, "パスワード"),
}  # fmt: skip


def _refused(path: Path) -> str:
    began = time.monotonic()
    with pytest.raises(Refusal) as caught:
        for _row in open_table(path).rows():
            pass
    assert time.monotonic() - began < 5
    assert path.name in str(caught.value)
    return str(caught.value)


def test_what_is_no_table_is_refused_in_words(tmp_path: Path):
    for name, (content, word) in CONTENTS.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert word in _refused(path), name


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_that_wants_harm_is_refused_before_it_does_any(name: str, tmp_path: Path):
    make, word = WORKBOOKS[name]
    assert word in _refused(make(tmp_path / f"{name}.xlsx"))
    assert not list(tmp_path.glob("*.csv*"))


def test_a_giant_file_is_refused_unread(tmp_path: Path):
    path = tmp_path / "giant.csv"
    with path.open("wb") as file:
        file.truncate(1024 * MEGABYTE)
    assert "512" in _refused(path)
