"""Tables on their way out: nothing in them runs, and what comes back is what went out."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from crm.sheets.writing import CP932, UTF8, Column, Odd, Written, csv_parts
from crm.sheets.writing_workbooks import LONGEST, write_workbook
from crm.text.cells import as_text, harmless, restored
from crm.transfers.values import NULLS

pytestmark = pytest.mark.once

TEXTS = [Column("名前"), Column("備考")]
BEGINNINGS = st.sampled_from(
    [
        "",
        "'",
        "''",
        "=",
        "+",
        "-",
        "@",
        "＝",
        "＋",
        "－",
        "＠",
        " =",
        "\t",
        "\r\n",
        "\u3000'=",
        "?",
        "\u200b=",
        "\ufeff@",
        "\xa0+",
        "'0",
    ]
)
CELLS = st.builds(str.__add__, BEGINNINGS, st.text(st.characters(exclude_categories=["Cs"])))


def _file(rows: list[list[object]], encoding: str = UTF8) -> tuple[bytes, Written]:
    written = Written()
    parts = csv_parts(TEXTS, rows, encoding, written)  # type: ignore[arg-type]  # cells of all kinds
    return b"".join(parts), written


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_every_text_comes_back_from_a_csv_file_as_it_was(rows: list[tuple[str, str]]) -> None:
    content, written = _file([list(row) for row in rows])
    text = content.decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [tuple(map(restored, row)) for row in read] == rows
    assert written.rows == len(rows)
    for cell in (cell for row in read for cell in row):
        bare = cell.lstrip(" \u3000\t\r\n\u200b\ufeff\xa0")
        assert bare[:1] not in tuple("=+-@＝＋－＠") or not bare, cell


@given(CELLS)
def test_a_text_in_a_workbook_loses_no_more_than_in_a_csv_file(cell: str) -> None:
    assert restored(as_text(cell)) == cell == restored(harmless(cell))


def test_a_mark_that_another_program_put_before_digits_is_taken_away() -> None:
    for said, meant in (("'0312-34", "0312-34"), ("'24年", "'24年"), ("''01", "'01"), ("'", "'")):
        assert restored(said) == meant


def test_what_an_import_takes_for_a_blank_is_marked_so_that_it_stays() -> None:
    for nothing in filter(None, NULLS):
        for shown in (harmless(nothing), as_text(nothing)):
            assert shown not in NULLS
            assert restored(shown) == nothing


def test_numbers_and_days_stay_what_they_are_in_a_csv_file() -> None:
    content, _written = _file(
        [
            [-5, date(2026, 11, 30)],
            [Decimal("-0.50"), datetime(2026, 11, 30, 9, 5, tzinfo=UTC)],
            [None, "-5"],
        ]
    )
    lines = content.decode("utf-8-sig").split("\r\n")
    assert lines[1:] == ["-5,2026-11-30", "-0.50,2026-11-30 09:05:00", ",'-5", ""]


def test_a_character_that_shift_jis_lacks_is_named_and_nothing_is_put_in_its_place() -> None:
    content, written = _file([["髙橋①", "﨑"], ["𠮷野家", "—\n絵😀"]], CP932)
    assert written.odd == [
        Odd(3, "名前", "𠮷"), Odd(3, "備考", "—"), Odd(3, "備考", "😀"),
    ]  # fmt: skip
    assert content == b""
    content, written = _file([["髙橋①", "1\u301c3"]], CP932)
    assert content.decode("cp932") == "名前,備考\r\n髙橋①,1\uff5e3\r\n"
    assert written.odd == []


def test_a_workbook_holds_days_as_days_money_as_numbers_and_formulas_as_text(
    tmp_path: Path,
) -> None:
    path = tmp_path / "out.xlsx"
    columns = [
        Column("取引先"), Column("金額", "yen"), Column("納入日", "day"),
        Column("受付", "instant"), Column("値", "number"),
    ]  # fmt: skip
    when = datetime(2026, 11, 30, 9, 15, 30, tzinfo=UTC)
    rows = [
        ['=HYPERLINK("http://x")', 1_234_567, date(2026, 11, 30), when, Decimal("1.5")],
        ["http://example.jp", None, date(1890, 1, 2), None, 0],
        ["00123", -5, None, None, None],
        ["-", 0, None, None, None],
        ["_x0041_ 改行\nあり\x0b", 0, None, None, None],
    ]  # fmt: skip
    written = write_workbook(path, "取引先", columns, rows)  # type: ignore[arg-type]
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("取引先")
    read = sheet.to_python(skip_empty_area=False)
    assert read[0] == ["取引先", "金額", "納入日", "受付", "値"]
    assert read[1] == [
        '=HYPERLINK("http://x")',
        1_234_567,
        date(2026, 11, 30),
        when.replace(tzinfo=None),
        1.5,
    ]
    assert read[2] == ["http://example.jp", "", "1890-01-02", "", 0]
    assert read[3][:2] == ["00123", -5]
    assert restored(read[4][0]) == "-"
    assert read[5][0] == rows[4][0]
    assert (written.rows, written.odd) == (5, [])
    content = b"".join(path.read_bytes().split())
    assert b"<f>" not in content


def test_a_cell_too_long_for_a_workbook_is_named(tmp_path: Path) -> None:
    written = write_workbook(
        tmp_path / "o.xlsx", "x", TEXTS, [["a", "b"], ["c", "長" * LONGEST * 2]]
    )
    assert written.odd == [Odd(3, "備考", "")]
