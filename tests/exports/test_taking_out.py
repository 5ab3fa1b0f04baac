"""Lists taken out: what stands there, for whom, and in which kind of file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from crm.clock import now
from crm.deals.models import Deal
from crm.exports import queries
from crm.exports.jobs import tidy
from crm.exports.kinds.every import TABLES
from crm.exports.models import Export, ExportPart
from crm.extensions import db
from crm.outbox.drain import drain
from crm.outbox.models import HEAVY
from crm.timeline.models import Event
from tests.people import Company
from tests.records import a_product, a_ticket, a_unit, an_account, keep


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def three(app: Flask, company: Company) -> list[int]:
    """Two companies of the rep, one of them dangerous to a spreadsheet, and another's."""
    with app.app_context():
        mine, team = company.rep, company.first_team
        return [
            an_account(mine, team, name="株式会社山田製作所", rank="A", industry="機械"),
            an_account(mine, team, name="=HYPERLINK(1)", kana_key="ア", rank="B"),
            an_account(company.stranger, company.second_team, name="𠮷野精機", kana_key="ヨ"),
        ]


def test_a_rep_takes_out_exactly_what_her_list_shows(app, company, sign_in, three):
    browser = sign_in(company.rep)
    page = browser.get("/accounts?owner=me")
    assert "/exports/new?list=accounts&amp;owner=me" in page.text
    form = browser.get("/exports/new?owner=me&list=accounts")
    assert "2 行" in form.text
    order = {"list": "accounts", "owner": "me", "format": "csv", "columns": "all"}
    asked = browser.post("/exports", data=order)
    assert asked.status_code == 303
    answer = browser.get(asked.location)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="accounts-20')
    header, *rows = _rows(answer.data)
    assert header[:3] == ["レコードID", "名称", "フリガナ"]
    assert [row[1] for row in rows] == ["'=HYPERLINK(1)", "株式会社山田製作所"]
    shown = browser.post("/exports", data=order | {"columns": "shown"})
    header, *_rest = _rows(browser.get(shown.location).data)
    assert "法人番号" not in header
    with app.app_context():
        first = db.session.get_one(Export, 1)
        assert (first.kind, first.filters, first.row_count) == ("accounts", {"owner": "me"}, 2)
        told = db.session.query(Event).filter_by(kind="export.asked").first()
        assert (told.by_id, told.subject_type, told.facts["rows"]) == (company.rep, "export", 2)
    assert "顧客" in browser.get("/exports").text
    assert sign_in(company.colleague).get("/exports/1").status_code == 404
    assert sign_in(company.admin).get("/exports/1").status_code == 200


def test_a_workbook_says_the_same_with_days_and_amounts(app, company, sign_in, tmp_path: Path):
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        product = a_product()
        a_unit(account, product, "=SUM(A1)")
    browser = sign_in(company.engineer)
    asked = browser.post("/exports", data={"list": "units", "format": "xlsx", "columns": "all"})
    path = tmp_path / "units.xlsx"
    path.write_bytes(browser.get(asked.location).data)
    header, row = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    said = dict(zip(header, row, strict=True))
    assert said["製造番号"] == "=SUM(A1)"
    assert said["状態"] == "稼働中"
    assert said["設置"].year > 2000


def test_what_shift_jis_lacks_is_named_with_its_line_and_nothing_is_sent(company, sign_in, three):
    browser = sign_in(company.rep)
    asked = browser.post("/exports", data={"list": "accounts", "format": "sjis", "columns": "all"})
    refused = browser.get(asked.location)
    assert refused.status_code == 422
    assert "「𠮷」（U+20BB7）" in refused.text
    assert "4 行目" in refused.text
    asked = browser.post(
        "/exports", data={"list": "accounts", "format": "sjis", "owner": "me", "columns": "all"}
    )
    assert "株式会社山田製作所" in browser.get(asked.location).data.decode("cp932")


def test_amounts_and_confidential_tickets_stay_with_whom_they_are_for(app, company, api, sign_in):
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        keep(Deal(title="更新", account_id=account, owner_id=company.rep, stage="lead",
                  stage_since=now(), amount=87_654_321))  # fmt: skip
        a_ticket(account, company.admin, None, subject="銀狐", confidential=True)
        a_ticket(account, company.clerk, company.call_centre, subject="通常")
    assert b"87654321" in api(company.rep).get("/deals.csv?team=all").data
    taken = api(company.clerk).get("/deals.csv?team=all")
    assert taken.status_code == 200
    assert b"87654321" not in taken.data
    assert b"amount" not in taken.data
    assert api(company.clerk).get("/deals.csv?sort=amount").status_code == 422
    tickets = api(company.rep).get("/tickets.csv").data.decode()
    assert "通常" in tickets
    assert "銀狐" not in tickets
    assert "銀狐" in api(company.admin).get("/tickets.csv").data.decode()
    assert api(company.rep).get("/staff.csv").status_code == 403
    assert "rep@company.test" in api(company.admin).get("/staff.csv").data.decode()
    denied = sign_in(company.rep).post("/exports", data={"list": "staff", "format": "csv"})
    assert denied.status_code == 403
    with app.app_context():
        assert db.session.query(Export).filter_by(kind="staff").count() == 1


def test_every_kind_can_be_taken_out_by_a_program_and_by_a_person(app, company, api, statements):
    with app.app_context():
        account = an_account(company.admin, None)
        a_unit(account, a_product())
        a_ticket(account, None, None)
    program = api(company.admin)
    for name in TABLES:
        for query in ("", "?names=words&columns=shown"):
            answer = program.get(f"/{name}.csv{query}")
            assert answer.status_code == 200, (name, answer.json)
            header, *_rest = _rows(answer.data)
            assert header[0] != "" and len(set(header)) == len(header), (name, header)
    wrong = program.get("/accounts.csv?colour=red")
    assert wrong.status_code == 422
    assert list(wrong.json["errors"]) == ["colour"]
    assert program.get("/units.csv?status=odd").status_code == 422
    assert program.get("/accounts.xlsx").data[:2] == b"PK"


def test_a_long_list_is_made_in_the_background_and_kept_for_a_week(
    app, company, api, sign_in, three, monkeypatch
):
    monkeypatch.setattr(queries, "DIRECT", 2)
    program = api(company.rep)
    asked = program.post("/exports", {"kind": "accounts", "filters": {}})
    assert (asked.status_code, asked.json["state"]) == (202, "queued")
    address = f"/exports/{asked.json['id']}"
    assert program.get(f"{address}/file").status_code == 409
    assert "順番を待っています" in sign_in(company.rep).get(address).text
    with app.app_context():
        assert drain(HEAVY) == 1
    done = program.get(address).json
    assert (done["state"], done["row_count"], done["progress"]) == ("done", 3, 100)
    file = program.get(f"{address}/file")
    assert len(file.data) == done["size"]
    assert [row[1] for row in _rows(file.data)[1:]] != []
    refused = program.post("/exports", {"kind": "accounts", "encoding": "cp932"})
    with app.app_context():
        drain(HEAVY)
    odd = program.get(f"/exports/{refused.json['id']}").json
    assert (odd["state"], odd["error"], odd["odd"][0]["character"]) == ("refused", "encoding", "𠮷")
    with app.app_context():
        assert db.session.query(ExportPart).count() == 1
        for one in db.session.query(Export):
            one.finished_at = now().replace(year=2020)
        db.session.commit()
        tidy({})
        db.session.commit()
        assert db.session.query(ExportPart).count() == 0
    assert program.get(f"{address}/file").status_code == 404
    assert "1週間" in sign_in(company.rep).get(address).text
