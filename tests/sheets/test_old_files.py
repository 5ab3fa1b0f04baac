"""What old offices and old systems keep: .xls, .xlsm, .xlsb, and pages that are called .xls."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest

from crm.sheets.refusals import Refusal
from crm.sheets.tables import Choice, open_table
from tests.sheets import binary_books, hostile, old_books
from tests.sheets.old_books import DAY, formula, number, old_workbook, words, wrong

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("words")]
HEAD = [words(2, n, said) for n, said in enumerate(("名称", "台数", "納入日", "備考"))]
BLANK = b"\x03\0\0\0\0\0\xff\xff"


def _cells(path: Path, sheet: str | None = None) -> list[list[str]]:
    return [row.cells for row in open_table(path, Choice(sheet=sheet)).rows() if not row.blank]


def _refused(path: Path) -> str:
    began = time.monotonic()
    with pytest.raises(Refusal) as caught:
        list(open_table(path).rows())
    assert time.monotonic() - began < 5
    assert path.name in str(caught.value)
    return str(caught.value)


def test_an_old_workbook_is_read_with_its_days_sheets_errors_and_formulas(tmp_path: Path):
    first = [words(0, 0, "納入台帳"), *HEAD, words(3, 0, "髙﨑工業㈱"), number(3, 1, 3.0),
             number(3, 2, 46113, DAY), words(3, 3, "=1+1"), words(4, 0, "甲"), formula(4, 1, 12.5),
             wrong(4, 2, 0x17), formula(4, 3, b"\x02\0\x2a\0\0\0\xff\xff")]  # fmt: skip
    far = [words(0, 0, "x"), number(60_000, 3, 1)]
    sheets = {"一覧": first, "隠し": far, "西": [*HEAD, words(3, 0, "乙"), number(3, 1, 1)]}
    # the ending does not matter
    path = old_workbook(
        tmp_path / "台帳.csv", sheets, hidden=["隠し"], storages=["_VBA_PROJECT_CUR"]
    )
    table = open_table(path)
    assert (table.sheets, table.sheet, table.macros) == (("一覧", "西"), "一覧", True)
    assert (table.header_line, table.titles[0].cells[0]) == (3, "納入台帳")
    assert _cells(path) == [
        ["髙﨑工業㈱", "3", "2026-04-01", "=1+1"], ["甲", "12.5", "#REF!", "#N/A"],
    ]  # fmt: skip
    assert _cells(path, "西") == [["乙", "1", "", ""]]
    coded = old_books.record(0x41E, struct.pack("<HHB", 164, 5, 0) + b"00000")
    places = [number(3, 1, 123, 2), number(4, 1, 7, 2), number(3, 3, 5, 2), number(4, 3, 6)]
    shown = [*HEAD, words(3, 0, "甲"), words(4, 0, "乙"), *places]
    zeros = old_workbook(tmp_path / "zeros.xls", {"1": shown}, first=coded)
    assert _cells(zeros) == [["甲", "00123", "", "5"], ["乙", "00007", "", "6"]]
    early = [*HEAD, words(3, 0, "甲"), number(3, 2, 46113 - 1462, DAY)]
    mac = old_workbook(tmp_path / "mac.xls", {"1": early}, first=old_books.FROM_1904)
    assert (_cells(mac)[0][2], open_table(mac).macros) == ("2026-04-01", False)


def test_an_old_workbook_that_wants_harm_or_lacks_its_values_is_refused(tmp_path: Path):
    table = [*HEAD, words(3, 0, "甲"), words(4, 0, "乙")]
    long = words(5, 0, "長" * 4_000)
    texts = struct.pack("<IIHB", 1, 1, 8_000, 0) + b"x" * 8_000
    same = [old_books.record(0xFD, struct.pack("<HHHI", n, 0, 0, 0)) for n in range(60_000)]
    for name, book, about, word in (
        ("lone", [*table, words(65_535, 199, "x")], {}, "GR65536"),
        ("wide", [*table, words(5, 255, "x")], {}, "256"),
        ("locked", table, {"first": old_books.PASSWORD}, "パスワード"),
        ("sealed", table, {"streams": ["EncryptedPackage"]}, "パスワード"),
        ("never", [*table, formula(4, 1, BLANK)], {"streams": []}, "B5"),
        ("repeated", [*table, long, *same], {"first": old_books.record(0xFC, texts)}, "メモリ"),
        ("hidden", [*table], {"hidden": ["一覧"]}, "シート"),
    ):  # fmt: skip
        path = old_workbook(tmp_path / f"{name}.xls", {"一覧": book}, **about)
        assert word in _refused(path), name
    good = old_workbook(tmp_path / "good.xls", {"一覧": [*table, formula(4, 1, BLANK)]})
    assert len(_cells(good)) == 2
    held = bytearray(good.read_bytes())
    held[512 + 8 : 512 + 12] = held[512 + 12 : 512 + 16] = struct.pack("<I", 2)
    (tmp_path / "circle.xls").write_bytes(held)
    assert "Excel" in _refused(tmp_path / "circle.xls")
    letter = good.read_bytes().replace(
        "Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")
    )
    (tmp_path / "letter.xls").write_bytes(letter)
    assert "文書" in _refused(tmp_path / "letter.xls")
    (tmp_path / "cut.xls").write_bytes(good.read_bytes()[:1500])
    assert "Excel" in _refused(tmp_path / "cut.xls")


def test_a_workbook_with_macros_is_read_and_said_to_hold_them(tmp_path: Path):
    rows = b"".join(
        f'<row r="{n}">'.encode() + hostile.cell(f"A{n}", a) + hostile.cell(f"B{n}", b) + b"</row>"
        for n, (a, b) in enumerate([("名称", "電話"), ("甲社", "03-1111-2222")], 1)
    )
    path = hostile.workbook(tmp_path / "台帳.xlsm", rows, macros=b"x")
    assert (open_table(path).macros, _cells(path)) == (True, [["甲社", "03-1111-2222"]])
    # a workbook of today that somebody called .xls
    named = hostile.workbook(tmp_path / "台帳.xls", rows)
    assert (open_table(named).macros, len(_cells(named))) == (False, 1)


def test_a_binary_workbook_is_read_and_its_bombs_are_not(tmp_path: Path):
    rows = {0: ["名称", "台数", "率"], 1: ["甲社", 3, 0.25], 2: ["乙社", 0x2A, "#"]}
    path = binary_books.binary_workbook(tmp_path / "b.xlsb", rows)
    assert _cells(path) == [["甲社", "3", "0.25"], ["乙社", "42", "#N/A"]]
    far = rows | {1_048_575: ["x"]}
    lone = binary_books.binary_workbook(tmp_path / "lone.xlsb", far, column=150)
    assert "EU1048576" in _refused(lone)
    mac = binary_books.binary_workbook(tmp_path / "mac.xlsb", rows, from_1904=True)
    assert "1904" in _refused(mac)


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv=Content-Type content="text/html; charset=Shift_JIS"><style>td {color:red}</style>
<title>一覧</title></head><body><table><tr><td>検索結果 <b>2</b> 件</td></tr></table>
<table border=1><caption>顧客&amp;納入先</caption>
<tr><th rowspan=2>名称<th colspan="2">連絡先<th rowspan=2>台数</tr><tr><th>電話</th><th>住所</tr>
<tr><td>髙﨑工業㈱<td style='mso-number-format:"\\@"'>03-1111-2222</td><td>東京都<br> 千代田区</td>
<td x:fmla="=IF(A1>0,1,2)">1,200</td></tr>
<!-- <tr><td>消した行</td></tr> -->
<tr><td rowspan=2>乙&nbsp;社</td><td></td><td>a &lt; b</td><td rowspan=2>3</td></tr>
<tr><td>06</td><td>大阪</td></tr></table></body></html>"""
BOOK = """<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="一覧"><Table>
<Row><Cell><Data ss:Type="String">名称</Data></Cell><Cell><Data ss:Type="String">台数</Data></Cell>
<Cell><Data ss:Type="String">納入日</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data ss:Type="String">甲社</Data></Cell><Cell ss:Index="3">
<Data ss:Type="DateTime">2026-04-01T00:00:00.000</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">乙社</Data></Cell><Cell ss:Formula="=1+1">@</Cell></Row>
</Table></Worksheet></Workbook>"""


def test_a_page_of_the_web_called_xls_is_the_table_on_it(tmp_path: Path):
    path = tmp_path / "一覧.xls"
    for held in (PAGE.encode("cp932"), PAGE.replace("Shift_JIS", "UTF-8").encode("utf-8-sig")):
        path.write_bytes(held)
        table = open_table(path)
        assert (table.sheets, table.sheet) == (("1", "顧客&納入先"), "顧客&納入先")
        assert table.header == ("名称", "電話", "住所", "台数")
        assert _cells(path) == [
            ["髙﨑工業㈱", "03-1111-2222", "東京都\n千代田区", "1,200"],
            ["乙 社", "", "a < b", "3"],
            ["乙 社", "06", "大阪", ""],
        ]
    for held, word in (
        (b"<html><body>no table", "Web"),
        (b"<table><tr><td>" + b"<td colspan=9999>" * 200_000, "メモリ"),
        (b"<table>" + b"<tr" * 30_000 + b"><td>1", ".xls"),
        (b"<html><table>" + "<tr><td>髙</td></tr>".encode("cp932") + b"\xff\xfe\x81\n", "utf-8"),
    ):  # fmt: skip
        path.write_bytes(held)
        assert word in _refused(path), held[:20]


def test_a_workbook_written_as_xml_is_read(tmp_path: Path):
    path = tmp_path / "一覧.xls"
    path.write_text(BOOK.replace("@", '<Data ss:Type="Number">2</Data>'), "utf-8")
    assert _cells(path) == [["甲社", "", "2026-04-01"], ["乙社", "2", ""]]
    path.write_text(BOOK.replace("@", ""), "utf-8")
    assert "B4" in _refused(path)
    path.write_text(BOOK.replace("<Workb", '<!DOCTYPE x [<!ENTITY a "b">]><Workb'), "utf-8")
    assert "Excel" in _refused(path)
