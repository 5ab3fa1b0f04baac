"""A file is brought in the browser, its columns are looked at, and the dry run begins."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account
from crm.extensions import db
from crm.outbox.drain import drain
from crm.transfers.models import ImportMapping
from crm.transfers.run_models import ImportRun
from crm.transfers.storing import root
from tests.sheets import hostile

CUSTOMERS = (
    "取引先一覧\nコード,会社名,電話番号,担当者,メモ\n"
    "C-1,東都テスト株式会社,03-1234-5678,,初\n合計,,,,1\nC-2,みなと見本,,いない人,\n"
)


@pytest.fixture
def bring(sign_in, company):
    """Bring a file; the manager does unless it says otherwise."""

    def send(kind: str, content: bytes, name: str = "客先.csv", who: int | None = None):
        browser = sign_in(who or company.manager)
        sent = {"kind": kind, "file": (io.BytesIO(content), name)}
        return browser, browser.post("/imports/new", data=sent, content_type="multipart/form-data")

    return send


def _run(app) -> ImportRun:
    with app.app_context():
        return db.session.scalars(sa.select(ImportRun).order_by(ImportRun.id.desc())).first()


def test_a_list_of_customers_comes_in_and_the_next_one_finds_its_columns_again(
    app, bring, statements
):
    browser, answer = bring("accounts", CUSTOMERS.encode("cp932"))
    assert answer.status_code == 303, answer.text
    address = answer.location
    run = _run(app)
    assert (run.state, run.encoding, run.delimiter) == ("uploaded", "cp932", ",")
    assert run.header == ["コード", "会社名", "電話番号", "担当者", "メモ"]
    statements.clear()
    page = browser.get(address).text
    assert len(statements) <= 12, statements
    for words in (
        "CP932", "見出しは 2 行目", "列名が「電話番号」です", "「いない人」が見つかりません",
        "合計の行と思われます", "東都テスト株式会社",
    ):  # fmt: skip
        assert words in page, words
    fields = {"field-1": "name", "field-2": "phone", "field-3": "", "field-4": "handling_note"}
    form = fields | {f"was-{n}": field for n, field in enumerate(("", *fields.values()))}
    changed = browser.post(address, data=form | {"key": "0"})
    assert (changed.status_code, "いない人" in changed.text.split("行を見分ける列")[1]) == (
        200,
        False,
    )
    refused = browser.post(address, data=form | {"field-3": "phone", "begin": "1"})
    assert refused.status_code == 422
    assert "すでに「電話番号」の取り込み先です" in refused.text
    assert "行を見分ける列を選んでください" in refused.text
    begun = browser.post(address, data=form | {"key": "0", "begin": "1", "name": "客先台帳"})
    assert (begun.status_code, begun.location) == (303, f"/imports/{run.id}")
    after = _run(app)
    assert (after.state, after.mapping["key"]) == ("checking", "{コード}")
    assert after.mapping["fields"]["phone"] == {"column": "電話番号", "read": "phone"}
    browser, again = bring("accounts", CUSTOMERS.replace("C-1", "C-9").encode())
    page = browser.get(again.location).text
    assert 'aria-current="page">客先台帳<' in page
    with app.app_context():
        assert db.session.scalar(sa.select(ImportMapping.name)) == "客先台帳"
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 0


def test_a_person_says_which_sheet_which_header_and_what_every_row_shares(app, bring, company):
    _browser, unknown = bring("staff", b"Anna,Central\nCecily,East\n", "people.csv")
    assert (unknown.status_code, "何のデータか" in unknown.text) == (422, True)
    browser, answer = bring("staff", b"Anna,Central\nCecily,East\n", "people.csv", company.admin)
    address = answer.location + "?header=0"
    assert "見出しなし" in browser.get(address + "&encoding=utf-8&delimiter=,").text
    form = {"field-0": "name", "field-1": "", "key": "0", "begin": "1"}
    refused = browser.post(address, data=form)
    assert (refused.status_code, "役割 が必要です" in refused.text) == (422, True)
    form |= {"share-email": "(A)", "fixed-role": "rep"}
    begun = browser.post(address, data=form)
    assert begun.status_code == 303, begun.text
    kept = _run(app).mapping
    assert kept["fields"]["email"] == {"column": "(A)", "read": "mail_of_name"}
    assert (kept["fields"]["role"], kept["file"]["columns"]) == ({"value": "rep"}, ["(A)", "(B)"])


def test_a_workbook_with_macros_is_read_and_its_page_says_that_they_do_not_run(
    bring, tmp_path: Path
):
    rows = b"".join(
        f'<row r="{n}">'.encode() + hostile.cell(f"A{n}", a) + hostile.cell(f"B{n}", b) + b"</row>"
        for n, (a, b) in enumerate([("会社名", "電話番号"), ("試作工業", "03-1111-2222")], 1)
    )
    book = hostile.workbook(tmp_path / "book.xlsm", rows, macros=b"x").read_bytes()
    browser, answer = bring("accounts", book, "台帳.xlsm")
    page = browser.get(answer.location).text
    assert "マクロは実行せず" in page
    assert "試作工業" in page


def test_whoever_brings_text_of_another_country_says_how_it_is_encoded(app, bring):
    text = "Company;Address\nООО Ромашка;Москва\n"
    browser, answer = bring("accounts", text.encode("cp1251"))
    asked = browser.get(answer.location)
    assert (asked.status_code, "文字コードを指定してください" in asked.text) == (422, True)
    assert asked.text.count(">自動で判断<") == 2
    said = f"{answer.location}?encoding=cp1251"
    page = browser.get(said)
    assert (page.status_code, "ООО Ромашка" in page.text) == (200, True)
    form = {"field-0": "name", "was-0": "name", "field-1": "address", "was-1": "address"}
    begun = browser.post(said, data=form | {"key": "0", "begin": "1"})
    assert begun.status_code == 303, begun.text
    with app.app_context():
        drain("heavy")
    assert (_run(app).state, _run(app).new_count, _run(app).encoding) == ("checked", 1, "cp1251")


def test_what_is_no_table_leaves_nothing_behind(app, bring, company, sign_in, tmp_path: Path):
    with app.app_context():
        before = set(root().glob("*"))
    bomb = hostile.bomb(tmp_path / "b.xlsx").read_bytes()
    for content, name, word in (
        (b"%PDF-1.7", "a.csv", "PDF"), (bomb, "b.xlsx", "圧縮率"), (b"", "c.csv", "空"),
        (b"a,b\n", "d.csv", "見出しの下"),
    ):  # fmt: skip
        _browser, answer = bring("accounts", content, name)
        assert (answer.status_code, word in answer.text) == (422, True), answer.text
    browser = sign_in(company.manager)
    large = browser.post("/imports/new", data=b"", environ_overrides={"CONTENT_LENGTH": f"{2**30}"})
    assert (large.status_code, "200 MB まで" in large.text) == (413, True)
    _browser, unknown = bring("teapots", b"a,b\n1,2\n")
    assert (unknown.status_code, "何のデータか" in unknown.text) == (422, True)
    _browser, forbidden = bring("accounts", CUSTOMERS.encode(), who=company.rep)
    assert forbidden.status_code == 403
    assert _run(app) is None
    with app.app_context():
        assert set(root().glob("*")) == before
