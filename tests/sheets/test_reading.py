"""A table is read as it is, however it was written, and its rows come one after another."""

from __future__ import annotations

import os
import tracemalloc
from datetime import date, time
from pathlib import Path

import pytest
import xlsxwriter

from crm.sheets.encodings import find_encoding
from crm.sheets.refusals import Refusal
from crm.sheets.tables import Choice, open_table
from tests.sheets.documents import day, document, number, row, words

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("words")]
JAPANESE = "会社名,住所,電話\r\n株式会社髙﨑商会,東京都千代田区丸の内一丁目,03-1234-5678\r\n"
HALF = "ｶｲｼｬﾒｲ,ｼﾞｭｳｼｮ\r\nｶ)ﾃｽﾄ,ﾄｳｷｮｳ\r\n"
GERMAN = "Firma;Ort\r\nMüller & Söhne;Köln\r\nGroßhandel Weiß;Düsseldorf\r\n"
FRENCH = "société;prénom\r\nCafé “Élysée”;François\r\n"
WAYS = [
    (JAPANESE, "utf-8", "utf-8"), (JAPANESE, "utf-8-sig", "utf-8-sig"), (JAPANESE, "cp932", ""),
    (JAPANESE, "utf-16", ""), (JAPANESE, "utf-16-le", ""), (JAPANESE, "utf-16-be", ""),
    ("名称,備考\r\n㈱東京電機,①\r\n", "euc_jis_2004", ""),
    (HALF, "cp932", ""), (JAPANESE.replace("髙﨑", "東京"), "euc_jp", ""),
    (JAPANESE.replace("髙﨑", "東京"), "iso2022_jp", ""),
    (GERMAN, "cp1252", ""), (GERMAN, "utf-8", ""), (FRENCH, "cp1252", ""),
]  # fmt: skip


def _file(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_the_encoding_of_a_file_is_found_by_what_stands_in_it(tmp_path: Path):
    for text, encoding, found in WAYS:
        path = _file(tmp_path, text.encode(encoding))
        assert find_encoding(path) == (found or encoding)
        table = open_table(path)
        cells = [cell for row in table.rows() for cell in row.cells]
        lines = [line for line in text.split("\r\n") if line]
        mark = ";" if ";" in text else ","
        assert list(table.header) == lines[0].split(mark)
        assert cells == [cell for line in lines[1:] for cell in line.split(mark)]


def test_mails_of_windows_write_more_than_their_standard_knows(tmp_path: Path):
    held = b"\x1b$B2q<RL>\x1b(B,\x1b$BEEOC\x1b(B\r\n\x1b$B-j@D6u\x1b(B,03\r\n"
    held += b"\x1b$B|b66\x1b(J,\x1b(I6^0C\x1b(B\r\n"
    table = open_table(_file(tmp_path, held))
    assert (table.encoding, table.header) == ("cp50220", ("会社名", "電話"))
    assert [row.cells for row in table.rows()] == [["㈱青空", "03"], ["髙橋", "ｶﾞｰﾃ"]]
    for broken in (b"\x1b$B2q<\x1b(B,a\r\n", b"\x1b$B2q\x1b(Xb\r\n", b"\x1b$B2q\x1b("):
        with pytest.raises(Refusal, match=r"cp50220.*4"):
            find_encoding(_file(tmp_path, held + broken))


OTHERS = (
    ("公司名称,地址\n北京机械设备有限公司,北京市朝阳区\n", "gb18030"),
    ("公司名稱,地址\n臺北機械設備有限公司,臺北市信義區\n", "big5"),
    ("회사명,주소\n서울기계주식회사,서울특별시\n", "cp949"),
    ("Название;Адрес\nООО Ромашка;Москва\n", "cp1251"),
    ("Nazwa;Adres\nZakład Łódź;Gdańsk\n", "cp1250"),
    ("Firma;Ort\nMüller & Söhne;Köln\n", "mac_roman"),
)


def test_what_may_be_text_of_another_country_is_asked_and_read_when_it_is_said(tmp_path: Path):
    for text, encoding in OTHERS:
        path = _file(tmp_path, text.encode(encoding))
        with pytest.raises(Refusal, match=r"certain|確か"):
            find_encoding(path)
        table = open_table(path, Choice(encoding=encoding))
        assert [",".join(row.cells) for row in table.rows()] == [
            text.split("\n")[1].replace(";", ",")
        ]
    for text in ("Größe;Süß\n1\xa0234;São Paulo Ação\n£50 12 €;Ærø 25 m²\n", "ÜBERGRÖSSE;x\n"):
        assert find_encoding(_file(tmp_path, text.encode("cp1252"))) == "cp1252"
    assert find_encoding(_file(tmp_path, "会社名\n".encode("utf-32"))) == "utf-32"


def test_strange_bytes_late_in_a_long_file_are_taken_into_account(tmp_path: Path):
    plain = b"name,number\n" + b"plain words,1\n" * 120_000
    assert find_encoding(_file(tmp_path, plain + "東京電機,2\n".encode("cp932"))) == "cp932"
    assert find_encoding(_file(tmp_path, plain + "Müller,2\n".encode("cp1252"))) == "cp1252"
    with pytest.raises(Refusal, match="1"):
        find_encoding(_file(tmp_path, "Müller,2\n".encode("cp1252")), given="utf-8")


@pytest.mark.parametrize(
    ("text", "mark", "header"),
    [
        ("a,b;c\n1,5;2\n3,7;4\n", ";", ["a,b", "c"]),
        ("Name;Betrag\nX;1,5\nY;2,5\n", ";", ["Name", "Betrag"]),
        ("品番\t価格\nA-1\t1,000\n", "\t", ["品番", "価格"]),
        ('a|b\n"x|y"|2\n', "|", ["a", "b"]),
        ("名前\n山田\n", ",", ["名前"]),
    ],
)
def test_what_parts_the_cells_is_found(tmp_path: Path, text: str, mark: str, header: list[str]):
    table = open_table(_file(tmp_path, text))
    assert (table.delimiter, list(table.header)) == (mark, header)


def test_titles_junk_and_blank_lines_are_told_with_their_lines(tmp_path: Path):
    text = (
        "取引先一覧\n2026年11月1日現在,,\n\n会社名,金額,金額\n東京電機,1,2\n"
        '"大阪\n製作所",3,4,\n会社名,金額,金額\n名古屋,5\n合計,9,\n※ 税抜\n"a"b,1,2\n,,\n最後,7,8\n'
    )
    table = open_table(_file(tmp_path, text))
    assert [row.line for row in table.titles] == [1, 2]
    assert (table.header_line, table.header) == (4, ("会社名", "金額 (1)", "金額 (2)"))
    rows = list(table.rows())
    assert [row.line for row in rows if not row.junk and not row.blank] == [5, 6, 14]
    junk = {row.line: row.junk for row in rows if row.junk}
    assert list(junk) == [8, 9, 10, 11, 12]
    assert junk[9] == "見出しの3列に対して2列あります。"
    assert len(set(junk.values())) == 5
    assert [row.line for row in rows if row.blank] == [13]
    assert [row.line for row in table.rows(after=10)] == [11, 12, 13, 14]


def test_a_table_without_a_header_is_seen_and_a_person_may_say_otherwise(tmp_path: Path):
    path = _file(tmp_path, "2015-01-03,1,error1\n2015-01-04,2,error3\n")
    table = open_table(path)
    assert (table.header_line, table.header) == (0, ("(A)", "(B)", "(C)"))
    assert [row.line for row in table.rows()] == [1, 2]
    said = open_table(path, Choice(header=1))
    assert said.header == ("2015-01-03", "1", "error1")
    named = open_table(path, columns=("day", "machine", "code"))
    assert [row.cells[2] for row in named.rows()] == ["error1", "error3"]


def test_a_header_of_two_lines_is_one_and_a_row_of_words_stays_a_row(tmp_path: Path):
    over = "契約番号,顧客名,期間,,年額\n,,開始日,終了日,\nK-1,甲社,2026/4/1,2027/3/31,5\n"
    group = "契約,,期間,,金額\n番号,顧客名,開始日,終了日,年額\nK-1,甲社,2026/4/1,2027/3/31,5\n"
    for text, names in ((over, ["契約番号", "顧客名"]), (group, ["番号", "顧客名"])):
        table = open_table(_file(tmp_path, text))
        assert list(table.header) == [*names, "開始日", "終了日", "年額"]
        assert ([row.line for row in table.titles], table.header_line) == ([1], 2)
        assert [row.cells[0] for row in table.rows()] == ["K-1"]
    known = open_table(_file(tmp_path, over), wanted=("契約番号", "終了日"))
    assert (known.header_line, known.header[3]) == (2, "終了日")
    words = "会社名,,電話\n試一,東京,なし\n試二,大阪,06-1234-5678\n"
    assert open_table(_file(tmp_path, words)).header_line == 1


def test_cells_merged_downwards_say_their_words_in_every_row_and_their_numbers_once(
    tmp_path: Path,
):
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
        book.add_worksheet("凡例").write_row(0, 0, ["○", "済"])
        book.worksheets()[0].write_row(1, 0, ["×", "未"])
        sheet = book.add_worksheet("一覧")
        for place, name in (("A1:A2", "顧客名"), ("B1:C1", "連絡先"), ("D1:D2", "年額")):
            sheet.merge_range(place, name)
        sheet.write_row("B2", ["担当", "部署"])
        sheet.merge_range("A3:A6", "甲社")
        sheet.merge_range("D3:D4", 1200)
        for at, name in ((2, "山田"), (3, "佐藤"), (4, "鈴木")):
            sheet.write_row(at, 1, [name, "総務"])
        sheet.write_row(6, 0, ["乙社", "上田", "工務", 5])
        sheet.write("E2", "機番")
        zeros = book.add_format({"num_format": "00000"})
        sheet.write(2, 4, 12, zeros)
        sheet.write_formula(3, 4, "=E3+1", zeros, 13)
        sheet.write(6, 4, "A-7")
    table = open_table(tmp_path / "book.xlsx")
    assert (table.header_line, table.header) == (2, ("顧客名", "担当", "部署", "年額", "機番"))
    assert [row.cells for row in table.rows() if not row.blank] == [
        ["甲社", "山田", "総務", "1200", "00012"], ["甲社", "佐藤", "総務", "", "00013"],
        ["甲社", "鈴木", "総務", "", ""], ["乙社", "上田", "工務", "5", "A-7"],
    ]  # fmt: skip


def test_what_other_programs_do_to_a_file_of_text_is_undone(tmp_path: Path):
    head, row = "会社名,電話,備考\n", '株式会社青木,="0312345678","=""01"""\n'
    text = f'\ufeff{head}{row}\ufeff{head}\ufeff"株式会社伊藤",\'0311,x\n3 / 4 ページ,,\n- 5 -,,\n'
    text += '■関西,,\n "上田", "〃", "a, b"\n\x1a'
    rows = list(open_table(_file(tmp_path, text)).rows())
    assert [row.cells for row in rows if not row.junk] == [
        ["株式会社青木", "0312345678", "01"], ["株式会社伊藤", "'0311", "x"],
        ["上田", "'0311", "a, b"],
    ]  # fmt: skip
    assert [row.line for row in rows if row.junk] == [3, 5, 6, 7]
    for held in (b"MIME-Version: 1.0\r\n\r\n<table>", b"{\\rtf1 a}"):
        with pytest.raises(Refusal, match="Web"):
            open_table(_file(tmp_path, held, "page.xls"))


def _workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        notes, sheet = book.add_worksheet("表紙"), book.add_worksheet("一覧")
        book.add_worksheet("隠し").hide()
        notes.write("A1", "ご注意")
        day = book.add_format({"num_format": "yyyy/mm/dd"})
        at = book.add_format({"num_format": "yyyy/mm/dd hh:mm"})
        clock = book.add_format({"num_format": "[h]:mm:ss"})
        sheet.write("B2", "納入台帳")
        sheet.write_row("B4", ["型番", "台数", "日", "時", "計", "率", "有効", "番号", "間"])
        sheet.write_row("B5", ["GX", 3.0])
        sheet.write_datetime("D5", date(2026, 4, 1), day)
        sheet.write("E5", 46113 + 9.5 / 24, at)
        sheet.write_formula("F5", '=HYPERLINK("http://x","y")', None, "=1+1")
        sheet.write("G5", 0.1)
        sheet.write("H5", True)
        sheet.write("I5", 5070001000715)
        sheet.write_datetime("J5", time(1, 2, 3), clock)
        sheet.write("B7", "GY")
        sheet.write_formula("C7", "=1/0", None, "#DIV/0!")
    return path


def test_the_cells_of_a_workbook_are_read_as_they_are_meant(tmp_path: Path):
    path = _workbook(tmp_path / "book.xlsx")
    first = open_table(path, Choice(header=0))
    assert (first.sheets, first.sheet) == (("表紙", "一覧"), "表紙")
    assert open_table(path).sheet == "一覧"
    table = open_table(path, Choice(sheet="一覧"))
    assert [row.line for row in table.titles] == [2]
    assert (table.header_line, table.header[1:3]) == (4, ("型番", "台数"))
    rows = list(table.rows())
    assert [(row.line, row.blank, row.junk) for row in rows] == [
        (5, False, ""), (6, True, ""), (7, False, ""),
    ]  # fmt: skip
    assert rows[0].cells[1:] == [
        "GX", "3", "2026-04-01", "2026-04-01 09:30:00", "=1+1", "0.1", "TRUE", "5070001000715",
        "1:02:03",
    ]  # fmt: skip
    assert rows[-1].cells[1:3] == ["GY", "#DIV/0!"]
    with pytest.raises(Refusal, match="表紙, 一覧"):
        open_table(path, Choice(sheet="隠し"))


def test_the_text_of_a_workbook_is_kept_for_a_day(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def read(name: str) -> Path:
        with xlsxwriter.Workbook(tmp_path / name) as book:
            book.add_worksheet().write_column(0, 0, ("会社名", name))
        before = set(tmp_path.glob("engawa-tables-*/*.csv"))
        assert list(open_table(tmp_path / name).rows())
        [made] = set(tmp_path.glob("engawa-tables-*/*.csv")) - before
        return made

    old, young = read("old.xlsx"), read("young.xlsx")
    for one, hours in ((old, 25), (young, 23)):
        then = one.stat().st_mtime - hours * 3600
        os.utime(one, (then, then))
    read("new.xlsx")
    assert (old.exists(), young.exists()) == (False, True)


def test_a_sheet_of_libreoffice_is_read_and_one_that_repeats_itself_is_refused(tmp_path: Path):
    empty = "<table:table-cell/>"
    blank = '<table:table-cell table:number-columns-repeated="1016"/>'
    body = (
        row(words("名称"), words("台数"), words("納入日"), blank)
        + row(words("山田製作所"), number("3"), day("2026-04-01"), blank)
        + row(blank, times=1_048_570)
    )
    table = open_table(document(tmp_path / "list.ods", body))
    assert (table.sheets, table.header) == (("一覧",), ("名称", "台数", "納入日"))
    assert [one.cells for one in table.rows() if not one.blank] == [
        ["山田製作所", "3", "2026-04-01"]
    ]
    for name, rows, word in (
        (
            "lone",
            row(words("a")) + row(blank, times=1_048_574) + row(empty + words("z")),
            "B1048576",
        ),
        ("wide", row(words("a"), blank, words("z")), "1018"),
        ("many", row(*[words("a") * 100], times=1_000_000), "100,000,000"),
    ):
        with pytest.raises(Refusal, match=word):
            list(open_table(document(tmp_path / f"{name}.ods", rows)).rows())
    with pytest.raises(Refusal, match="パスワード"):
        open_table(document(tmp_path / "locked.ods", body, "<manifest:encryption-data/>"))


def test_a_long_file_is_never_held_in_memory_and_reading_goes_on_where_it_ended(tmp_path: Path):
    line = "株式会社テスト{0},東京都,03-0000-{0:06}\n"
    path = tmp_path / "long.csv"
    with path.open("w", encoding="cp932") as file:
        file.write("会社名,住所,電話\n")
        file.writelines(line.format(n) for n in range(60_000))
    tracemalloc.start()
    table = open_table(path)
    first = next(row for row in table.rows(after=59_000))
    assert (first.line, first.cells[2]) == (59_001, "03-0000-058999")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16_000_000  # all rows at once take 25 million


def test_empty_columns_totals_with_a_count_and_a_late_wrong_byte_are_no_riddle(tmp_path: Path):
    rows = ",会社名,,電話,,\n,青木,,03-1111-2222,,\n,伊藤,,03-1111-3333,,\n総合計（2件）,,,6,,\n"
    table = open_table(_file(tmp_path, rows + ",,,,,\n" * 500))
    assert table.header == ("(A)", "会社名", "(C)", "電話")
    found = list(table.rows())
    assert [row.line for row in found if not row.blank and not row.junk] == [2, 3]
    assert "合計" in found[2].junk and sum(row.blank for row in found) == 500
    parted = _file(
        tmp_path, "■東日本\n名称,電話\n青木,1\n\n■西日本\n名称,電話\n上田,2\n", "two.csv"
    )
    junk = [(row.line, row.cells) for row in open_table(parted).rows() if row.junk]
    assert junk == [(5, ["■西日本"]), (6, ["名称", "電話"])]
    mixed = "会社名\n甲社\n".encode() + "乙社\n".encode("cp932")
    with pytest.raises(Refusal, match=r"utf-8.*3"):
        open_table(_file(tmp_path, mixed, "mixed.csv"))
    dirty = "会社名,備考\n山田製作所,納入済\n".encode("cp932") + b"abc,\x81\xad\n"
    with pytest.raises(Refusal, match=r"cp932.*3"):
        open_table(_file(tmp_path, dirty, "dirty.csv"))
