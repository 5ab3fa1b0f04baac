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
    form = rep.post("/mass-changes/new", data=picked).text
    assert "2件を変更" in form and "選んだうち1件は、変更する権限がありません。" in form
    looked = rep.post("/mass-changes/new", data=picked | {"to": "A"}).text
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
    assert rows[0] == ["レコードID", "名称", "理由"]
    assert rows[1][1:] == [
        f"案件{company.colleague}",
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
    assert rep.get(address).text == "変更できる2件すべて"
    assert manager.get(address).text == "変更できる3件すべて"
    order = {"list": "deals", "all": "1", "rank": "C", "field": "expected_close_on"}
    form = manager.post("/mass-changes/new", data=order).text
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
    looked = clerk.post("/mass-changes/new", data=order | {"to": "none"}).text
    assert "中村 由佳 → <b>" in looked
    assert clerk.post("/mass-changes", data=order | {"to": "none"}).status_code == 303
    with app.app_context():
        drain(HEAVY)
        assert db.session.get_one(Ticket, ticket).assignee_id is None


def test_nothing_picked_and_unknown_lists_are_refused_in_words(
    company: Company, sign_in: Any, deals: list[int]
) -> None:
    rep = sign_in(company.rep)
    answer = rep.post("/mass-changes/new", data={"list": "deals", "field": "rank"})
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
    assert "Change 1 record" in rep.post("/mass-changes/new", data=picked).text
    rep.post("/mass-changes", data=picked)
    with app.app_context():
        drain(HEAVY)
    assert "1 changed" in rep.get("/mass-changes/1").text
