"""Lists of companies come in whole, whatever their encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.accounts.models import Account, Contact
from crm.extensions import db
from crm.outbox.models import Message
from crm.search.models import Entry
from crm.timeline.models import Event
from crm.timeline.queries import history
from crm.transfers.directories import keys_known
from crm.transfers.models import ImportKey
from tests.transfers.samples import COMPANIES, FOLDERS, HEADER, companies

ROWS = {"sample": 6, "real": 8120}
ROWS_READ = sa.text(
    "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)"
    " FROM pg_stat_xact_user_tables WHERE relname = 'import_keys'"
)
DOUBLES = {"sample": (1, 0), "real": (7, 11)}
"""Rows with the number of another one, and rows that only look like another one."""


@pytest.mark.parametrize(("data", "place"), FOLDERS, indirect=["data"])
def test_both_encodings_give_identical_accounts(app, data, place, take, count, fingerprint):
    first = take("accounts", data / "edinet" / "edinet_corporates_cp932.csv")
    assert (first.encoding, first.titles) == ("cp932", [1])
    assert (first.new, first.refused) == (ROWS[place], [])
    shared = sum("空けて" in why for _line, why in first.remarks)
    assert (shared, len(first.remarks) - shared) == DOUBLES[place]
    before = fingerprint()
    second = take("accounts", data / "edinet" / "edinet_corporates_utf8.csv")
    assert (second.encoding, second.same, second.new) == ("utf-8", ROWS[place], 0)
    assert fingerprint() == before
    assert count(Account) == count(Entry) == count(Event) == ROWS[place]
    assert count(Message) == 0


@pytest.mark.late
@pytest.mark.parametrize("counted", ["never", "empty"])
def test_keys_of_earlier_files_are_looked_up_by_their_index_though_the_table_was_small(
    app, take, tmp_path: Path, counted: str
):
    def rows_read(source: str) -> int:
        """By a look for two keys, on the one connection there is."""
        assert len(list(keys_known(source, "account", ["K1", "K2"]))) == (2 if source else 0)
        return db.session.scalar(ROWS_READ)

    with app.app_context():
        db.session.execute(sa.text("TRUNCATE import_keys"))
        if counted == "empty":
            db.session.execute(sa.text("ANALYZE import_keys"))
        db.session.commit()
        for _turn in range(12):
            rows_read("")
    path = tmp_path / "many.csv"
    path.write_text("取引先コード,会社名\n" + "\n".join(f"K{n},会社{n}" for n in range(1_200)))
    assert take("accounts", path).new == 1_200
    with app.app_context():
        source = db.session.scalars(sa.select(ImportKey.source).limit(1)).one()
        db.session.rollback()
        assert rows_read(source) < 10


def test_a_company_is_read_as_a_japanese_reader_would(app, data, take):
    take("accounts", data / "edinet" / "edinet_corporates_cp932.csv")
    with app.app_context():
        first, second, *_others, last = db.session.scalars(sa.select(Account).order_by(Account.id))
        assert (first.name, first.name_kana) == ("株式会社 髙田精機", "タカダセイキ")
        assert (first.legal_form, first.corporate_number) == ("株式会社", "7000012050002")
        assert (first.fiscal_year_end_month, second.fiscal_year_end_month) == (3, 12)
        assert (second.name, second.legal_form_position) == ("山﨑Ⅱ号㈱", "after")
        assert last.fiscal_year_end_month == 2
        assert history(account_id=first.id)[0].title.endswith("株式会社 髙田精機")


def test_two_rows_with_one_number_stay_two_and_are_reported(app, data, take):
    outcome = take("accounts", data / "edinet" / "edinet_corporates_utf8.csv")
    [(line, why)] = outcome.remarks
    assert line == 5
    assert "2120901007402" in why
    with app.app_context():
        numbers = db.session.scalars(
            sa.select(Account.corporate_number)
            .where(Account.name == "はるかぜ投信株式会社")
            .order_by(Account.id)
        ).all()
    assert numbers == ["2120901007402", None]


def test_a_number_that_cannot_be_is_refused_with_its_line(take, tmp_path: Path, count):
    path = tmp_path / "list.csv"
    path.write_text(companies().replace("7123456789012", "7123456789013"), encoding="utf-8")
    outcome = take("accounts", path)
    [refused] = outcome.refused
    assert (refused.line, outcome.new, outcome.rows) == (7, 5, 6)
    assert "提出者法人番号" in refused.reason
    assert refused.cells[6] == "有限会社みなと商会"
    assert count(Account) == 5


def test_a_company_known_by_its_number_keeps_what_people_wrote(app, data, take):
    with app.app_context():
        db.session.add(Account(name="髙田精機㈱", corporate_number="7000012050002", address=""))
        db.session.commit()
    outcome = take("accounts", data / "edinet" / "edinet_corporates_utf8.csv")
    assert (outcome.new, outcome.changed) == (5, 1)
    with app.app_context():
        known = db.session.scalars(
            sa.select(Account).where(Account.corporate_number == "7000012050002")
        ).one()
        assert known.name == "髙田精機㈱"
        assert known.address == "前橋市大手町一丁目１番１号"


def test_a_later_file_brings_changes_and_nothing_else(app, data, take, tmp_path: Path):
    take("accounts", data / "edinet" / "edinet_corporates_utf8.csv")
    path = tmp_path / "later.csv"
    path.write_text(companies().replace("水戸市泉町２－３", "水戸市南町９"), encoding="utf-8")
    outcome = take("accounts", path)
    assert (outcome.changed, outcome.same, outcome.new) == (1, 5, 0)
    with app.app_context():
        moved = db.session.scalars(
            sa.select(Account).where(Account.address == "水戸市南町９")
        ).one()
        assert moved.version == 2
        assert [one.facts.get("fields") for one in history(account_id=moved.id)] == [
            ["address"], None,
        ]  # fmt: skip


def test_what_was_edited_here_is_not_overwritten_by_a_file(app: Flask, data, take, tmp_path: Path):
    take("accounts", data / "edinet" / "edinet_corporates_utf8.csv")
    with app.app_context():
        db.session.execute(
            sa.update(Account)
            .where(Account.corporate_number == "4011001098993")
            .values(address="水戸市城南")
        )
        db.session.commit()
    path = tmp_path / "later.csv"
    path.write_text(companies().replace("水戸市泉町２－３", "水戸市南町９"), encoding="utf-8")
    outcome = take("accounts", path)
    [refused] = outcome.refused
    assert (refused.line, "住所" in refused.reason) == (3, True)
    with app.app_context():
        assert (
            db.session.scalar(
                sa.select(Account.address).where(Account.corporate_number == "4011001098993")
            )
            == "水戸市城南"
        )


def test_what_was_removed_here_does_not_come_back_unasked(app: Flask, data, take):
    take("accounts", data / "edinet" / "edinet_corporates_utf8.csv")
    with app.app_context():
        gone = db.session.scalars(
            sa.select(Account.id).where(Account.name == "ノースリバー・インク")
        ).one()
        db.session.execute(sa.delete(Event).where(Event.account_id == gone))
        db.session.execute(sa.delete(Account).where(Account.id == gone))
        db.session.commit()
    outcome = take("accounts", data / "edinet" / "edinet_corporates_utf8.csv")
    assert [one.line for one in outcome.refused] == [6]
    assert outcome.same == 5


def test_every_row_is_accounted_for(take, tmp_path: Path):
    path = tmp_path / "dirty.csv"
    first, *others = COMPANIES.splitlines()
    rows = [HEADER, first, "", first, HEADER, "X9,short", 'X8,"a"b' + "," * 11, *others]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    outcome = take("accounts", path)
    assert outcome.rows == outcome.new + outcome.changed + outcome.same + len(outcome.refused)
    assert [one.line for one in outcome.refused] == [5, 6, 7]
    assert (outcome.new, outcome.same, outcome.blank_lines) == (6, 1, 1)


def test_a_table_with_our_own_field_names_needs_no_mapping(app, take, tmp_path: Path):
    path = tmp_path / "ours.tsv"
    path.write_text(
        "name\tname_kana\tindustry\n株式会社あさひ\tアサヒ\t卸売業\n", encoding="utf-16"
    )
    outcome = take("accounts", path)
    assert (outcome.mapping, outcome.new, outcome.encoding) == ("plain", 1, "utf-16")


def test_people_and_places_come_in_with_their_numbers(app, data, take, tmp_path: Path):
    take("accounts", data / "edinet" / "edinet_corporates_utf8.csv")
    sites = tmp_path / "sites.csv"
    sites.write_text("account,name,address\n7000012050002,高崎工場,高崎市栄町\n", encoding="utf-8")
    assert take("sites", sites).new == 1
    people = tmp_path / "people.csv"
    people.write_text(
        "account,site,family_name,family_name_kana,phone,email\n"
        "有限会社みなと商会,,鈴木 恵子,すずき けいこ,078-331-1234,keiko@minato.test\n"
        "7000012050002,高崎工場,森,モリ,,\n"
        "山﨑Ⅱ号㈱,高崎工場,林,ハヤシ,,\n"
        "どこにもない会社,,北,キタ,,\n",
        encoding="cp932",
    )
    outcome = take("contacts", people)
    assert (outcome.new, [one.line for one in outcome.refused]) == (2, [4, 5])
    with app.app_context():
        first = db.session.scalars(sa.select(Contact).order_by(Contact.id)).first()
        assert (first.name, first.family_name_kana, first.given_name_kana) == (
            "鈴木 恵子", "スズキ", "ケイコ",
        )  # fmt: skip
        assert [one.e164 for one in first.phones] == ["+81783311234"]
    assert take("contacts", people).same == 2
    text = people.read_text(encoding="cp932")
    people.write_text(text.replace("078-331-1234", "078-331-9999"), encoding="cp932")
    assert [one.line for one in take("contacts", people).refused] == [2, 4, 5]
