"""Forms of deals and activities, as people fill them in."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.clock import now
from crm.deals.models import Activity, Deal
from crm.extensions import db
from tests.deals.records import customer


@pytest.fixture
def yamada(app, company):
    with app.app_context():
        return customer(company.rep)


@pytest.fixture
def signed(sign_in, company):
    return sign_in(company.rep)


@pytest.fixture
def deal(api, company, yamada):
    body = {"title": "LX-310 更新", "account_id": yamada.id, "amount": 100, "rank": "B"}
    return api(company.rep).post("/deals", body).json


def count(app, model):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_the_same_form_sent_twice_opens_one_deal(app, signed, yamada):
    form = {
        "account_id": yamada.id, "title": "更新", "amount": "8,640,000", "rank": "A",
        "stage": "lead", "owner_id": "1", "expected_close_on": "2026/12/15", "idempotency_key": "k",
    }  # fmt: skip
    first = signed.post("/deals", data=form)
    second = signed.post("/deals", data=form)
    assert (first.status_code, first.location) == (303, second.location)
    assert count(app, Deal) == 1
    assert "¥8,640,000" in signed.get(first.location).text


def test_a_form_with_a_mistake_keeps_what_was_typed(app, signed, yamada):
    answer = signed.post("/deals", data={"account_id": yamada.id, "title": "", "amount": "高い"})
    assert answer.status_code == 422
    assert 'value="高い"' in answer.text
    assert count(app, Deal) == 0


def test_two_people_who_change_different_fields_both_keep_theirs(signed, deal, api, company):
    path = f"/deals/{deal['id']}"
    api(company.rep).patch(path, {"rank": "A"}, version=1)
    form = {"version": "1", "original_rank": "B", "rank": "B", "original_title": "LX-310 更新",
            "title": "LX-310 更新（2号機）"}  # fmt: skip
    assert signed.post(f"{path}/edit", data=form).status_code == 303
    seen = api(company.rep).get(path).json
    assert (seen["rank"], seen["title"]) == ("A", "LX-310 更新（2号機）")


def test_two_people_who_change_the_same_field_are_asked(signed, deal, api, company, sign_in):
    path = f"/deals/{deal['id']}"
    api(company.rep).patch(path, {"rank": "A"}, version=1)
    form = {"version": "1", "original_rank": "B", "rank": "C"}
    answer = signed.post(f"{path}/edit", data=form)
    assert answer.status_code == 409
    assert "確度" in answer.text and "別の画面で先に保存されました" in answer.text
    late = sign_in(company.manager).post(f"{path}/edit", data=form)
    assert late.status_code == 409 and "佐藤 美咲さんが先に保存しました" in late.text


@pytest.mark.parametrize(
    ("typed", "why"),
    [("-5000", "0以上の金額"), ("△5,000", "0以上の金額"), ("－５０００", "0以上の金額"),
     ("99999999999999999999", "大きすぎます"), ("9" * 5000, "数字で入力してください"),
     ("120万", "数字で入力してください"), ("いくらか", "数字で入力"), ("1.5", "数字で入力")],
)  # fmt: skip
def test_an_amount_that_cannot_be_is_refused_in_words_that_help(signed, deal, typed, why):
    form = {"version": "1", "original_amount": "", "amount": typed}
    answer = signed.post(f"/deals/{deal['id']}/edit", data=form)
    assert answer.status_code == 422
    said = answer.text.split('id="why-amount"')[1].split("</div>")[0]
    assert why in said and "整数" not in said


@pytest.mark.parametrize("typed", ["1,200,000", "１２０００００", "¥1200000", "1200000円"])
def test_an_amount_is_read_however_it_is_written(signed, deal, api, company, typed):
    form = {"version": "1", "original_amount": "", "amount": typed}
    assert signed.post(f"/deals/{deal['id']}/edit", data=form).status_code == 303
    assert api(company.rep).get(f"/deals/{deal['id']}").json["amount"] == 1_200_000


def test_lines_make_the_amount(signed, deal, api, company, yamada):
    form = {
        "version": "1",
        "product_id": [str(yamada.product), "", ""],
        "description": ["", "据付・配管切替", ""],
        "quantity": ["2", "1", "1"],
        "unit_price": ["3,000,000", "180,000", ""],
        "unit_cost": ["2,000,000", "100,000", ""],
    }
    assert signed.post(f"/deals/{deal['id']}/lines", data=form).status_code == 303
    seen = api(company.rep).get(f"/deals/{deal['id']}").json
    assert (seen["amount"], seen["gross_profit"]) == (6_180_000, 2_080_000)
    wrong = form | {"version": "2", "unit_price": ["x", "1", ""]}
    answer = signed.post(f"/deals/{deal['id']}/lines", data=wrong)
    assert answer.status_code == 422
    assert "据付・配管切替" in answer.text
    line = {"description": "x", "quantity": 10**6, "unit_price": 1, "unit_cost": 10**13}
    huge = api(company.rep).patch(f"/deals/{deal['id']}", {"lines": [line]}, version=2)
    assert (huge.status_code, set(huge.json["errors"])) == (422, {"lines"})


def test_lines_and_notes_of_an_overtaken_form_are_shown_again_as_they_were_typed(
    signed, deal, api, company, yamada
):
    rows = {"version": "1", "product_id": "", "description": "据付工事", "quantity": "1"}
    rep, key = api(company.rep), deal["id"]
    assert rep.patch(f"/deals/{key}", {"rank": "A"}, version=1).status_code == 200
    late = signed.post(f"/deals/{key}/lines", data=rows | {"unit_price": "5000"})
    assert late.status_code == 409
    assert "据付工事" in late.text
    assert 'name="version" value="2"' in late.text
    body = {"kind": "visit", "account_id": yamada.id, "summary": "初回"}
    made = rep.post("/activities", body).json["id"]
    path = f"/activities/{made}"
    assert 'name="version" value="1"' in signed.get(path).text
    assert rep.patch(path, {"summary": "所長も同席"}, version=1).status_code == 200
    note = {"version": "1", "kind": "visit", "account_id": str(yamada.id), "summary": "見積を依頼"}
    late = signed.post(path, data=note)
    assert late.status_code == 409
    assert "見積を依頼" in late.text
    assert signed.post(path, data=note | {"version": "2"}).status_code == 303


def test_a_next_step_is_set_and_done(signed, deal, api, company):
    path = f"/deals/{deal['id']}"
    form = {
        "next_step": "お見積りを説明する", "next_step_on": "2026-11-30", "next_step_time": "10:00",
        "next_step_kind": "visit", "next_step_promised": "1",
    }  # fmt: skip
    assert signed.post(f"{path}/next-step", data=form).status_code == 303
    page = signed.get(path).text
    assert "お見積りを説明する" in page
    assert "10:00" in page
    done = signed.post(f"{path}/next-step/done")
    assert done.location == f"{path}/next-step"
    assert api(company.rep).get(path).json["next_step"] == ""
    assert "次の一手がありません" in signed.get(path).text


def test_evidence_is_written_beside_what_is_known(signed, deal, api, company):
    path = f"/deals/{deal['id']}"
    signed.post(f"{path}/evidence", data={"budget": "900万円", "original_budget": ""})
    signed.post(f"{path}/evidence", data={"need": "3回故障", "original_need": ""})
    assert api(company.rep).get(path).json["evidence"] == {"budget": "900万円", "need": "3回故障"}
    late = signed.post(f"{path}/evidence", data={"budget": "なし", "original_budget": ""})
    assert late.status_code == 409


def test_an_activity_needs_nothing_typed_and_is_recorded_once(app, signed, deal, yamada):
    form = {"deal_id": deal["id"], "account_id": yamada.id, "kind": "visit", "idempotency_key": "a"}
    for _ in range(2):
        assert signed.post("/activities", data=form).location == f"/deals/{deal['id']}"
    assert count(app, Activity) == 1


def test_the_form_of_an_activity_begins_with_the_calendar(app, signed, deal, yamada, company):
    with app.app_context():
        at = now()
        db.session.add(
            Activity(kind="visit", account_id=yamada.id, by_id=company.rep, at=at, planned=True)
        )
        db.session.commit()
    page = signed.get(f"/activities/new?deal_id={deal['id']}").text
    assert "の予定から" in page
    form = {
        "deal_id": deal["id"], "account_id": yamada.id, "kind": "visit", "result": "forward",
        "contact_ids": str(yamada.contact), "next_step": "切替計画書を送る",
        "next_step_on": "2026-12-01",
    }  # fmt: skip
    assert signed.post("/activities/1", data=form).status_code == 303
    page = signed.get(f"/deals/{deal['id']}").text
    assert "切替計画書を送る" in page
    assert "進んだ" in page
    assert count(app, Activity) == 1


def test_a_wrong_day_is_said_and_the_note_is_kept(signed, deal):
    form = {"deal_id": deal["id"], "kind": "visit", "summary": "金額はご了承", "on": "2026-11-31"}
    answer = signed.post("/activities", data=form)
    assert answer.status_code == 422
    assert "金額はご了承" in answer.text


def test_pages_speak_english_too(sign_in, company, deal, app):
    with app.app_context():
        db.session.execute(sa.text("UPDATE staff SET language = 'en'"))
        db.session.commit()
    english = sign_in(company.rep)
    for path, word in (
        ("/deals/board", "Weighted"), (f"/deals/{deal['id']}", "Expected order"),
        ("/activities/new", "How it went"), ("/", "Next steps today"),
    ):  # fmt: skip
        assert word in english.get(path).text, path


def test_the_account_page_can_show_deals_and_the_next_step(signed, deal, yamada):
    assert "LX-310 更新" in signed.get(f"/deals/panel?account_id={yamada.id}").text
    assert "次の一手がありません" in signed.get(f"/deals/next-step?account_id={yamada.id}").text
    assert signed.get("/deals/panel?account_id=999").status_code == 404
    assert signed.get("/deals/panel?account_id=x").status_code == 400


def test_accounts_are_offered_as_somebody_types(signed):
    assert signed.get("/deals/accounts?account_q=").status_code == 200
    assert "ありません" in signed.get("/deals/accounts?account_q=ない会社").text


def test_the_history_names_the_owner_before_and_the_one_after(signed, deal, api, company):
    path = f"/deals/{deal['id']}"
    api(company.rep).patch(path, {"owner_id": company.colleague}, version=1)
    seen = signed.get(path).text
    assert "佐藤 美咲 → " in seen and f"{company.rep} → " not in seen
