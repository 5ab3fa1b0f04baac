"""A unit moves to another account, site or room."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.clock import today


@pytest.fixture
def other(api, company):
    """Another account and its site; their keys."""
    rep = api(company.rep)
    account = rep.post("/accounts", {"name": "相模プラント株式会社"}).json["id"]
    return account, rep.post("/sites", {"account_id": account, "name": "相模工場"}).json["id"]


@pytest.fixture
def ticket(api, company, plant):
    """Open a ticket about a unit."""

    def make(unit_id: int):
        body = {
            "account_id": plant.account, "unit_id": unit_id, "channel": "phone",
            "category": "failure", "subject": "圧力低下", "voice": "圧力が下がる",
        }  # fmt: skip
        made = api(company.clerk).post("/tickets", body)
        assert made.status_code == 201, made.json
        return made.json

    return make


def test_a_unit_moves_on_its_day_with_its_reason(unit, api, company, plant, other):
    made = unit(installed_on="2024-04-01", site_id=plant.site, location="2階 分析室").json
    rep, path = api(company.rep), f"/units/{made['id']}"
    body = {"account_id": other[0], "site_id": other[1], "on": "2026-03-31", "reason": "事業譲渡"}
    moved = rep.post(path + "/move", body)
    assert moved.status_code == 200, moved.json
    assert (moved.json["account_id"], moved.json["site_id"]) == other
    assert (moved.json["location"], moved.json["version"]) == ("", 2)
    assert rep.get(path + "/state?on=2026-03-30").json["location"] == "2階 分析室"
    stood = rep.get(path + "/state?on=2026-03-31").json
    assert (stood["account_id"], stood["reason"]) == (other[0], "事業譲渡")
    for account in (plant.account, other[0]):
        newest = rep.get(f"/accounts/{account}/timeline").json["items"][0]
        assert newest["text"] == "機器を移設：LX-210 A93-20417 事業譲渡", newest


def test_a_move_is_refused_in_words_and_nothing_is_half_done(unit, api, company, plant, other, app):
    made = unit(installed_on="2024-04-01", site_id=plant.site).json
    rep, path = api(company.rep), f"/units/{made['id']}"
    with app.app_context():
        tomorrow = (today() + timedelta(days=1)).isoformat()
    wrong = [
        ("reason", {"account_id": other[0]}),
        ("on", {"account_id": other[0], "on": tomorrow}),
        ("on", {"account_id": other[0], "on": "2024-03-31"}),
        ("account_id", {"on": "2026-03-31"}),
        ("account_id", {"account_id": 999}),
        ("site_id", {"account_id": other[0], "site_id": plant.site}),
        ("status", {"status": "removed"}),
    ]
    for field, body in wrong:
        full = body if field == "reason" else body | {"reason": "事業譲渡"}
        answer = rep.post(path + "/move", full)
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field]), answer.json
    assert rep.get(path).json == {k: v for k, v in made.items() if k != "possible_doubles"}
    assert len(rep.get(path + "/states").json["items"]) == 1


def test_a_unit_with_an_unfinished_ticket_moves_only_when_that_is_known(
    unit, contract, api, company, plant, other, ticket
):
    key = unit(installed_on="2024-04-01").json["id"]
    about, held = ticket(key), contract([key, unit("LEFT-1").json["id"]]).json
    arranged = {
        "account_id": plant.account, "name": "点検", "every": 12, "unit_ids": [key],
        "first_due_on": "2027-04-01",
    }  # fmt: skip
    plan = api(company.engineer).post("/maintenance-plans", arranged).json
    rep, path = api(company.rep), f"/units/{key}"
    body = {"account_id": other[0], "reason": "事業譲渡"}
    refused = rep.post(path + "/move", body)
    assert refused.status_code == 409
    assert list(refused.json["errors"]) == ["even_with_open_tickets"]
    assert "1件" in refused.json["errors"]["even_with_open_tickets"][0]
    assert rep.patch(path, {"account_id": other[0]}, version=1).status_code == 409
    assert rep.get(path).json["account_id"] != other[0]
    assert rep.post(path + "/move", {"location": "3階", "reason": "改装"}).status_code == 200
    moved = rep.post(path + "/move", body | {"even_with_open_tickets": True})
    assert moved.json["account_id"] == other[0]
    clerk, ticket_path = api(company.clerk), f"/tickets/{about['id']}"
    assert clerk.get(ticket_path).json["unit_id"] == key
    said = clerk.patch(ticket_path, {"subject": "圧力が戻らない"}, about["version"])
    assert (said.status_code, said.json["unit_id"]) == (200, key), said.json
    wrong = clerk.patch(ticket_path, {"account_id": other[0] + 99}, said.json["version"])
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["account_id"])
    given = rep.patch(f"/contracts/{held['id']}", {"notice_days": 30}, held["version"])
    assert given.status_code == 200, given.json
    foreign = rep.patch(f"/contracts/{held['id']}", {"unit_ids": [key]}, given.json["version"])
    assert list(foreign.json["errors"]) == ["unit_ids"]
    stopped = api(company.engineer).patch(
        f"/maintenance-plans/{plan['id']}", {"active": False}, plan["version"]
    )
    assert stopped.status_code == 200, stopped.json


def test_a_closed_ticket_holds_no_unit_back(unit, api, company, other, ticket):
    key = unit(installed_on="2024-04-01").json["id"]
    closing = f"/tickets/{ticket(key)['id']}/closure"
    closed = api(company.clerk).post(closing, {"resolution": "シールを交換した"})
    assert closed.status_code in (200, 201), closed.json
    body = {"account_id": other[0], "reason": "事業譲渡"}
    assert api(company.rep).post(f"/units/{key}/move", body).status_code == 200


def test_a_unit_is_moved_in_a_dialog(unit, sign_in, company, plant, other, ticket):
    key = unit(installed_on="2024-04-01", location="1階").json["id"]
    ticket(key)
    rep, path = sign_in(company.rep), f"/units/{key}/move"
    assert path in rep.get(f"/units/{key}").get_data(as_text=True)
    asked = rep.get(f"{path}?account_id={other[0]}", headers={"HX-Request": "true"})
    assert "相模工場" in asked.get_data(as_text=True)
    for odd in ("x", "999", ""):
        assert rep.get(f"{path}?account_id={odd}").status_code == 200
    fields = {
        "version": "1", "on": "2026-03-31", "account_id": str(other[0]),
        "site_id": str(other[1]), "location": "", "reason": "",
    }  # fmt: skip
    refused = rep.post(path, data=fields)
    assert refused.status_code == 422
    assert "why-reason" in refused.get_data(as_text=True)
    held = rep.post(path, data=fields | {"reason": "事業譲渡"})
    assert (held.status_code, "未完了の問い合わせ" in held.get_data(as_text=True)) == (422, True)
    said = fields | {"reason": "事業譲渡", "even_with_open_tickets": "1"}
    assert rep.post(path, data=said).status_code == 303
    part = rep.get(f"/units/{key}/moves").get_data(as_text=True)
    assert part.index("相模工場") < part.index("事業譲渡") < part.index("1階")
    stale = said | {"account_id": str(plant.account), "site_id": ""}
    assert rep.post(path, data=stale).status_code == 422
