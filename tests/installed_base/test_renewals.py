"""Contracts renew by themselves, once each, unless somebody gave notice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from crm.cli import tick
from crm.clock import now, today
from crm.extensions import db
from crm.installed_base import jobs
from crm.installed_base.contract_rules import Renewing, annual, next_number, next_term
from crm.installed_base.models import ServiceContract
from crm.outbox.actions import send
from crm.outbox.drain import drain
from crm.outbox.models import HEAVY
from tests.dying import die_at
from tests.maintenance.conftest import in_days

__all__ = ["in_days"]


@pytest.mark.parametrize(
    ("first", "last", "then"),
    [
        ("2025-04-01", "2026-03-31", ("2026-04-01", "2027-03-31")),
        ("2024-02-29", "2025-02-28", ("2025-03-01", "2026-02-28")),
        ("2027-03-01", "2028-02-29", ("2028-03-01", "2029-02-28")),
        ("2026-01-31", "2026-02-28", ("2026-03-01", "2026-03-31")),
        ("2026-04-01", "2026-04-10", ("2026-04-11", "2026-04-20")),
        ("2023-03-29", "2025-03-28", ("2025-03-29", "2027-03-28")),
    ],
)
def test_a_term_is_followed_by_one_just_as_long(first, last, then):
    found = next_term(date.fromisoformat(first), date.fromisoformat(last))
    assert tuple(day.isoformat() for day in found) == then


def test_a_contract_falls_due_the_day_after_its_notice_day():
    contract = Renewing(date(2027, 3, 31), 90, True)
    assert contract.deadline == date(2026, 12, 31)
    days = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 5, 30), date(2027, 5, 31))
    assert [contract.falls_due(day) for day in days] == [False, True, True, False]


def test_the_numbers_of_a_chain_count_on():
    assert next_number("M-2609-0001", 2)[0] == "M-2609-0001-2"
    assert next_number("M-2609-0001-2", 3)[0] == "M-2609-0001-3"
    assert len(next_number("X" * 40, 2)[19]) <= 40


def test_a_years_amount_follows_from_the_amount_per_cycle():
    assert annual({"cycle_months": 1, "cycle_amount": 33_333}, 12, 0) == 399_996
    assert annual({"cycle_months": 3}, 12, 400_000) == 400_000


@pytest.fixture
def night(app):
    def strike() -> None:
        with app.app_context():
            tick()
            while drain("fast") + drain("heavy"):
                pass

    return strike


@pytest.fixture
def renewing(api, company, contract, unit, in_days):
    """A contract that renews by itself and whose notice day was yesterday."""

    def make(number: str = "M-1", **more: object):
        key = unit(f"S-{number}").json["id"]
        body = {
            "number": number, "auto_renew": True, "notice_days": 31, "cycle_months": 3,
            "cycle_amount": 120_000, "starts_on": in_days(-335), "ends_on": in_days(30),
            "parts_percent": 50,
        }  # fmt: skip
        return contract([key], **{"annual_amount": 480_000} | body | more).json

    return make


def test_the_night_renews_a_contract_once_with_all_that_it_has(app, api, company, night, renewing):
    made, rep = renewing(), api(company.rep)
    assert made["annual_amount"] == 480_000
    night()
    with app.app_context():
        day = today().isoformat()
        jobs.renew({"day": day})
        for name in ("a", "b"):
            said = {"day": day, "contract_ids": [made["id"]]}
            send("contracts.renew_some", name, said, HEAVY)
        db.session.commit()
    night()
    rows = rep.get("/contracts").json["items"]
    assert [row["number"] for row in rows] == ["M-1", "M-1-2"]
    after = rows[1]
    assert rows[0]["renewed_by_id"] == after["id"]
    same = ("unit_ids", "parts_percent", "cycle_amount", "auto_renew", "notice_days")
    assert [after[name] for name in same] == [made[name] for name in same]
    assert (after["renews_id"], after["version"]) == (made["id"], 1)
    ends = date.fromisoformat(made["ends_on"])
    assert after["starts_on"] == (ends + timedelta(days=1)).isoformat()
    terms = rep.get(f"/contracts/{after['id']}/terms").json["items"]
    assert [(one["number"], one["gap"], one["change"]) for one in terms] == [
        ("M-1", None, None), ("M-1-2", None, 0),
    ]  # fmt: skip
    told = rep.get(f"/accounts/{made['account_id']}/timeline").json["items"]
    said = [row["text"] for row in told if "保守契約を更新" in row["text"]]
    assert len(said) == 1
    assert said[0].startswith("保守契約を更新：M-1 → M-1-2")


def test_a_night_that_is_killed_renews_every_contract_once(app, api, company, night, renewing):
    for name in ("A", "B", "C"):
        renewing(name)

    def round_of_the_night() -> None:
        tick()
        while drain("fast") + drain("heavy"):
            pass

    assert die_at("contracts.renewed:2", app, round_of_the_night) == 137
    assert len(api(company.rep).get("/contracts").json["items"]) == 3, "one transaction"
    with time_machine.travel(now() + timedelta(minutes=90), tick=True):
        night()
        night()
    rows = api(company.rep).get("/contracts").json["items"]
    assert sorted(row["number"] for row in rows) == ["A", "A-2", "B", "B-2", "C", "C-2"]
    assert sorted(row["renewed_by_id"] is None for row in rows) == [False] * 3 + [True] * 3


def test_notice_stops_the_renewal_and_may_be_taken_back(api, company, night, renewing, in_days):
    made, rep = renewing(ends_on=in_days(60)), api(company.rep)
    address = f"/contracts/{made['id']}/notice"
    given = rep.post(address, {"by": "customer", "reason": "機器を入れ替える"})
    assert given.status_code == 201, given.text
    assert given.json["notice_by"] == "customer"
    assert rep.post(address, {"by": "us", "reason": "二度目"}).status_code == 409
    night()
    assert len(rep.get("/contracts").json["items"]) == 1
    assert rep.delete(address).status_code == 204
    assert rep.get(f"/contracts/{made['id']}").json["notice_given_on"] is None


def test_late_notice_must_be_accepted_in_words(api, company, night, renewing):
    made, rep = renewing(), api(company.rep)
    address = f"/contracts/{made['id']}/notice"
    refused = rep.post(address, {"by": "customer", "reason": "移転"})
    assert (refused.status_code, list(refused.json["errors"])) == (409, ["even_though_late"])
    night()
    told = rep.post(address, {"by": "customer", "reason": "移転", "even_though_late": True})
    assert told.status_code == 409
    assert "M-1-2" in told.json["detail"]


def test_what_was_moved_or_ended_long_ago_is_not_renewed(
    app, api, company, night, renewing, in_days, contract
):
    made, rep = renewing(), api(company.rep)
    other = rep.post("/accounts", {"name": "港リサイクル"}).json["id"]
    move = {"account_id": other, "reason": "譲渡"}
    assert rep.post(f"/units/{made['unit_ids'][0]}/move", move).status_code == 200
    contract([], number="OLD", auto_renew=True, starts_on="2019-04-01", ends_on="2020-03-31")
    contract([], number="CUT", auto_renew=True, notice_days=90, starts_on=in_days(-300),
             ends_on=in_days(60), cancelled_on=in_days(-1))  # fmt: skip
    night()
    with app.app_context():
        numbers = set(db.session.scalars(sa.select(ServiceContract.number)))
    assert numbers == {"M-1", "OLD", "CUT"}


def test_contracts_over_the_same_unit_on_the_same_days_are_asked_about(
    api, company, contract, unit, sign_in, plant
):
    key = unit("A").json["id"]
    contract([key])
    refused = contract([key], number="M-2", starts_on="2027-03-31", ends_on="2028-03-30")
    assert (refused.status_code, list(refused.json["errors"])) == (409, ["even_if_overlapping"])
    assert "M-1" in refused.json["detail"]
    assert contract([key], number="M-3", starts_on="2027-04-01", ends_on="2028-03-31").json["id"]
    form = {
        "account_id": str(plant.account), "number": "M-2", "starts_on": "2026-06-01",
        "ends_on": "2026-06-30", "unit_ids": str(key), "cycle_months": "1",
        "cycle_amount": "40,000",
    }  # fmt: skip
    browser = sign_in(company.rep)
    asked = browser.post("/contracts", data=form)
    assert asked.status_code == 422
    assert "even_if_overlapping" in asked.text
    saved = browser.post("/contracts", data=form | {"even_if_overlapping": "1"})
    assert saved.status_code == 303
    page = browser.get(saved.location).text
    assert "1か月ごと ¥40,000" in page
    assert "¥480,000" in page


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"cycle_months": 2}, "cycle_months"),
        ({"cycle_months": 1, "annual_amount": 100_000}, "annual_amount"),
        ({"cycle_months": 6, "cycle_amount": 1, "annual_amount": 3}, "annual_amount"),
        ({"renews_id": 987654}, "renews_id"),
    ],
)
def test_a_price_or_a_chain_that_cannot_be_is_refused_by_name(contract, unit, body, field):
    answer = contract([unit("A").json["id"]], **{"number": "M-9"} | body)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_a_chain_shows_its_gaps_and_prices_and_takes_notice_on_its_page(
    api, company, contract, unit, sign_in
):
    key = unit("A").json["id"]
    first = contract([key]).json["id"]
    second = contract(
        [key], number="M-2", starts_on="2027-05-01", ends_on="2099-04-30", renews_id=first,
        annual_amount=500_000, auto_renew=True,
    ).json["id"]  # fmt: skip
    taken = contract(
        [], number="M-3", starts_on="2027-06-01", ends_on="2028-05-31", renews_id=first
    )
    assert list(taken.json["errors"]) == ["renews_id"]
    browser = sign_in(company.rep)
    page = browser.get(f"/contracts/{second}").text
    assert "2027/04/01" in page
    assert "+¥20,000" in page
    wrong = browser.post(f"/contracts/{second}/notice", data={"by": "us", "reason": ""})
    assert wrong.status_code == 422
    data = {"by": "us", "reason": "部品の供給が終わるため"}
    assert browser.post(f"/contracts/{second}/notice", data=data).status_code == 303
    assert "当社から終了を通知：部品の供給が終わるため" in browser.get(f"/contracts/{second}").text
    assert browser.post(f"/contracts/{second}/notice-back").status_code == 303
