"""Warranties of units: rows beside the unit, whose last day the unit keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from crm.extensions import db
from crm.readings.models import Meter, Reading
from crm.staff.models import Staff
from crm.support.actions import open_ticket
from tests.records import keep


@pytest.fixture
def warranty(api, company):
    """Enter a warranty of a unit."""

    def make(unit_id: int, starts_on: str, ends_on: str, **more: object):
        body = {"unit_id": unit_id, "starts_on": starts_on, "ends_on": ends_on}
        return api(company.clerk).post("/warranties", body | more)

    return make


def test_the_unit_keeps_the_last_day_of_its_warranties(api, company, unit, warranty):
    made = unit("A", installed_on="2025-04-01").json
    rep, address = api(company.rep), f"/units/{made['id']}"
    assert made["warranty_ends_on"] == "2026-03-31"
    maker = rep.get(f"{address}/warranties").json["items"][0]
    assert (maker["kind"], maker["starts_on"]) == ("maker", "2025-04-01")
    longer = warranty(made["id"], "2026-04-01", "2028-03-31", kind="extended", travel_percent=0)
    assert longer.status_code == 201, longer.text
    assert rep.get(address).json["warranty_ends_on"] == "2028-03-31"
    found = rep.get(f"{address}/entitlement?at=2027-01-01").json
    assert (found["verdict"], found["code"], found["shares"]["travel"]) == (
        "partly", "warranty_part", 0,
    )  # fmt: skip
    assert "延長保証" in found["reason"]
    manager = api(company.manager)
    assert manager.delete(f"/warranties/{longer.json['id']}", version=1).status_code == 204
    assert rep.get(address).json["warranty_ends_on"] == "2026-03-31"
    told = [
        row["text"] for row in rep.get(f"/accounts/{made['account_id']}/timeline").json["items"]
    ]
    assert any("延長保証を登録" in text for text in told)


def test_the_day_written_into_the_unit_is_its_makers_warranty(api, company, unit, warranty):
    made = unit("A", installed_on="2025-04-01").json
    rep, address = api(company.rep), f"/units/{made['id']}"
    changed = rep.patch(address, {"warranty_ends_on": "2026-09-30"}, version=made["version"])
    assert changed.json["warranty_ends_on"] == "2026-09-30"
    assert rep.get(f"{address}/warranties").json["items"][0]["ends_on"] == "2026-09-30"
    earlier = {"installed_on": "2025-03-01"}
    version = rep.patch(address, earlier, version=changed.json["version"]).json["version"]
    assert rep.get(f"{address}/warranties").json["items"][0]["starts_on"] == "2025-03-01"
    warranty(made["id"], "2026-10-01", "2028-03-31", kind="own")
    version = rep.get(address).json["version"]
    refused = rep.patch(address, {"warranty_ends_on": "2027-03-31"}, version=version)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["warranty_ends_on"])
    assert rep.get(address).json["warranty_ends_on"] == "2028-03-31"


def test_how_a_defective_unit_is_exchanged_is_told_with_the_verdict(api, company, unit, warranty):
    key = unit("A", installed_on="2025-04-01", warranty_ends_on=None).json["id"]
    made = warranty(key, "2025-04-01", "2099-03-31", exchange="advance")
    assert (made.status_code, made.json["exchange"]) == (201, "advance")
    rep, asked = api(company.rep), f"/units/{key}/entitlement?at=2026-04-01"
    found = rep.get(asked).json
    assert found["params"]["exchange"] == found["bearers"][0]["params"]["exchange"] == "advance"
    assert "故障時は先出し交換" in found["reason"]
    path = f"/warranties/{made.json['id']}"
    assert api(company.clerk).patch(path, {"exchange": ""}, version=1).status_code == 200
    again = rep.get(asked).json
    assert "exchange" not in again["params"] and "先出し" not in again["reason"]


def test_a_warranty_that_is_bound_to_its_owner_ends_with_the_move(api, company, unit, warranty):
    made = unit("A", installed_on="2025-04-01", warranty_ends_on=None).json
    rep, address = api(company.rep), f"/units/{made['id']}"
    bound = warranty(made["id"], "2025-04-01", "2099-03-31", transferable=False)
    assert bound.status_code == 201
    other = rep.post("/accounts", {"name": "港リサイクル"}).json["id"]
    move = {"account_id": other, "on": "2026-05-10", "reason": "譲渡"}
    assert rep.post(f"{address}/move", move).status_code == 200
    assert rep.get(address).json["warranty_ends_on"] == "2026-05-09"
    before, after = (
        rep.get(f"{address}/entitlement?at={day}").json for day in ("2026-05-09", "2026-05-10")
    )
    assert (before["verdict"], after["code"]) == ("free", "warranty_moved")
    shown = rep.get(f"{address}/warranties").json["items"][0]
    assert (shown["last_on"], shown["ended_by"]) == ("2026-05-09", "moved")


def test_the_meter_ends_a_warranty_the_day_before_it_was_read_above_the_limit(
    app, api, company, unit, warranty
):
    key = unit("A", warranty_ends_on=None, installed_on="2025-04-01").json["id"]
    limit = {"meter_name": "稼働時間", "meter_limit": 2000}
    assert warranty(key, "2025-04-01", "2099-03-31", **limit).status_code == 201
    with app.app_context():
        meter = keep(Meter(unit_id=key, name="稼働時間", name_key="稼働時間"))
        for day, value, offset in ((9, 1500, 500), (10, 1, 2000), (11, 900, 2000)):
            at = datetime(2026, 6, day, 1, tzinfo=UTC)
            keep(Reading(meter_id=meter, at=at, value=Decimal(value), offset=Decimal(offset)))
    rep, address = api(company.rep), f"/units/{key}/entitlement?at="
    assert rep.get(f"{address}2026-06-09").json["verdict"] == "free"
    over = rep.get(f"{address}2026-06-10").json
    assert (over["code"], over["params"]["on"]) == ("warranty_metered", "2026-06-09")
    assert "メーター" in over["reason"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ends_on": "2024-01-01"}, "ends_on"), ({"meter_limit": 2000}, "meter_name"),
        ({"meter_name": "稼働時間"}, "meter_limit"), ({"parts_percent": 101}, "parts_percent"),
        ({"kind": "eternal"}, "kind"), ({"unit_id": 987654}, "unit_id"),
        ({"exchange": "gift"}, "exchange"),
    ],
)  # fmt: skip
def test_a_wrong_warranty_is_refused_by_the_name_of_its_field(unit, warranty, body, field):
    base = {"unit_id": unit("A").json["id"], "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    answer = warranty(**base | body)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_what_a_call_was_told_stays_when_a_warranty_is_entered_later(
    api, company, plant, unit, warranty
):
    clerk, key = api(company.clerk), unit("A", installed_on="2020-01-01").json["id"]
    body = {
        "account_id": plant.account,
        "unit_id": key,
        "subject": "圧力が上がらない",
        "voice": "動かない",
    }
    ticket = clerk.post("/tickets", body).json
    assert ticket["entitlement"]["code"] == "warranty_over"
    warranty(key, "2020-01-01", "2099-12-31", kind="own")
    later = clerk.get(f"/tickets/{ticket['id']}").json
    assert later["entitlement"] == ticket["entitlement"]
    assert clerk.post("/tickets", body).json["entitlement"]["code"] == "warranty"
    rep = api(company.rep)
    buyer = rep.post("/accounts", {"name": "相模プラント株式会社"}).json["id"]
    sold = {"account_id": buyer, "reason": "事業譲渡", "even_with_open_tickets": True}
    assert rep.post(f"/units/{key}/move", sold).status_code == 200
    followed = clerk.patch(f"/tickets/{ticket['id']}", {"account_id": buyer}, ticket["version"])
    assert followed.status_code == 200, followed.json
    assert followed.json["entitlement"] == ticket["entitlement"]


def test_a_warranty_is_typed_on_a_page_and_stands_beside_its_unit(company, sign_in, unit):
    key = unit("A", installed_on="2025-04-01").json["id"]
    browser = sign_in(company.manager)
    assert f"/units/{key}/warranties" in browser.get(f"/units/{key}").text
    form = {
        "unit_id": str(key), "kind": "extended", "starts_on": "2026/04/01", "ends_on": "2026/03/01",
        "labour_percent": "100", "travel_percent": "0", "parts_percent": "100",
        "transferable": "0", "exclusions": "消耗品", "exchange": "loaner",
    }  # fmt: skip
    refused = browser.post("/warranties", data=form)
    assert refused.status_code == 422
    assert "消耗品" in refused.text
    assert browser.post("/warranties", data=form | {"ends_on": "2028/03/31"}).status_code == 303
    beside = browser.get(f"/units/{key}/warranties").text
    assert "延長保証" in beside
    assert "所有者の変更で終了" in beside and "代替機貸出" in beside
    edited = browser.get("/warranties/2/edit").text
    assert "2028-03-31" in edited
    gone = browser.post("/warranties/2/delete", data={"version": "1"})
    assert gone.status_code == 303
    assert "延長保証" not in browser.get(f"/units/{key}/warranties").text


def test_a_day_of_cover_ends_at_midnight_of_the_company(app, company, plant, unit, warranty):
    key = unit("A", warranty_ends_on=None, installed_on="2025-04-01").json["id"]
    limited = unit("B", warranty_ends_on=None, installed_on="2025-04-01").json["id"]
    assert warranty(key, "2025-04-01", "2026-03-31").status_code == 201
    until = {"meter_name": "稼働時間", "meter_limit": 100}
    assert warranty(limited, "2025-04-01", "2099-03-31", **until).status_code == 201
    read = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    with app.app_context():
        meter = keep(Meter(unit_id=limited, name="稼働時間", name_key="稼働時間"))
        keep(Reading(meter_id=meter, at=read, value=Decimal(101), offset=Decimal(0)))
        clerk = db.session.get_one(Staff, company.clerk)
        for unit_id, code in ((key, "warranty_over"), (limited, "warranty_metered")):
            fields = {"account_id": plant.account, "unit_id": unit_id, "subject": "止まる"}
            told = []
            for second in (-1, 0):
                at = datetime(2026, 3, 31, 15, tzinfo=UTC) + timedelta(seconds=second)
                told.append(open_ticket(dict(fields), clerk, at).entitlement["code"])
            assert told == ["warranty", code]
