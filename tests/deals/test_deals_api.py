"""Deals through the API."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
import time_machine

from crm.deals.models import Deal, DealChange
from crm.extensions import db
from crm.search.queries import Viewer, find
from crm.timeline.models import Event
from tests.deals.records import customer


@pytest.fixture
def yamada(app, company):
    with app.app_context():
        return customer(company.rep)


@pytest.fixture
def rep(api, company):
    return api(company.rep)


def opened(rep, yamada, **more):
    answer = rep.post("/deals", {"title": "LX-310 更新", "account_id": yamada.id, **more})
    assert answer.status_code == 201, answer.json
    return answer.json


def changes(app, deal_id):
    with app.app_context():
        rows = db.session.execute(
            sa.select(DealChange).where(DealChange.deal_id == deal_id).order_by(DealChange.id)
        ).scalars()
        return [
            (row.stage, row.rank, row.amount, row.expected_close_on, row.owner_id, row.team_id)
            for row in rows
        ]


def kinds(app, subject="deal"):
    with app.app_context():
        return list(
            db.session.scalars(
                sa.select(Event.kind).where(Event.subject_type == subject).order_by(Event.id)
            )
        )


def test_a_rep_opens_a_deal_that_is_her_own(app, rep, company, yamada):
    deal = opened(
        rep, yamada, rank="B", expected_close_on="2026-12-15", contact_id=yamada.contact,
        site_id=yamada.site, unit_ids=[yamada.unit],
        lines=[
            {"product_id": yamada.product, "quantity": 2, "unit_price": 3_000_001},
            {"description": "据付", "unit_price": 180_000},
        ],
    )  # fmt: skip
    assert (deal["owner_id"], deal["team_id"]) == (company.rep, company.first_team)
    assert deal["amount"] == 6_180_002
    assert deal["weighted_amount"] == 6_180_002 * 70 // 100
    assert deal["unit_ids"] == [yamada.unit]
    assert deal["number"].startswith("D-")
    assert rep.get(f"/deals/{deal['id']}").json == deal
    assert len(changes(app, deal["id"])) == 1
    assert kinds(app) == ["deal.opened"]


@time_machine.travel("2026-10-31T15:30:00Z", tick=True)
def test_the_number_of_a_deal_has_the_month_of_the_company(app, rep, yamada):
    deal = opened(rep, yamada)
    number = f"D-2611-{deal['id']}"
    assert deal["number"] == number
    with app.app_context():
        assert db.session.get(Deal, deal["id"]).number == number
        assert [one.record_id for one in find(Viewer(sees_all=True), number)] == [deal["id"]]


def test_every_change_that_a_report_reads_leaves_a_complete_row(app, rep, company, yamada):
    deal = opened(rep, yamada)
    path = f"/deals/{deal['id']}"
    steps = [
        {"rank": "B"}, {"amount": 500}, {"expected_close_on": "2026-12-01"},
        {"owner_id": company.colleague}, {"title": "ほかの名"},
    ]  # fmt: skip
    manager = rep
    for step in steps[:4]:
        version = rep.get(path).json["version"]
        assert rep.patch(path, step, version=version).status_code == 200
    version = rep.get(path).json["version"]
    assert manager.patch(path, steps[4], version=version).status_code == 404
    rows = changes(app, deal["id"])
    assert len(rows) == 5
    assert rows[-1][:3] == ("lead", "B", 500)
    assert rows[-1][4] == company.colleague


def test_a_change_of_words_alone_leaves_no_row(app, rep, yamada):
    deal = opened(rep, yamada)
    answer = rep.patch(f"/deals/{deal['id']}", {"title": "別の名"}, version=deal["version"])
    assert answer.status_code == 200
    assert len(changes(app, deal["id"])) == 1
    assert kinds(app) == ["deal.opened", "deal.changed"]


def test_the_stage_is_not_changed_by_patch(rep, yamada):
    deal = opened(rep, yamada)
    answer = rep.patch(f"/deals/{deal['id']}", {"stage": "proposal"}, version=deal["version"])
    assert answer.status_code == 422
    assert f"/deals/{deal['id']}/stage" in answer.json["errors"]["stage"][0]


def test_a_deal_moves_is_won_and_opened_again(app, rep, yamada):
    deal = opened(rep, yamada, amount=100, next_step="電話", next_step_on="2026-11-30")
    path = f"/deals/{deal['id']}/stage"
    assert rep.post(path, {"stage": "proposal", "rank": "C"}).json["rank"] == "C"
    refused = rep.post(path, {"stage": "won"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["closed_on"])
    won = rep.post(path, {"stage": "won", "closed_on": "2026-11-01", "won_reason": "停止半日"}).json
    assert (won["stage"], won["closed_on"], won["next_step"]) == ("won", "2026-11-01", "")
    again = rep.post(path, {"stage": "negotiation"}).json
    assert (again["closed_on"], again["won_reason"]) == (None, "")
    assert kinds(app) == ["deal.opened", "deal.moved", "deal.won", "deal.reopened"]
    assert [row[0] for row in changes(app, deal["id"])] == [
        "lead",
        "proposal",
        "won",
        "negotiation",
    ]


def test_losing_asks_why_and_nothing_else(rep, yamada):
    deal = opened(rep, yamada)
    path = f"/deals/{deal['id']}/stage"
    assert list(rep.post(path, {"stage": "lost"}).json["errors"]) == ["lost_reason"]
    lost = rep.post(path, {"stage": "lost", "lost_reason": "price", "revisit_on": "2027-11-01"})
    assert lost.status_code == 200
    assert lost.json["lost_reason"] == "price"


def test_moving_twice_to_the_same_stage_is_moving_once(app, rep, yamada):
    deal = opened(rep, yamada)
    for _ in range(2):
        assert rep.post(f"/deals/{deal['id']}/stage", {"stage": "proposal"}).status_code == 200
    assert len(changes(app, deal["id"])) == 2


def test_a_rep_cannot_move_a_colleagues_deal(app, api, company, rep, yamada):
    deal = opened(rep, yamada)
    for person, status in ((company.colleague, 404), (company.clerk, 404), (company.manager, 200)):
        answer = api(person).post(f"/deals/{deal['id']}/stage", {"stage": "proposal"})
        assert answer.status_code == status
        expected = "proposal" if status == 200 else "lead"
        assert rep.get(f"/deals/{deal['id']}").json["stage"] == expected
    assert len(changes(app, deal["id"])) == 2
    other = api(company.other_manager).post(f"/deals/{deal['id']}/stage", {"stage": "lead"})
    assert other.status_code == 404


def test_lines_and_amount_may_not_contradict(rep, yamada):
    lines = [{"description": "据付", "unit_price": 100}]
    body = {"title": "x", "account_id": yamada.id, "lines": lines}
    assert list(rep.post("/deals", body | {"amount": 99}).json["errors"]) == ["amount"]
    deal = rep.post("/deals", body | {"amount": 100}).json
    path = f"/deals/{deal['id']}"
    assert rep.patch(path, {"amount": 7}, version=deal["version"]).status_code == 422
    freed = rep.patch(path, {"amount": 7, "lines": []}, version=deal["version"])
    assert freed.json["amount"] == 7
    assert freed.json["lines"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"account_id": 999}, "account_id"),
        ({"contact_id": 999}, "contact_id"),
        ({"site_id": 999}, "site_id"),
        ({"owner_id": 999}, "owner_id"),
        ({"unit_ids": [999]}, "unit_ids"),
        ({"lines": [{"product_id": 999, "unit_price": 1}]}, "lines.0.product_id"),
        ({"lines": [{"unit_price": 1}]}, "lines.0.description"),
        ({"lines": [{"description": "x"}]}, "lines.0.unit_price"),
        ({"lines": [{"description": "x", "quantity": 0, "unit_price": 1}]}, "lines.0.quantity"),
        ({"amount": -1}, "amount"),
        ({"amount": 1.5}, "amount"),
        ({"amount": 10**15}, "amount"),
        ({"rank": "E"}, "rank"),
        ({"stage": "won"}, "stage"),
        ({"stage": "nowhere"}, "stage"),
        ({"title": ""}, "title"),
        ({"expected_close_on": "2026-11-31"}, "expected_close_on"),
        ({"next_step_on": "2026-11-30"}, "next_step"),
        ({"from_alert_id": 3}, "from_alert_id"),
        ({"colour": "red"}, "colour"),
        ({"evidence": {"mood": "good"}}, "evidence.mood"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(app, rep, yamada, wrong, field):
    answer = rep.post("/deals", {"title": "x", "account_id": yamada.id} | wrong)
    assert answer.status_code == 422, answer.json
    assert field in answer.json["errors"]
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Deal)) == 0


def test_another_customers_contact_is_refused(app, rep, company, yamada):
    with app.app_context():
        other = customer(company.rep, "双葉化成工業株式会社", "2")
    answer = rep.post(
        "/deals", {"title": "x", "account_id": yamada.id, "contact_id": other.contact}
    )
    assert list(answer.json["errors"]) == ["contact_id"]


def test_a_clerk_sees_the_deal_and_no_amounts(api, company, rep, yamada):
    lines = [{"description": "据付", "unit_price": 100, "unit_cost": 60}]
    deal = opened(rep, yamada, lines=lines)
    assert deal["gross_profit"] == 40
    seen = api(company.clerk).get(f"/deals/{deal['id']}").json
    assert seen["title"] == deal["title"]
    hidden = ("amount", "weighted_amount", "gross_profit")
    assert [seen[name] for name in hidden] == [None, None, None]
    assert seen["lines"][0]["unit_price"] is None
    assert api(company.clerk).get("/deals?sort=-amount").status_code == 400
    assert api(company.clerk).post("/deals", {"title": "x", "account_id": 1}).status_code == 403


def test_a_deal_with_a_history_is_not_removed(rep, yamada):
    deal = opened(rep, yamada)
    moved = rep.post(f"/deals/{deal['id']}/stage", {"stage": "proposal"}).json
    assert rep.delete(f"/deals/{deal['id']}", version=moved["version"]).status_code == 409
    fresh = opened(rep, yamada)
    assert rep.delete(f"/deals/{fresh['id']}", version=fresh["version"]).status_code == 204


def test_deals_are_found_by_stage_and_owner_in_order(rep, company, yamada):
    for amount in (300, 100, 200):
        opened(rep, yamada, amount=amount, stage="proposal")
    opened(rep, yamada, amount=50)
    path = f"/deals?stage=proposal&owner_id={company.rep}&sort=-amount&limit=2"
    first = rep.get(path).json
    rest = rep.get(f"{path}&cursor={first['next']}").json
    assert [one["amount"] for one in first["items"] + rest["items"]] == [300, 200, 100]


def test_an_old_version_does_not_move_a_deal(rep, yamada):
    deal = opened(rep, yamada)
    path = f"/deals/{deal['id']}/stage"
    assert rep.post(path, {"stage": "proposal"}, If_Match='"1"').status_code == 200
    assert rep.post(path, {"stage": "lead"}, If_Match='"1"').status_code == 412


def test_an_activity_moves_the_deal_on(app, rep, yamada):
    deal = opened(rep, yamada)
    answer = rep.post(
        "/activities",
        {
            "kind": "visit", "deal_id": deal["id"], "contact_ids": [yamada.contact],
            "at": "2026-11-20T01:00:00+00:00", "summary": "金額はご了承", "result": "forward",
            "next_step": "切替計画書をお送りする", "next_step_on": "2026-11-27", "promised": True,
        },
    )  # fmt: skip
    assert answer.status_code == 201, answer.json
    assert answer.json["account_id"] == yamada.id
    seen = rep.get(f"/deals/{deal['id']}").json
    assert seen["last_activity_on"] == "2026-11-20"
    assert (seen["next_step"], seen["next_step_promised"]) == ("切替計画書をお送りする", True)
    assert kinds(app, "activity") == ["activity.recorded"]


def test_a_planned_visit_is_done_later(app, rep, yamada):
    body = {"kind": "visit", "account_id": yamada.id, "at": "2099-01-01T01:00:00+00:00"}
    planned = rep.post("/activities", body).json
    assert planned["planned"] is True
    done = rep.patch(
        f"/activities/{planned['id']}", {"planned": False, "summary": "済"},
        version=planned["version"],
    )  # fmt: skip
    assert done.json["planned"] is False
    assert kinds(app, "activity") == ["activity.planned", "activity.recorded"]


def test_an_activity_without_a_customer_is_refused_in_words(rep):
    answer = rep.post("/activities", {"kind": "visit"})
    assert list(answer.json["errors"]) == ["account_id"]
