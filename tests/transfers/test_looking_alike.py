"""Rows that look like a record that is here, or like another row, are taken and told of."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account, Contact
from crm.doubles.models import Pair
from crm.extensions import db
from crm.outbox.drain import drain
from crm.transfers import running
from crm.transfers.foreground import import_file
from crm.transfers.run_actions import start_undo
from crm.transfers.run_models import ImportRow, ImportRun

HEAD = "id,name,name_kana,phone,postal_code,address,parent\n"
HERE = (
    "1,株式会社山田製作所,ヤマダセイサクショ,045-555-0118,230-0053,横浜市鶴見区大黒町１丁目２番３号,\n"
    "2,ケーズ商会株式会社,ケーズショウカイ,,,,\n"
)
NEW = (
    "9,山田製作所㈱,,045-555-0118,,横浜市鶴見区大黒町1-2-3,別会社\n"
    "10,別会社,,,,,\n"
    "11,渡邊精機有限会社,ワタナベセイキ,03-5555-0100,,東京都港区芝1-1-1,ケーズ商会株式会社\n"
    "12,第三工業,,,,,無い会社\n"
    "13,有限会社渡辺精機,ワタナベセイキ,03-5555-0100,,東京都港区芝１－１－１,第三工業\n"
)


@pytest.fixture(autouse=True)
def in_small_parts(monkeypatch):
    """Two rows at a time, so that rows speak of rows of other parts."""
    monkeypatch.setattr(running, "CHUNK", 2)


def _file(folder: Path, rows: str, name: str = "new.csv", head: str = HEAD) -> Path:
    path = folder / name
    path.write_text(head + rows, encoding="utf-8")
    return path


def _said() -> list[tuple[int, str, str]]:
    rows = sa.select(ImportRow.line, ImportRow.reason, ImportRow.address)
    found = db.session.execute(rows.where(ImportRow.reason != "").order_by(ImportRow.line))
    return [tuple(row) for row in found]


def test_who_brings_companies_hears_whom_they_look_like_before_and_after(app, company, tmp_path):
    with app.app_context():
        import_file("accounts", _file(tmp_path, HERE, "here.csv"))
        first = db.session.scalar(sa.select(Account.id).where(Account.name_kana.like("ヤマダ%")))
        path = _file(tmp_path, NEW)
        tried = import_file("accounts", path, trial=True)
        assert [line for line, _why in tried.remarks] == [2, 5, 6]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Pair)) == 0
        done = import_file("accounts", path)
        assert (done.new, done.refused) == (tried.new, tried.refused) == (5, [])
        assert [line for line, _why in done.remarks] == [2, 5, 6]
        (yamada, third, watanabe) = _said()
        assert yamada[1].startswith("株式会社山田製作所 と似ています（")
        assert "住所" in yamada[1] and yamada[2] == f"/accounts/{first}"
        assert "無い会社" in third[1] and third[2] == ""
        assert watanabe[1].startswith("渡邊精機有限会社 と似ています（")
        assert tried.remarks[2][1].startswith("4 行目の 渡邊精機有限会社 と似ています（")
        parents = db.session.scalars(
            sa.select(Account.parent_id.is_not(None)).order_by(Account.id)
        ).all()
        assert parents == [False, False, True, False, True, False, True]
        assert db.session.scalars(sa.select(Pair.left_id).order_by(Pair.left_id)).all()[0] == first
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Pair)) == 2
        assert import_file("accounts", path).same == 5
        run = db.session.get_one(ImportRun, done.run_id)
        start_undo(run, company.manager)
        db.session.commit()
        drain("heavy")
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 2
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Pair)) == 0


def test_people_are_told_apart_by_their_account_their_mail_and_their_mobile(app, tmp_path):
    head = "id,account,family_name,given_name,email,mobile,met_on\n"
    with app.app_context():
        import_file("accounts", _file(tmp_path, HERE, "here.csv"))
        here = "1,株式会社山田製作所,渡邊,花子,h@yamada.example,090-5555-0101,2026/11/20\n"
        import_file("contacts", _file(tmp_path, here, "people.csv", head))
        hanako = db.session.scalar(sa.select(Contact.id))
        new = (
            "7,株式会社山田製作所,渡辺,花子,,,\n8,ケーズ商会株式会社,渡辺,花子,,,\n"
            "9,ケーズ商会株式会社,佐藤,一,,,\n10,ケーズ商会株式会社,渡辺,花子,,090-5555-0101,\n"
        )
        done = import_file("contacts", _file(tmp_path, new, "more.csv", head))
        assert (done.new, [line for line, _why in done.remarks]) == (4, [2, 5])
        (first, second) = _said()
        assert first[1].startswith("渡邊 花子 と似ています（")
        assert first[2] == f"/contacts/{hanako}"
        assert "携帯" in second[1]


def test_a_dry_run_knows_the_companies_that_came_along_with_earlier_rows(app, tmp_path):
    head = "会社名,部署名,役職,姓,名,e-mail,TEL会社,TEL直通,携帯電話,郵便番号,住所,名刺交換日\n"
    names = ("株式会社青木", "伊藤工業", "(株)青木", "伊藤工業", "上田商会", "株式会社青木")
    rows = "".join(f"{name},,,姓{n},名,,,,,,,2026/11/2{n}\n" for n, name in enumerate(names))
    with app.app_context():
        path = _file(tmp_path, rows, "cards.csv", head)
        tried = import_file("contacts", path, trial=True)
        done = import_file("contacts", path)
        assert (tried.new, tried.refused, dict(tried.along)) == (6, [], {"accounts": 3})
        assert (done.new, done.refused, done.along) == (6, [], tried.along)
