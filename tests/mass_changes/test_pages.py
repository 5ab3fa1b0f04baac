"""The pages of mass changes, as far as they work without any script."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask import Flask

from crm.clock import today
from crm.deals.models import Deal
from crm.extensions import db
from crm.mass_changes.models import MassChange
from crm.outbox.drain import drain
from crm.outbox.models import HEAVY
from crm.staff.models import Staff
from crm.support.models import Ticket
from tests.people import Company
from tests.records import a_deal, a_ticket, an_account

ACCOUNT = "株式会社山田製作所"


@pytest.fixture
def deals(app: Flask, company: Company) -> list[int]:
    """Two deals of the rep and one of a colleague."""
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        owners = (company.rep, company.rep, company.colleague)
        return [a_deal(account, one, company.first_team, title=f"案件{one}") for one in owners]


def test_picked_rows_are_looked_at_changed_and_put_back(
    app: Flask, company: Company, sign_in: Any, deals: list[int]
) -> None:
    rep = sign_in(company.rep)
    page = rep.get("/deals").text
    assert f'name="id" value="{deals[0]}" form="mass"' in page
    picked = {"list": "deals", "id": deals, "field": "rank"}
    form = rep.get("/mass-changes/new", query_string=picked).text
    assert "2件を変更" in form and "選んだうち1件は、変更する権限がありません。" in form
    looked = rep.get("/mass-changes/new", query_string=picked | {"to": "A"}).text
    assert "→ <b>A" in looked
    order = picked | {"to": "A", "idempotency_key": "once"}
    asked = rep.post("/mass-changes", data=order)
    assert (asked.status_code, asked.location) == (303, "/mass-changes/1")
    assert rep.post("/mass-changes", data=order).location == asked.location
    assert 'hx-trigger="every 1s"' in rep.get(asked.location).text
    with app.app_context():
        drain(HEAVY)
    done = rep.get(asked.location, headers={"HX-Request": "true"}).text
    assert "2件を変更、1件は変更できず" in done and "every 1s" not in done
    rows = list(csv.reader(io.StringIO(rep.get("/mass-changes/1/refused.csv").text[1:])))
    assert rows[0] == ["レコードID", "名称", "顧客", "理由"]
    assert rows[1][1:] == [
        f"案件{company.colleague}",
        ACCOUNT,
        "閲覧はできますが、変更する権限がありません。",
    ]
    assert "確度 → " in rep.get("/mass-changes").text
    assert rep.post("/mass-changes/1/reversal").status_code == 303
    with app.app_context():
        drain(HEAVY)
        assert db.session.get_one(Deal, deals[0]).rank == "C"
    assert "2件を元に戻しました" in rep.get(asked.location).text
    assert rep.post("/mass-changes/1/reversal").status_code == 409


def test_all_that_match_are_those_of_the_list_which_she_may_change(
    app: Flask, company: Company, sign_in: Any, deals: list[int]
) -> None:
    rep, manager = sign_in(company.rep), sign_in(company.manager)
    address = "/mass-changes/number?list=deals&rank=C"
    assert "変更できる2件すべて" in rep.get(address).text
    assert "変更できる3件すべて" in manager.get(address).text
    order = {"list": "deals", "all": "1", "rank": "C", "field": "expected_close_on"}
    form = manager.get("/mass-changes/new", query_string=order).text
    assert '<input type="hidden" name="rank" value="C">' in form and "3件を変更" in form
    with app.app_context():
        day = today()
    manager.post("/mass-changes", data=order | {"to": f"{day:%Y/%m/%d}"})
    with app.app_context():
        drain(HEAVY)
        found = {db.session.get_one(Deal, key).expected_close_on for key in deals}
        assert found == {day}


@pytest.mark.parametrize(("more", "said"), [
    ({"to": ""}, "新しい値を選んでください。"),
    ({"to": "987654", "field": "owner_id"}, "その記録がないか、ご覧になる権限がありません。"),
])  # fmt: skip
def test_a_wrong_value_is_said_at_its_field_and_nothing_is_asked(
    app: Flask, company: Company, sign_in: Any, deals: list[int], more: Any, said: str
) -> None:
    order = {"list": "deals", "id": deals, "field": "rank"} | more
    answer = sign_in(company.rep).post("/mass-changes", data=order)
    assert answer.status_code == 422
    assert f'id="why-to"><span>{said}' in answer.text
    with app.app_context():
        assert db.session.query(MassChange).count() == 0


def test_tickets_go_to_nobody_when_that_is_chosen_and_not_when_nothing_is(
    app: Flask, company: Company, sign_in: Any, deals: list[int]
) -> None:
    with app.app_context():
        ticket = a_ticket(1, company.clerk, company.call_centre)
    clerk = sign_in(company.clerk)
    order = {"list": "tickets", "id": [ticket], "field": "assignee_id"}
    assert clerk.post("/mass-changes", data=order | {"to": ""}).status_code == 422
    looked = clerk.get("/mass-changes/new", query_string=order | {"to": "none"}).text
    assert "中村 由佳 → <b>" in looked
    assert clerk.post("/mass-changes", data=order | {"to": "none"}).status_code == 303
    with app.app_context():
        drain(HEAVY)
        assert db.session.get_one(Ticket, ticket).assignee_id is None


def test_nothing_picked_and_unknown_lists_are_refused_in_words(
    company: Company, sign_in: Any, deals: list[int]
) -> None:
    rep = sign_in(company.rep)
    answer = rep.get("/mass-changes/new", query_string={"list": "deals", "field": "rank"})
    assert answer.status_code == 422 and "1件以上選んでください。" in answer.text
    assert rep.get("/mass-changes/new?list=tickets&all=1").status_code == 403
    assert rep.get("/mass-changes/new?list=moons&all=1").status_code == 422


def test_only_who_may_change_such_records_sees_boxes(
    app: Flask, company: Company, sign_in: Any, deals: list[int]
) -> None:
    with app.app_context():
        a_ticket(1, company.clerk, company.call_centre)
    seen = {
        (role, name): 'form="mass"' in sign_in(getattr(company, role)).get(f"/{name}").text
        for role in ("rep", "clerk", "engineer", "manager")
        for name in ("deals?team=all", "tickets", "accounts")
    }
    assert {place for place, some in seen.items() if not some} == {
        ("rep", "tickets"), ("clerk", "deals?team=all"), ("engineer", "deals?team=all"),
        ("engineer", "accounts"),
    }  # fmt: skip


def test_the_bar_says_everything_in_english_too(
    app: Flask, company: Company, sign_in: Any, deals: list[int]
) -> None:
    with app.app_context():
        db.session.get_one(Staff, company.rep).language = "en"
        db.session.commit()
    rep = sign_in(company.rep)
    page = rep.get("/deals").text
    for words in ("0 picked", "All that you may change", "Clear", "Pick all rows of this page"):
        assert words in page
    picked = {"list": "deals", "id": deals[:1], "field": "owner_id", "to": company.colleague}
    assert "Change 1 record" in rep.get("/mass-changes/new", query_string=picked).text
    rep.post("/mass-changes", data=picked)
    with app.app_context():
        drain(HEAVY)
    assert "1 changed" in rep.get("/mass-changes/1").text


def test_the_form_has_an_address_and_leads_back_to_the_very_list(
    app: Flask, company: Company, sign_in: Any, deals: list[int]
) -> None:
    rep = sign_in(company.rep)
    page = rep.get("/deals?rank=C&sort=-amount&columns=amount").text
    bar = page[page.index('<form class="mass"') :]
    assert 'method="get" action="/mass-changes/new"' in bar
    assert '<input type="hidden" name="sort" value="-amount">' in bar
    asked = {"list": "deals", "field": "rank", "rank": "C", "sort": "-amount", "columns": "amount"}
    form = rep.get("/mass-changes/new", query_string=asked | {"id": deals[:1]}).text
    back = 'href="/deals?rank=C&amp;sort=-amount&amp;columns=amount" data-cancel'
    assert back in form and ">やめる</a>" in form and ACCOUNT in form
    refused = rep.post("/mass-changes", data=asked | {"id": deals[:1], "to": ""})
    assert refused.status_code == 422 and back in refused.text


def test_where_all_have_the_value_already_the_button_says_so(
    company: Company, sign_in: Any, deals: list[int]
) -> None:
    rep = sign_in(company.rep)
    picked = {"list": "deals", "id": deals[:2], "field": "rank"}
    same = rep.get("/mass-changes/new", query_string=picked | {"to": "C"}).text
    assert "data-save disabled>すべてこの値です" in same
    assert "disabled" not in rep.get("/mass-changes/new", query_string=picked | {"to": "A"}).text


def test_tickets_are_told_apart_by_number_and_account(
    app: Flask, company: Company, sign_in: Any, deals: list[int]
) -> None:
    with app.app_context():
        ticket = a_ticket(1, company.clerk, company.call_centre, subject="印字がかすれる")
    asked = {"list": "tickets", "id": [ticket], "field": "assignee_id"}
    form = sign_in(company.clerk).get("/mass-changes/new", query_string=asked).text
    assert f"#{ticket} 印字がかすれる</a>" in form and ACCOUNT in form
    assert '<label class="lb" for="f-to">担当 ' in form


@pytest.mark.parametrize(("wrong", "said"), [
    ({"list": "moons"}, "<b>一覧</b> 次のどれかを指定してください：案件、"),
    ({"field": "stage"}, "<b>項目</b> 一括で変更できるのは 担当、"),
    ({"id": "abc"}, "<b>選んだ行</b> その記録がないか"),
    ({"id": []}, "<b>選んだ行</b> 1件以上"),
    ({"all": "1", "id": [], "owner": "x"}, "<b>担当</b> "),
])  # fmt: skip
def test_a_page_names_what_is_wrong_in_words(
    company: Company, sign_in: Any, deals: list[int], wrong: Any, said: str
) -> None:
    asked = {"list": "deals", "field": "owner_id", "id": deals} | wrong
    rep = sign_in(company.rep)
    for answer in (
        rep.get("/mass-changes/new", query_string=asked), rep.post("/mass-changes", data=asked)
    ):  # fmt: skip
        assert answer.status_code == 422
        assert said in answer.text


def test_a_row_that_is_not_hers_to_change_has_no_box(
    app: Flask, company: Company, sign_in: Any, deals: list[int]
) -> None:
    page = sign_in(company.rep).get("/deals?team=all").text
    assert [f'name="id" value="{one}" form="mass"' in page for one in deals] == [True, True, False]
    page = sign_in(company.manager).get("/deals?team=all").text
    assert page.count('form="mass"') == 3
