"""Columns of files that nobody has seen are taken for the fields they are."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from crm import language
from crm.sheets.tables import open_table
from crm.transfers.drafting import Draft, as_mapping, fingerprint, first_draft
from crm.transfers.drafts_of import draft_of
from crm.transfers.evaluating import Evaluator
from crm.transfers.kinds.table import KINDS
from crm.transfers.labels import field_word
from crm.transfers.mapping import mapping_of
from crm.transfers.profiles import profiles
from crm.transfers.refusals import Unreadable

pytestmark = pytest.mark.once


@pytest.fixture
def drafted(tmp_path: Path):
    """The first draft of a file; words and the company's clock are all that is needed."""
    app = Flask("guessing", static_folder=None)
    app.config |= {"BABEL_DEFAULT_LOCALE": "ja", "ZONE": ZoneInfo("Asia/Tokyo")}
    language.init_app(app)

    def look(kind: str, text: str) -> Draft:
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        table = open_table(path)
        rows = [row for row in table.rows() if not row.junk]
        columns = profiles(table.header, rows)
        draft = first_draft(KINDS[kind], columns, table.delimiter == ";", rows)
        again = mapping_of("again", as_mapping(KINDS[kind], draft, table.header, headless=False))
        back = draft_of(KINDS[kind], again, columns)
        assert back is not None
        assert (back.keys, [one.field for one in back.lines]) == (
            draft.keys, [one.field for one in draft.lines],
        )  # fmt: skip
        return draft

    with app.app_context():
        yield look


def _fields(draft: Draft) -> dict[str, str]:
    return {line.column: line.field for line in draft.lines if line.field}


def test_a_list_of_customers_is_known_by_its_words_its_spelling_and_what_stands_in_it(drafted):
    found = drafted(
        "accounts",
        "得意先ｺｰﾄﾞ,會社名,カナ,本社電話番号,ＦＡＸ,a,郵便 番号,"
        "ジュウショ,与信限度額(千円),担当営業\n"
        'C-1,東京電機㈱,ﾄｳｷｮｳﾃﾞﾝｷ,03-1234-5678,,7000012050002,100-0001,東京都千代田区,"1,200",佐藤\n'
        "C-2,大阪製作所,オオサカ,06-1234-5678,,4011001098993,530-0001,大阪府大阪市北区,未定,鈴木\n",
    )
    assert _fields(found) == {
        "會社名": "name", "カナ": "name_kana", "本社電話番号": "phone", "a": "corporate_number",
        "郵便 番号": "postal_code", "ジュウショ": "address", "与信限度額(千円)": "credit_limit",
        "担当営業": "owner",
    }  # fmt: skip
    said = {line.column: line for line in found.lines}
    assert "100%" in said["a"].why
    assert said["本社電話番号"].confidence < said["カナ"].confidence
    assert (said["与信限度額(千円)"].read, found.nulls) == ("thousand_yen", ("未定",))
    assert found.keys == ("得意先ｺｰﾄﾞ",)


def test_a_misspelt_column_is_still_known_and_one_whose_values_do_not_fit_is_believed_less(drafted):
    found = drafted(
        "accounts",
        "Compny Name,Postel Code,Telephone,Email\nAcme Inc,100-0001,none so far,x\n"
        "Betacorp Ltd,530-0001,ask Bob,y\n",
    )
    assert _fields(found) == {"Compny Name": "name", "Postel Code": "postal_code"}


def test_the_order_of_day_and_month_is_found_or_asked(drafted):
    head = "案件名,取引先,段階,受注日\n"
    for cells, read, ask in (
        ("31/01/2026|05/02/2026", "day_first", 0), ("01/31/2026|2/5/2026", "month_first", 0),
        ("03/04/2026|05/06/2026", "", 2), ("3.4.2026|5.6.2026", "day_first", 0),
        ("26/01/31|99/12/05", "short_year", 0), ("01/02/03|04/05/06", "", 3),
        ("2026年1月31日|令和8年2月5日", "day", 0),
    ):  # fmt: skip
        rows = "".join(f"件{n},甲社,受注,{day}\n" for n, day in enumerate(cells.split("|")))
        line = drafted("deals", head + rows).lines[3]
        assert (line.field, line.read, len(line.ask)) == ("closed_on", read, ask), cells


def test_numbers_with_a_decimal_comma_and_the_words_of_choices_are_understood(drafted):
    found = drafted(
        "deals",
        "Opportunity;Customer;Stage;Amount\nA;Müller;Closed Won;1.234,00\n"
        "B;Weiß;Prospecting;99,50\nC;Groß;Somewhere;5,00\n",
    )
    assert _fields(found) == {
        "Opportunity": "title", "Customer": "account", "Stage": "stage", "Amount": "amount",
    }  # fmt: skip
    assert found.lines[3].read == "yen_comma"
    assert found.lines[2].words == {"Closed Won": "won", "Prospecting": "lead", "Somewhere": ""}
    for cells, name, read in (
        ("1.000|12.500", "Betrag", "yen_comma"), ("1,000|12,500", "Betrag", "yen"),
        ("1.5|2", "金額（万円）", "ten_thousand_yen"), ("1|2", "金額(億円)", "hundred_million_yen"),
        ("1|2", "Amount (in thousands)", "thousand_yen"), ("1|2", "Amount (USD)", ""),
        ("$5|$6", "Amount", ""),
    ):  # fmt: skip
        rows = "".join(f"件{n};甲社;受注;{one}\n" for n, one in enumerate(cells.split("|")))
        line = drafted("deals", f"案件名;取引先;段階;{name}\n{rows}").lines[3]
        assert (line.field, line.read) == ("amount" if read else "", read), name
    products = drafted("products", "product,series,sales_price\nGTX Basic,GTX,550\n")
    assert (_fields(products)["product"], products.fixed["code"]) == ("name", "=product")


def test_the_unit_of_a_span_is_found_or_asked(drafted):
    for name, cells, read in (
        ("保証期間", "1年|6か月", "months"), ("保証期間(年)", "1|2", "months_in_years"),
        ("保証月数", "12|24", "months"), ("保証期間", "1|24か月", ""),
    ):  # fmt: skip
        rows = "".join(f"X-{n},甲{n},{one}\n" for n, one in enumerate(cells.split("|")))
        line = drafted("products", f"型番,品名,{name}\n{rows}").lines[2]
        assert (line.field, line.read, len(line.ask)) == ("warranty_months", read, 0 if read else 2)
    contracts = "契約番号,顧客名,開始日,終了日,月額\nK-1,甲,2026/4/1,2027/3/31,10000\n"
    raw = as_mapping(
        KINDS["contracts"], drafted("contracts", contracts), contracts.split("\n")[0].split(","),
        headless=False,
    )  # fmt: skip
    assert raw["fields"]["cycle_months"] == {"value": 1}


def test_every_field_that_can_be_imported_has_a_name_in_words(drafted):
    raw = [
        f"{kind.name}.{field}"
        for kind in KINDS.values() for field in kind.fields
        if field_word(kind, field) == field
    ]  # fmt: skip
    assert raw == []


def test_a_number_that_is_no_number_of_the_row_tells_no_rows_apart(drafted):
    head = "会社名,郵便番号,電話番号,FAX番号\n"
    draft = drafted("accounts", head + "青木,1000001,03-1-1111,\n伊藤,1000002,03-2-2222,\n")
    assert draft.keys == ("会社名",)
    numbered = drafted("accounts", "No.,会社名,電話\n1,青木,03-1111-1111\n2,伊藤,06-2222-2222\n")
    assert numbered.keys == ("会社名",)
    own, refused = ["案件名", "顧客名"], ["行", "理由", "案件名", "顧客名"]
    assert fingerprint(KINDS["deals"], own) == fingerprint(KINDS["deals"], refused)


def test_a_day_and_a_time_in_two_columns_are_one_moment(drafted):
    head = "件名,取引先,受付日,受付時刻,内容,完了日,完了時刻,訪問時間\n"
    rows = (
        "止まる,甲社,2026-11-02 00:00:00,9:05,,2026/11/3,午後1時30分,9:00\n"
        "戻らない,甲社,令和8年11月2日,17時30分,,,,10:00\n鳴る,乙社,2026/11/04,,,2026/11/5,23:10:05,\n"
    )
    draft = drafted("tickets", head + rows)
    lines = {line.field: line for line in draft.lines}
    assert (lines["opened_at"].column, lines["opened_at"].time) == ("受付日", "受付時刻")
    assert (lines["solved_at"].column, lines["solved_at"].time) == ("完了日", "完了時刻")
    header = head.strip().split(",")
    raw = as_mapping(KINDS["tickets"], draft, header, headless=False)
    sources = [one for one in mapping_of("both", raw).fields if one.time]
    evaluator = Evaluator(header, lambda _column, _instead: None)
    read = [
        {name: str(at)[:16] for name, at in found.items() if at}
        for row in rows.splitlines()
        if (found := evaluator.fields(sources, row.split(","), lambda _source, text: text))
    ]
    assert read == [
        {"opened_at": "2026-11-02 09:05", "solved_at": "2026-11-03 13:30"},
        {"opened_at": "2026-11-02 17:30"},
        {"opened_at": "2026-11-04 00:00", "solved_at": "2026-11-05 23:10"},
    ]


def test_a_word_for_nothing_is_a_no_in_a_column_of_yes_and_no_and_an_error_is_refused(drafted):
    text = "顧客名,機種,機番,自社販売,設置場所\n甲,GX,F-1,なし,なし\n甲,GX,F-2,あり,#REF!\n"
    draft, header = drafted("units", text), text.split("\n")[0].split(",")
    assert draft.nulls == ("なし",)
    mapping = mapping_of("f", as_mapping(KINDS["units"], draft, header, headless=False))
    evaluator = Evaluator(header, lambda _column, _instead: None, mapping.nulls)
    sources = [one for one in mapping.fields if one.name in ("sold_by_us", "location")]
    said = evaluator.fields(sources, ["甲", "GX", "F-1", "なし", "なし"], lambda _s, found: found)
    assert said == {"sold_by_us": False, "location": None}
    with pytest.raises(Unreadable, match="#REF!"):
        evaluator.fields(sources, ["甲", "GX", "F-2", "あり", "#REF!"], lambda _s, found: found)
