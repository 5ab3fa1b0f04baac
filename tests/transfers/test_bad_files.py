"""What is no table is refused in words with exit code 2, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from crm.accounts.models import Account
from tests.transfers.samples import companies

BAD = {
    "nothing": (b"", "empty.csv"),
    "blanks": (b" \r\n \r\n", "blank.csv"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "workbook": (b"PK\x03\x04\x14\x00", "Excel"),
    "nul": (companies().encode().replace("髙".encode(), b"\0"), "NUL"),
    "wide": (b",".join(b"c%d" % i for i in range(500)) + b"\n" + b"," * 499, "500"),
    "not text": (b"\x81\xff\xfe\x00"[:3] * 40, "cp1252"),
    "open quote": (companies().encode() + b'X7,"never closed\n', "8"),
    "header alone": (companies().split("\r\n")[0].encode() + b"\r\n", "bad.csv"),
    "other columns": (b"a,b\n1,2\n", "（a, b）"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_table_is_refused_in_words(name, tmp_path: Path, command, fingerprint):
    content, word = BAD[name]
    path = tmp_path / (word if word.endswith(".csv") else "bad.csv")
    path.write_bytes(content)
    before = fingerprint()
    result = command("import", "accounts", path)
    assert result.exit_code == 2, result.output
    assert path.name in result.output
    assert word in result.output
    assert fingerprint() == before


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, command):
    result = command("import", "accounts", tmp_path / "missing.csv")
    assert (result.exit_code, "missing.csv" in result.output) == (2, True)


def test_an_encoding_is_taken_at_its_word(data, command):
    path = data / "edinet" / "edinet_corporates_cp932.csv"
    for encoding in ("utf-8", "shift_jis", "klingon", "zip"):
        result = command("import", "accounts", path, "--encoding", encoding)
        assert (result.exit_code, encoding in result.output) == (2, True), result.output
    assert command("import", "accounts", path, "--encoding", "cp932").exit_code == 0


MAPPINGS = {
    "unknown key": ('colour = "red"', "colour"),
    "unknown field": ('[fields]\nname = "提出者名"\nshoe_size = "a"', "shoe_size"),
    "unknown reader": (
        '[fields]\nname = { column = "提出者名", read = "tea" }',
        "fields.name.read",
    ),
    "wrong type": ("[fields]\nname = { column = 7 }", "fields.name.column"),
    "unfit find": ('[fields]\nname = { column = "提出者名", find = "unit" }', "fields.name.find"),
    "missing field": ('[fields]\naddress = "所在地"', "fields.name"),
    "missing column": ('[fields]\nname = "会社の名前"', "会社の名前"),
    "no toml": ("[fields", "TOML"),
}


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_wrong_mapping_is_refused_by_file_and_key(name, data, tmp_path: Path, command, count):
    text, word = MAPPINGS[name]
    path = tmp_path / "mine.toml"
    head = 'kind = "accounts"\nsource = "mine"\nkey = "{ＥＤＩＮＥＴコード}"\n'
    path.write_text(head + text + "\n", encoding="utf-8")
    file = data / "edinet" / "edinet_corporates_utf8.csv"
    result = command("import", "accounts", file, "--mapping", path)
    assert result.exit_code == 2, result.output
    assert word in result.output
    assert count(Account) == 0


def test_a_mapping_for_another_kind_is_refused(data, command):
    file = data / "edinet" / "edinet_corporates_utf8.csv"
    result = command("import", "products", file, "--mapping", "edinet_utf8")
    assert (result.exit_code, "accounts" in result.output) == (2, True)


def test_a_dry_run_says_what_would_be_and_writes_nothing(data, command, fingerprint):
    before = fingerprint()
    file = data / "edinet" / "edinet_corporates_utf8.csv"
    result = command("import", "accounts", file, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "新規 6" in result.output
    assert fingerprint() == before


def test_refused_rows_lie_in_a_file_with_line_and_reason(tmp_path: Path, command):
    path = tmp_path / "list.csv"
    path.write_text(
        companies().replace("7123456789012", "1").replace("有限会社み", "=有限会社み"),
        encoding="utf-8",
    )
    result = command("import", "accounts", path)
    assert result.exit_code == 0, result.output
    rejected = tmp_path / "list.rejected.csv"
    assert str(rejected) in result.output
    head, row = rejected.read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("行,理由,ＥＤＩＮＥＴコード")
    assert row.startswith("7,提出者法人番号")
    assert "'=有限会社みなと商会" in row


def test_a_mapping_that_forgets_to_read_a_day_refuses_every_row(data, tmp_path: Path, command):
    path = tmp_path / "mine.toml"
    path.write_text(
        'kind = "products"\nsource = "mine"\nkey = "{product}"\n[fields]\ncode = "product"\n'
        'name = "product"\nend_of_support_on = "series"\nlist_price = "sales_price"\n',
        encoding="utf-8",
    )
    file = data / "crm_opportunities" / "products.csv"
    result = command("import", "products", file, "--mapping", path)
    assert result.exit_code == 0, result.output
    assert "サポート終了" in result.output
    assert "取り込み不可 2" in result.output


def test_a_workbook_tells_which_of_its_sheets_were_not_read(tmp_path: Path, command):
    path = tmp_path / "prices.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("表紙", "東", "西"):
            sheet = book.add_worksheet(name)
            sheet.write_row(
                0, 0, ["product", "series", "sales_price"] if name != "表紙" else ["注"]
            )
            sheet.write_row(1, 0, [f"{name}-1", "GX", 5] if name != "表紙" else ["意"])
    result = command("import", "products", path, "--dry-run")
    assert (result.exit_code, "新規 1" in result.output) == (0, True), result.output
    assert "読み込まなかったシート：表紙, 西" in result.output


def test_a_column_that_stands_there_twice_is_refused(tmp_path: Path, command):
    path = tmp_path / "twice.csv"
    path.write_text("product,series,sales_price,product\nA,B,1,C\n", encoding="utf-8")
    result = command("import", "products", path)
    assert (result.exit_code, "product" in result.output) == (2, True)


def test_an_amount_below_zero_is_refused_with_its_line(tmp_path: Path, command):
    path = tmp_path / "prices.csv"
    path.write_text("product,series,sales_price\nA,B,1\nC,D,-5\n", encoding="utf-8")
    result = command("import", "products", path)
    assert "新規 1" in result.output
    assert "3行目：標準価格" in result.output


def test_refused_rows_that_cannot_be_written_down_stop_the_import(
    tmp_path: Path, command, fingerprint
):
    path = tmp_path / "prices.csv"
    path.write_text("product,series,sales_price\nA,B,1\nC,D,-5\n", encoding="utf-8")
    before = fingerprint()
    result = command("import", "products", path, "--rejected", tmp_path / "no" / "such.csv")
    assert (result.exit_code, "such.csv" in result.output) == (2, True)
    assert fingerprint() == before


def test_a_file_that_is_refused_leaves_no_empty_file_beside_it(command, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("127.0.0.1 localhost\n", encoding="utf-8")
    assert command("import", "accounts", path).exit_code == 2
    assert [one.name for one in tmp_path.iterdir()] == ["list.csv"]
