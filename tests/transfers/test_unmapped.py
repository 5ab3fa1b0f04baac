"""Files that come without a mapping and without anybody who could be asked."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
import xlsxwriter

from crm.accounts.models import Account, Contact
from crm.clock import local
from crm.deals.models import Deal
from crm.extensions import db
from crm.outbox.drain import drain
from crm.transfers.drafting import fingerprint
from crm.transfers.kinds.table import KINDS
from crm.transfers.models import ImportMapping
from crm.transfers.refusals import Refusal

GERMAN = (
    "Firma;Straße;Telefon;Kreditlimit;Notizfeld\r\n"
    "Müller & Söhne GmbH;Köln, Ring 5;+49 221 123456;1.234.567,00;x\r\n"
    "Weiß AG;Düsseldorf;;50.000,00;\r\n"
).encode("cp1252")


@pytest.fixture
def file(tmp_path: Path):
    """Write a file to be imported."""

    def write(content: bytes, name: str = "list.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def test_a_strange_file_is_read_by_its_columns_which_command_and_program_tell(
    app, api, company, command, file, count
):
    path = file(GERMAN)
    said = command("import", "accounts", path).output
    assert "CP1252" in said.upper() and "新規 2" in said
    assert "Firma → " in said and "読み込まなかった列：Notizfeld" in said
    with app.app_context():
        first = db.session.scalars(sa.select(Account).order_by(Account.id)).first()
        assert (first.name, first.credit_limit) == ("Müller & Söhne GmbH", 1_234_567)
    manager = api(company.manager)
    form = {"kind": "accounts", "file": (io.BytesIO(GERMAN), "again.csv")}
    headers = {"Authorization": f"Bearer {manager.token}"}
    sent = app.test_client(use_cookies=False).post("/api/v1/imports", data=form, headers=headers)
    assert sent.status_code == 202, sent.json
    with app.app_context():
        drain("heavy")
    run = manager.get(f"/imports/{sent.json['id']}").json
    assert (run["state"], run["same"], run["findings"]["left"]) == ("done", 2, ["Notizfeld"])
    assert run["mapping"]["fields"]["credit_limit"]["read"] == "yen_comma"
    assert count(Account) == 2


def test_what_has_to_be_asked_is_asked_and_a_mapping_that_somebody_kept_answers(app, take, file):
    text = "商談一覧\n案件名,顧客名,フェーズ,金額,発生日\nA,株式会社基準,提案,1,04/03/2026\n"
    path = file(text.encode(), "deals.csv")
    with pytest.raises(Refusal, match="発生日"):
        take("deals", path)
    assert take("accounts", file("name\n株式会社基準\n".encode(), "own.csv")).new == 1
    with app.app_context():
        from_page = {
            "kind": "deals", "source": "sheet", "key": "{案件名}",
            "fields": {
                "title": {"column": "案件名"}, "account": {"column": "顧客名", "find": "account"},
                "amount": {"column": "金額", "read": "yen"},
                "stage": {"column": "フェーズ", "words": {"提案": "proposal"}},
                "opened_on": {"column": "発生日", "read": "month_first"},
            },
        }  # fmt: skip
        mark = fingerprint(KINDS["deals"], ["案件名", "顧客名", "フェーズ", "金額", "発生日"])
        db.session.add(
            ImportMapping(kind="deals", name="商談", mapping=from_page, fingerprint=mark)
        )
        db.session.commit()
    found = take("deals", path)
    assert (found.mapping, found.new, found.titles) == ("商談", 1, [1])
    with app.app_context():
        [deal] = db.session.scalars(sa.select(Deal))
        assert local(deal.stage_since).date() == date(2026, 4, 3)


CARDS = {
    "google": "First Name,Last Name,Phonetic First Name,Phonetic Last Name,Organization Name,"
    "Organization Title,E-mail 1 - Value,Phone 1 - Value\n"
    "太郎,山田,たろう,やまだ,株式会社丘,部長,t@oka.example,03-1111-2222\n,,,,,,x@oka.example,\n",
    "google_before": "Name,Given Name,Family Name,Family Name Yomi,Organization 1 - Name,"
    "Organization 1 - Title,E-mail 1 - Value,Phone 1 - Value\n"
    "山田 太郎,太郎,山田,やまだ,株式会社丘,部長,t@oka.example,03-1111-2222\n",
    "outlook": "肩書き,名,姓,会社名,部署,役職,番地 (会社),市区町村 (会社),都道府県 (会社),会社電話,"
    "携帯電話,電子メール アドレス\n"
    ",太郎,山田,株式会社丘,,部長,芝1,港区,東京都,03-1111-2222,,t@oka.example\n",
    "outlook_en": "Title,First Name,Last Name,Company,Job Title,Business Street,Business City,"
    "Business State,Business Phone,E-mail Address\n"
    ",太郎,山田,株式会社丘,部長,芝1,港区,東京都,03-1111-2222,t@oka.example\n",
    "mybridge": "名前,会社名,部署,役職,メールアドレス,携帯電話,電話番号,住所\n"
    "山田 太郎,株式会社丘,,部長,t@oka.example,,03-1111-2222,東京都港区芝1\n",
}


def test_contacts_of_google_outlook_and_mybridge_come_in_with_their_companies(app, take, file):
    for name, text in CARDS.items():
        found = take("contacts", file(text.encode("utf-8-sig"), f"{name}.csv"))
        assert found.mapping == f"business_cards_{name}"
        assert (found.refused == [], found.new + found.changed + found.same) == (
            name != "google", 1,
        ), name  # fmt: skip
    with app.app_context():
        [company] = db.session.scalars(sa.select(Account))
        people = db.session.scalars(sa.select(Contact)).all()
        assert {(one.name, one.title, one.account_id) for one in people} == {
            ("山田 太郎", "部長", company.id)
        }
        assert people[0].family_name_kana == "ヤマダ"


def test_hidden_rows_and_notes_beside_the_table_are_told(take, file, tmp_path: Path):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["会社名", "電話"])
        for at in range(1, 6):
            sheet.write_row(at, 0, [f"株式会社隠{at}", f"03-1111-100{at}"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.write("F3", "要確認")
        sheet.write("F8", "※ここも")
    found = take("accounts", path)
    assert (found.new, found.hidden, found.beside) == (5, [3, 5], [(3, "要確認")])
    assert ([one.line for one in found.refused], "※ここも" in found.refused[0].reason) == (
        [8],
        True,
    )
    text = "会社名,電話,\n株式会社右,03-1111-2222,メモ\n株式会社過,03-1111-3333,メモ,余り\n"
    found = take("accounts", file(text.encode("cp932")))
    assert (found.new, found.beside, [one.line for one in found.refused]) == (1, [(2, "メモ")], [3])


def test_a_serial_number_that_is_here_with_another_gap_is_remarked_on(take, file):
    take("accounts", file("name\n株式会社基準\n".encode()))
    take("products", file("code,name,category,list_price\nGX,計測器,計測,1\n".encode()))
    head = "機種,シリアル番号,顧客名\n"
    rows = ("GX,AB-012,株式会社基準\n", "ＧＸ,ab‐012,㈱基準\n", "GX,AB012,株式会社基準\n")
    found = take("units", file((head + "".join(rows)).encode(), "units.csv"))
    assert (found.new, [one.line for one in found.refused]) == (2, [3])
    [(line, why)] = found.remarks
    assert line == 4 and "英数字が同じ" in why
    later = take("units", file((head + "GX,AB-0 12,株式会社基準\n").encode(), "later.csv"))
    assert (later.new, len(later.remarks)) == (1, 1)


def test_namesakes_are_told_apart_by_where_they_are_and_so_they_are_next_month(take, file):
    head, one = "会社名,住所\n", "株式会社相生,東京都港区1-1\n"
    both = take("accounts", file((head + one + "株式会社相生,大阪府堺市2-2\n").encode()))
    assert (both.new, both.refused) == (2, [])
    later = take("accounts", file((head + one + "株式会社独,京都府1\n").encode()))
    assert (later.same, later.new, later.refused) == (1, 1, [])
    with pytest.raises(Refusal, match="フリガナ"):  # of our own list, with columns cut away
        take(
            "accounts", file("レコードID,名称,住所\nA-1-x,株式会社独,京都府1\n".encode(), "own.csv")
        )
