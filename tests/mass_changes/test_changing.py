"""Many records changed at once: which, by whose rights, and back again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from crm.accounts.models import Account
from crm.clock import now, today
from crm.deals import actions as deal_actions
from crm.deals import queries as deal_queries
from crm.deals.models import Deal
from crm.extensions import db
from crm.mass_changes import changing, jobs, queries
from crm.mass_changes.models import MassChange, MassChangeItem
from crm.outbox.drain import drain
from crm.outbox.models import HEAVY
from crm.staff.models import Staff
from crm.support.models import Ticket
from crm.timeline.models import Event
from tests.people import Company
from tests.records import a_deal, a_ticket, an_account, keep


@pytest.fixture
def deals(app: Flask, company: Company) -> list[int]:
    """Two deals of the rep, one of a colleague in her team, one of a stranger."""
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        owners = (company.rep, company.rep, company.colleague)
        return [
            *(a_deal(account, owner, company.first_team) for owner in owners),
            a_deal(account, company.stranger, company.second_team),
        ]


@pytest.fixture
def work(app: Flask) -> Any:
    """Do what waits, and say what became of a mass change."""

    def run(program: Any, address: str) -> dict[str, Any]:
        with app.app_context():
            drain(HEAVY)
        found: dict[str, Any] = program.get(address.removeprefix("/api/v1")).json
        return found

    return run


def _deal(app: Flask, key: int) -> Any:
    with app.app_context():
        row = db.session.get_one(Deal, key)
        return row.owner_id, row.team_id, row.rank, row.next_step_on


def test_a_manager_gives_the_deals_of_one_rep_to_another_and_takes_them_back(
    app: Flask, company: Company, api: Any, deals: list[int], work: Any
) -> None:
    program = api(company.manager)
    order = {
        "list": "deals", "filters": {"owner": str(company.rep), "team": "all"},
        "fields": {"owner_id": company.colleague},
    }  # fmt: skip
    asked = program.post("/mass-changes", order)
    assert asked.status_code == 202
    assert (asked.json["state"], asked.json["number"], asked.json["progress"]) == ("queued", 2, 0)
    with app.app_context():
        keep(Deal(account_id=1, title="あとから", owner_id=company.rep, stage_since=now()))
    done = work(program, asked.location)
    assert (done["state"], done["changed"], done["progress"]) == ("done", 2, 100)
    assert [_deal(app, key)[0] for key in deals] == [company.colleague] * 3 + [company.stranger]
    with app.app_context():
        told = db.session.query(Event).filter_by(kind="deal.changed").order_by(Event.id)
        assert [one.facts["changes"]["owner"] for one in told] == [["佐藤 美咲", "伊藤 翔"]] * 2
        event = db.session.query(Event).filter_by(kind="mass_change.asked").one()
        assert (event.by_id, event.facts["number"]) == (company.manager, 2)
        assert db.session.query(Deal).filter_by(title="あとから").one().owner_id == company.rep
        user = db.session.get_one(Staff, company.manager)
        deal = deal_queries.get_deal(deals[1], user, "edit")
        deal_actions.change_deal(deal, {"owner_id": company.manager}, user)
        db.session.commit()
    back = program.post("/mass-changes/1/reversal", {})
    assert (back.status_code, back.json["state"]) == (202, "returning")
    ended = work(program, asked.location)
    assert (ended["state"], ended["returned"], ended["kept"]) == ("returned", 1, 1)
    [kept] = ended["refusals"]
    assert kept == {"record_id": deals[1], "reason": "その後に変更されています。"}
    assert [_deal(app, key)[0] for key in deals[:2]] == [company.rep, company.manager]
    assert program.post("/mass-changes/1/reversal", {}).status_code == 409


def test_each_record_is_changed_by_its_own_rights_and_rules(
    app: Flask, company: Company, api: Any, deals: list[int], work: Any
) -> None:
    program = api(company.rep)
    with app.app_context():
        tomorrow = today() + timedelta(days=1)
        db.session.get_one(Deal, deals[0]).next_step = "電話する"
        db.session.commit()
    order = {"list": "deals", "ids": [*deals, 987_654],
             "fields": {"next_step_on": tomorrow.isoformat()}}  # fmt: skip
    asked = program.post("/mass-changes", order)
    done = work(program, asked.location)
    assert (done["changed"], done["refused"]) == (1, 4)
    reasons = {one["record_id"]: one["reason"] for one in done["refusals"]}
    assert reasons[deals[1]] == "その日に何をするかを入れてください。"
    assert {reasons[key] for key in deals[2:]} == {"閲覧はできますが、変更する権限がありません。"}
    assert reasons[987_654] == "その記録がないか、ご覧になる権限がありません。"
    assert _deal(app, deals[0])[3] == tomorrow
    assert _deal(app, deals[2])[3] is None
    again = program.post("/mass-changes", order | {"ids": deals[:1]})
    assert work(program, again.location)["same"] == 1
    filtered = order | {"filters": {"team": "all"}}
    del filtered["ids"]
    mine = program.post("/mass-changes", filtered)
    assert mine.json["number"] == 2, "of all that match those which she may change"


def test_a_rep_takes_back_what_she_gave_away_by_mistake(
    app: Flask, company: Company, api: Any, deals: list[int], work: Any
) -> None:
    program = api(company.rep)
    order = {"list": "deals", "ids": deals[:2], "fields": {"owner_id": company.stranger}}
    asked = program.post("/mass-changes", order)
    assert work(program, asked.location)["changed"] == 2
    assert _deal(app, deals[0])[:2] == (company.stranger, company.second_team)
    assert api(company.colleague).get("/mass-changes/1").status_code == 404
    assert api(company.admin).get("/mass-changes/1").status_code == 200
    assert api(company.admin).post("/mass-changes/1/reversal", {}).status_code == 404
    with time_machine.travel(now() + timedelta(hours=25)):
        assert api(company.rep).post("/mass-changes/1/reversal", {}).status_code == 409
    assert program.post("/mass-changes/1/reversal", {}).status_code == 202
    assert work(program, asked.location)["returned"] == 2
    assert _deal(app, deals[0])[:2] == (company.rep, company.first_team)


def test_tickets_wait_for_the_customer_and_go_back_to_nobody(
    app: Flask, company: Company, api: Any, work: Any
) -> None:
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        keys = [a_ticket(account, company.clerk, company.call_centre) for _ in range(2)]
        secret = a_ticket(account, company.engineer, company.service, confidential=True)
        keys.append(a_ticket(account, company.clerk, None, status="solved", solved_at=now()))
    program = api(company.clerk)
    order = {"list": "tickets", "ids": [*keys, secret],
             "fields": {"status": "pending", "assignee_id": None}}  # fmt: skip
    done = work(program, program.post("/mass-changes", order).location)
    assert (done["changed"], done["refused"]) == (2, 2)
    with app.app_context():
        found = [db.session.get_one(Ticket, key) for key in (*keys, secret)]
        assert [one.status for one in found] == ["pending", "pending", "solved", "open"]
        assert [one.assignee_id for one in found] == [None, None, company.clerk, company.engineer]
    solved = program.post("/mass-changes", order | {"fields": {"status": "solved"}})
    assert list(solved.json["errors"]) == ["fields.status"]
    assert program.post("/mass-changes/1/reversal", {}).status_code == 202
    assert work(program, "/mass-changes/1")["returned"] == 2
    with app.app_context():
        found = [db.session.get_one(Ticket, key) for key in keys[:2]]
        assert {(one.status, one.assignee_id) for one in found} == {("open", company.clerk)}


def test_accounts_take_an_industry_and_the_search_and_the_history_know(
    app: Flask, company: Company, api: Any, work: Any
) -> None:
    with app.app_context():
        mine = an_account(company.rep, company.first_team, industry="機械")
        other = an_account(company.stranger, company.second_team, name="𠮷野精機", industry="機械")
    program = api(company.rep)
    order = {"list": "accounts", "filters": {"industry": "機械"}, "fields": {"industry": "精密"}}
    done = work(program, program.post("/mass-changes", order).location)
    assert (done["number"], done["changed"]) == (1, 1)
    with app.app_context():
        said = [db.session.get_one(Account, key).industry for key in (mine, other)]
        assert said == ["精密", "機械"]
        changed = db.session.query(Event).filter_by(kind="account.changed").one()
        assert (changed.by_id, changed.facts["fields"]) == (company.rep, ["industry"])


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"list": "offices"}, 422, "list"),
    ({"list": "tickets"}, 403, ""),
    ({"ids": []}, 422, "ids"),
    ({"filters": {}}, 422, "ids"),
    ({"ids": list(range(1, 20_003))}, 422, "ids"),
    ({"ids": None}, 422, "ids"),
    ({"fields": {}}, 422, "fields"),
    ({"fields": {"amount": 5}}, 422, "fields.amount"),
    ({"fields": {"rank": "Z"}}, 422, "fields.rank"),
    ({"fields": {"rank": None}}, 422, "fields.rank"),
    ({"fields": {"owner_id": 987_654}}, 422, "fields.owner_id"),
    ({"fields": {"owner_id": "x"}}, 422, "fields.owner_id"),
    ({"fields": {"expected_close_on": "morgen"}}, 422, "fields.expected_close_on"),
    ({"ids": ..., "filters": {"colour": "red"}}, 422, "filters.colour"),
    ({"ids": ..., "filters": {"rank": "Z"}}, 422, "filters.rank"),
    ({"ids": ..., "filters": {"owner": "987654"}}, 422, "filters"),
]


@pytest.mark.parametrize(("wrong", "status", "field"), WRONG)
def test_what_cannot_be_is_refused_by_name_and_nothing_is_written(
    app: Flask, company: Company, api: Any, deals: list[int],
    wrong: dict[str, Any], status: int, field: str,
) -> None:  # fmt: skip
    order: dict[str, Any] = {"list": "deals", "ids": deals, "fields": {"rank": "A"}}
    order = {name: said for name, said in (order | wrong).items() if said is not ...}
    answer = api(company.rep).post("/mass-changes", order)
    assert answer.status_code == status
    if field:
        assert list(answer.json["errors"]) == [field]
    with app.app_context():
        assert db.session.query(MassChange).count() == 0


def test_more_than_may_be_changed_at_once_is_refused(
    app: Flask, company: Company, api: Any, deals: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    monkeypatch.setattr("crm.mass_changes.actions.MOST", 2)
    order = {"list": "deals", "filters": {"team": "all"}, "fields": {"rank": "A"}}
    answer = api(company.admin).post("/mass-changes", order)
    assert list(answer.json["errors"]) == ["filters"]


def test_a_killed_run_is_gone_on_with_and_others_get_their_turn(
    app: Flask, company: Company, api: Any, deals: list[int], work: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(changing, "BATCH", 1)
    order = {"list": "deals", "ids": deals, "fields": {"rank": "A"}}
    asked = api(company.admin).post("/mass-changes", order)
    with app.app_context():
        change = db.session.get_one(MassChange, 1)
        user = db.session.get_one(Staff, company.admin)
        changing.do_some(change, user)
        db.session.commit()
        changing.do_some(change, user)
        db.session.rollback()
    assert [_deal(app, key)[2] for key in deals] == ["A", "C", "C", "C"]
    monkeypatch.setattr(jobs, "SLICE", 0.0)
    done = work(api(company.admin), asked.location)
    assert (done["state"], done["changed"]) == ("done", 4)
    with app.app_context():
        assert db.session.query(Event).filter_by(kind="deal.changed").count() == 4
        jobs.work({"change_id": 1})
        db.session.commit()
        assert db.session.query(Event).filter_by(kind="deal.changed").count() == 4


def test_who_has_left_changes_nothing_more(
    app: Flask, company: Company, api: Any, deals: list[int], work: Any
) -> None:
    order = {"list": "deals", "ids": deals, "fields": {"rank": "A"}}
    asked = api(company.manager).post("/mass-changes", order)
    with app.app_context():
        db.session.get_one(Staff, company.manager).active = False
        db.session.commit()
    assert work(api(company.admin), asked.location)["state"] == "failed"
    assert _deal(app, deals[0])[2] == "C"


def test_the_same_key_asks_once(app: Flask, company: Company, api: Any, deals: list[int]) -> None:
    order = {"list": "deals", "ids": deals, "fields": {"rank": "A"}}
    program = api(company.rep)
    for _turn in range(2):
        answer = program.post("/mass-changes", order, Idempotency_Key="k1")
        assert (answer.status_code, answer.json["id"]) == (202, 1)
    with app.app_context():
        assert db.session.query(MassChange).count() == 1


def test_what_became_of_each_record_is_forgotten_after_a_quarter_and_who_asked_is_not(
    app: Flask, company: Company, api: Any, deals: list[int], work: Any
) -> None:
    program = api(company.rep)
    order = {"list": "deals", "ids": deals, "fields": {"rank": "A"}}
    work(program, program.post("/mass-changes", order).location)
    with app.app_context():
        for days, left in ((89, 4), (91, 0)):
            with time_machine.travel(now() + timedelta(days=days)):
                jobs.tidy({})
            assert db.session.query(MassChangeItem).count() == left
        assert db.session.query(MassChange).one().state == "done"
        keep(MassChange(list="deals", fields={"rank": "A"}, requested_by_id=company.rep))
        with time_machine.travel(now() + timedelta(days=2)):
            jobs.tidy({})
        assert db.session.get_one(MassChange, 2).state == "failed"
