"""The printed list of what ends: the figures, the way to it, and what stands on paper."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale

from crm.clock import today
from crm.deals.models import DealUnit
from crm.expiry import book
from crm.expiry.asking import Asked
from crm.extensions import db
from crm.installed_base.models import ServiceContract, Unit
from crm.outbox.drain import drain
from crm.reports import expiry_paper, expiry_report, press
from crm.staff.models import Staff
from tests.people import Company
from tests.records import a_contract, a_deal, a_paid_repair, a_product, a_unit, an_account

pytestmark = pytest.mark.once

EMPTY = "該当データはありません"
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")


def said(pdf: bytes, directory: Path) -> list[str]:
    """What stands on each page."""
    path = directory / "list.pdf"
    path.write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    return text.split("\f")[:-1]


@pytest.fixture
def ending(app: Flask, company: Company) -> Company:
    """December: two units of the rep under one contract of 300,001 yen, one with a deal and a
    repair of 88,500; one of the stranger's account. January: one whose support ends."""
    with app.app_context():
        mine = an_account(company.rep, company.first_team)
        other = an_account(company.stranger, company.second_team, name="富士食品株式会社")
        lx, old = a_product("LX-310"), a_product("GX-400", end_of_support_on=date(2041, 1, 31))
        gone = date(2030, 1, 1)
        some = [
            a_unit(mine, lx, f"A{n}", warranty_ends_on=gone, delivered_on=date(2025, 6, 1))
            for n in (1, 2)
        ]
        contract = a_contract(mine, some, date(2039, 12, 21), date(2040, 12, 20))
        db.session.get_one(ServiceContract, contract).annual_amount = 300_001
        a_unit(other, lx, "B1", warranty_ends_on=date(2040, 12, 31))
        a_unit(mine, old, "C1", warranty_ends_on=gone, is_competitor=True)
        deal = a_deal(mine, company.rep, company.first_team)
        db.session.add(DealUnit(deal_id=deal, unit_id=some[0]))
        db.session.commit()
        a_paid_repair(mine, some[0], 20, 88_500)
    return company


ASKED = {"month": "2040-12", "months": 2}
QUERY = "month=2040-12&months=2"


def test_screen_api_figures_and_paper_say_the_same_to_the_yen(ending, app, api, sign_in, tmp_path):
    manager = api(ending.manager)
    page = manager.get(f"/expiries?{QUERY}").json
    figures = manager.get(f"/reports/expiry?{QUERY}").json
    assert [row["unit_id"] for row in page["items"]] == [u["unit_id"] for u in figures["units"]]
    assert figures["units"] == page["items"] and figures["total"] == page["total"]
    assert figures["total"] == {
        "count": 4, "with_deal": 1, "repair_amount": 88_500, "contract_amount": 300_001,
    }  # fmt: skip
    for month, shown in zip(figures["months"], page["months"], strict=True):
        reps = month.pop("reps")
        assert month == shown
        assert sum(rep["contract_amount"] for rep in reps) == month["contract_amount"]
    screen = sign_in(ending.manager).get(f"/expiries?{QUERY}").get_data(as_text=True)
    assert "¥300,001" in screen and "¥150,001" in screen and "¥88,500" in screen
    job = manager.post("/reports", {"kind": "expiry", "filters": ASKED})
    assert job.status_code == 202
    with app.app_context():
        drain("heavy")
    done = manager.get(f"/reports/{job.json['id']}").json
    assert (done["state"], done["sha256"]) == ("done", figures["sha256"])
    answer = manager.get(f"/reports/{done['id']}.pdf")
    assert f"expiry-{done['params']['as_of']}" in answer.headers["Content-Disposition"]
    text = re.sub(r"\s+", " ", said(answer.data, tmp_path)[0])
    for wanted in (
        "既納品・保守 満了一覧", "満了月 2040年12月–2041年1月", "(単位:千円)", "1 / 1 ページ",
        "2040年12月 満了 3 件 契約年額 300", "佐藤 美咲 担当計 2 件 更新案件あり 1 件 88 300",
        "2040年12月計 3 件 更新案件あり 1 件（33.3%） 88 300", "案件なし", "競合機",
        "総合計 4 件 更新案件あり 1 件（25.0%） 88 300", "RP-P9-", figures["sha256"][:16],
        "㈱山田製作所", "2040/12/01–2041/01/31 に満了",
    ):  # fmt: skip
        assert wanted.replace(" ", "") in text.replace(" ", ""), (wanted, text)


def test_it_is_asked_for_from_the_page_and_downloaded(ending, app, sign_in):
    manager = sign_in(ending.manager)
    order = {"month": "2040-12", "months": "2", "team_id": str(ending.second_team), "kind": ""}
    answer = manager.post("/reports/expiry", data=order)
    assert answer.status_code == 303
    with app.app_context():
        drain("heavy")
    page = manager.get(answer.location).get_data(as_text=True)
    assert "既納品・保守 満了一覧" in page and ".pdf" in page
    assert manager.get(f"{answer.location}.pdf").data.startswith(b"%PDF")
    assert sign_in(ending.clerk).post("/reports/expiry", data=order).status_code == 403
    wrong = manager.post("/reports/expiry", data=order | {"month": "December"})
    assert wrong.status_code == 422


def test_the_filters_and_the_language_are_printed(ending, app, sign_in, tmp_path):
    manager = sign_in(ending.manager)
    with app.app_context():
        db.session.get_one(Staff, ending.manager).language = "en"
        db.session.commit()
    found = manager.get(f"/reports/expiry.pdf?{QUERY}&owner_id={ending.rep}&deal=without")
    text = "".join(said(found.data, tmp_path))
    assert "what ends" in text and "Grand total" in text and "No deal" in text
    own = text.replace("佐藤", "").replace("美咲", "").replace("山田製作所", "").replace("㈱", "")
    own = own.replace("純水製造装置", "").replace("田中", "").replace("浩一", "")
    assert not JAPANESE.search(own), JAPANESE.findall(own)


def test_the_list_of_leases_names_their_lessors(ending, app, sign_in, tmp_path):
    with app.app_context():
        unit = db.session.scalars(sa.select(Unit).where(Unit.serial_no == "A2")).one()
        unit.ownership, unit.lessor = "leased", "東都総合リース"
        unit.lease_ends_on = date(2040, 12, 24)
        db.session.commit()
    manager = sign_in(ending.manager)
    found = manager.get(f"/reports/expiry.pdf?{QUERY}&kind=lease")
    text = "".join(said(found.data, tmp_path))
    assert "リース会社" in text and "東都総合リース" in text and "総合計 1 件" in text
    other = "".join(said(manager.get(f"/reports/expiry.pdf?{QUERY}").data, tmp_path))
    assert "リース会社" not in other


def test_a_month_in_which_nothing_ends_is_one_page_that_says_so(ending, sign_in, tmp_path):
    found = sign_in(ending.manager).get("/reports/expiry.pdf?month=2050-01")
    pages = said(found.data, tmp_path)
    assert len(pages) == 1 and EMPTY in pages[0]
    assert "総合計0件" in re.sub(r"\s", "", pages[0])


def test_a_question_of_the_other_report_is_refused_by_name(ending, api):
    manager = api(ending.manager)
    for body, field in (
        ({"kind": "expiry", "filters": {"period": "2026"}}, "filters.period"),
        ({"kind": "pipeline", "filters": {"months": 2}}, "filters.months"),
        ({"kind": "expiry", "as_of": "2026-01-31"}, "as_of"),
        ({"kind": "expiry", "filters": {"month": "2026"}}, "filters.month"),
        ({"kind": "expiry", "filters": {"account_id": 9999}}, "account_id"),
    ):
        answer = manager.post("/reports", body)
        assert answer.status_code == 422 and field in answer.json["errors"], (body, answer.json)


def test_a_list_too_long_to_print_is_refused_with_the_way_out(
    ending, app, api, sign_in, monkeypatch
):
    manager = api(ending.manager)
    job = manager.post("/reports", {"kind": "expiry", "filters": ASKED}).json
    monkeypatch.setattr(book, "MOST", 3)
    for answer in (
        manager.post("/reports", {"kind": "expiry", "filters": ASKED}),
        manager.get(f"/reports/expiry?{QUERY}"),
    ):
        assert answer.status_code == 422 and "絞り込" in answer.json["detail"]
    page = sign_in(ending.manager).get(f"/reports/expiry.pdf?{QUERY}")
    assert page.status_code == 422 and "絞り込" in page.get_data(as_text=True)
    with app.app_context():
        drain("heavy")
    assert manager.get(f"/reports/{job['id']}").json["state"] == "refused"
    page = sign_in(ending.manager).get(f"/reports/{job['id']}").get_data(as_text=True)
    assert "絞り込" in page


def test_every_unit_is_printed_once_and_no_page_begins_with_a_sum_or_ends_with_a_head(
    ending, app, tmp_path
):
    with app.app_context():
        account = db.session.get_one(Unit, 1).account_id
        rows = [
            {
                "account_id": account, "product_id": 1, "serial_no": f"S{n}",
                "serial_key": f"S{n}", "status": "in_use", "ownership": "bought",
                "warranty_ends_on": date(2040, 12, n % 28 + 1), "location": "",
                "is_competitor": False, "sold_by_us": True,
            }
            for n in range(996)
        ]  # fmt: skip
        db.session.execute(Unit.__table__.insert(), rows)
        db.session.commit()
        found = book.read(Asked(date(2040, 12, 1), 2), today(), book.MOST)
        assert found.total is not None and found.total.count == 1000
        sheets = expiry_paper.cut(found)
        few = Asked(date(2040, 12, 28), 1, owner_id=ending.rep, account_id=account)
        printed = book.read(few, today(), book.MOST)
        with force_locale("ja"):
            ready = expiry_report.ready(few, printed, "田中", "", "ja")
        pdf = press.run(replace(ready.printing, sheets=ready.printing.sheets[:2]), _nobody)
    entries = [row for sheet in sheets for row in sheet if isinstance(row, expiry_paper.Entry)]
    assert [row.number for row in entries] == list(range(1, 1001))
    for sheet in sheets:
        assert isinstance(sheet[0], expiry_paper.Head | expiry_paper.Entry)
        assert not isinstance(sheet[-1], expiry_paper.Head)
    pages = said(pdf, tmp_path)
    assert len(pages) == 2 and "（続き）" in pages[1]


def _nobody(_done: int, _whole: int) -> None:
    """Nobody is told how far it is."""
