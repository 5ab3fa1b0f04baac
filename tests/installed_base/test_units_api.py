"""Units, contracts and work orders through the API."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crm.clock import today
from crm.extensions import db
from crm.installed_base.judging import verdicts
from crm.timeline.models import Event


def test_a_unit_gets_the_products_warranty(unit):
    made = unit(installed_on="2019-03-20", accepted_on="2019-03-29")
    assert made.status_code == 201, made.json
    assert made.json["warranty_ends_on"] == "2020-03-28"
    assert unit("B", installed_on="2024-02-29").json["warranty_ends_on"] == "2025-02-28"
    assert unit("C", installed_on="2024-02-29", is_competitor=True).json["warranty_ends_on"] is None
    kept = unit("D", installed_on="2024-02-29", warranty_ends_on="2026-02-28")
    assert kept.json["warranty_ends_on"] == "2026-02-28"


@pytest.mark.parametrize(
    "again",
    ["A93-20417", "Ａ９３－２０４１７", "a93 20417", "A93-20417　 ", "A93-20417\u200b"],
)
def test_one_serial_number_of_a_product_is_registered_once(unit, plant, again):
    assert unit().status_code == 201
    answer = unit(again)
    assert answer.status_code == 409
    assert list(answer.json["errors"]) == ["serial_no"]
    made = unit(again, product_id=plant.successor)
    assert made.status_code == 201
    assert made.json["serial_no"].upper().replace(" ", "-") == "A93-20417"


def test_a_unit_is_moved_onto_a_taken_serial_number_by_nobody(unit, api, company):
    unit()
    second = unit("B").json
    answer = api(company.rep).patch(
        f"/units/{second['id']}", {"serial_no": "ａ９３-20417"}, version=1
    )
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("installed_on", "2026-01-01"),
        ("removed_on", "2020-01-01"),
        ("product_id", 999),
        ("account_id", 999),
        ("site_id", 999),
        ("status", "broken"),
        ("serial_no", "ー"),
        ("serial_no", " "),
        ("warranty_ends_on", "2019-01-01"),
        ("end_of_support_on", "2026-02-01"),
        ("parts_supply_end_on", "2026-02-01"),
        ("criticality", "vital"),
        ("lot", "x" * 81),
        ("lessor", "x" * 121),
        ("delivered_on", "0001-01-01"),
    ],
)
def test_a_wrong_field_is_refused_by_name(unit, field, value):
    days = {"delivered_on": "2026-02-01", "installed_on": "2026-02-02"}
    answer = unit(**(days | {field: value} if field != "serial_no" else {field: value}))
    assert answer.status_code == 422, answer.json
    assert list(answer.json["errors"]) == [field]


def test_its_own_days_are_not_before_it_was_produced(unit):
    for name in ("end_of_support_on", "parts_supply_end_on"):
        refused = unit(produced_on="2026-02-02", **{name: "2026-02-01"})
        assert (refused.status_code, list(refused.json["errors"])) == (422, [name])
        assert "製造日より前" in refused.json["errors"][name][0]


def test_a_unit_keeps_its_lot_its_lessor_and_how_much_hangs_on_it(unit, api, company):
    said = {
        "lot": "2011-B", "ownership": "leased", "lessor": "東都総合リース", "criticality": "high",
        "end_of_support_on": "2030-03-31", "parts_supply_end_on": None,
    }  # fmt: skip
    made, rep = unit(**said).json, api(company.rep)
    assert {name: made[name] for name in said} == said
    unit("B", lot="2011-C", criticality="low")
    plain = unit("C").json
    assert (plain["lot"], plain["criticality"], plain["end_of_support_on"]) == ("", "", None)
    found = rep.get("/units?criticality=high").json["items"]
    assert [one["id"] for one in found] == [made["id"]]
    assert rep.get("/units?criticality=none").status_code == 422
    address = f"/units/{made['id']}"
    changed = rep.patch(address, {"criticality": "", "end_of_support_on": None}, version=1).json
    assert (changed["criticality"], changed["end_of_support_on"]) == ("", None)
    [hit] = rep.get("/search?q=2011-C").json["items"]
    assert (hit["type"], hit["label"]) == ("unit", "LX-210 B")


def test_a_unit_stands_at_a_site_of_its_own_account(unit, api, company, plant):
    rep = api(company.rep)
    other = rep.post("/accounts", {"name": "他社"}).json["id"]
    site = rep.post("/sites", {"account_id": other, "name": "他社工場"}).json["id"]
    assert list(unit(site_id=site).json["errors"]) == ["site_id"]
    assert unit(site_id=plant.site).status_code == 201


def test_the_entitlement_of_a_day_is_told_with_its_reason(unit, contract, api, company):
    made = unit(accepted_on="2019-03-29").json
    contract([made["id"]], response_hours=8)
    path = f"/units/{made['id']}/entitlement?at="
    clerk = api(company.clerk)
    covered = clerk.get(path + "2027-03-31").json
    promised = {"response_hours": 8, "repair_hours": None, "around_the_clock": False}
    assert (covered["verdict"], covered["sla"]) == ("free", promised)
    assert "M-1" in covered["reason"]
    after = clerk.get(path + "2027-04-01").json
    assert (after["verdict"], after["contract_id"], after["sla"]) == ("chargeable", None, None)
    assert clerk.get(path + "2020-03-28").json["code"] == "warranty"
    assert clerk.get(path + "yesterday").status_code == 422
    assert clerk.get("/units/999/entitlement").status_code == 404


def test_a_contract_that_promises_a_repair_around_the_clock_sets_the_end_of_a_ticket(
    unit, contract, api, company, plant, sign_in
):
    """The renewal promises the same; the page says it in words."""
    made = unit(accepted_on="2019-03-29").json
    more = {"response_hours": 2, "repair_hours": 30, "around_the_clock": True}
    held = contract([made["id"]], **more, ends_on="2099-03-31")
    assert {name: held.json[name] for name in more} == more
    clerk = api(company.clerk)
    assert clerk.get(f"/units/{made['id']}/entitlement").json["sla"] == more
    ticket = clerk.post(
        "/tickets",
        {"account_id": plant.account, "unit_id": made["id"], "subject": "停止", "channel": "phone"},
    )
    assert ticket.status_code == 201, ticket.json
    opened, due = (datetime.fromisoformat(ticket.json[n]) for n in ("opened_at", "due_at"))
    assert due - opened == timedelta(hours=30)
    browser = sign_in(company.clerk)
    told = "応答2時間以内、修理30時間以内、24時間365日"
    assert told in browser.get(f"/contracts/{held.json['id']}").text
    assert told in browser.get(f"/units/{made['id']}").text
    assert "30時間（24時間365日）" in browser.get(f"/tickets/{ticket.json['id']}").text


def test_a_contract_covers_units_of_its_own_account(unit, contract, api, company, plant):
    first, second = unit("A").json["id"], unit("B").json["id"]
    made = contract([second, first, first])
    assert made.status_code == 201, made.json
    assert made.json["unit_ids"] == [first, second]
    assert made.json["notice_days"] == 90
    rep = api(company.rep)
    changed = rep.patch(f"/contracts/{made.json['id']}", {"unit_ids": [second]}, version=1)
    assert (changed.json["unit_ids"], changed.json["version"]) == ([second], 2)
    other = rep.post("/accounts", {"name": "他社"}).json["id"]
    foreign = unit("C", account_id=other).json["id"]
    for ids in ([foreign], [999]):
        assert list(contract(ids, number="M-2").json["errors"]) == ["unit_ids"]
    assert contract([first]).status_code == 409
    late = contract([first], number="M-3", ends_on="2026-03-31")
    assert list(late.json["errors"]) == ["ends_on"]


def test_work_on_an_uncovered_unit_is_chargeable_unless_said(unit, contract, api, company):
    engineer = api(company.engineer)
    bare, covered = unit("A").json["id"], unit("B").json["id"]
    contract([covered])
    for key, pays in ((bare, True), (covered, False)):
        body = {"unit_id": key, "opened_on": "2026-05-12", "labour_amount": 100, "parts_amount": 50}
        made = engineer.post("/work-orders", body)
        assert made.status_code == 201, made.json
        assert made.json["chargeable"] is pays
        assert made.json["total_amount"] == 150
        assert made.json["number"] == f"WO-{made.json['id']}"


def test_finished_work_tells_its_facts(unit, api, company, app):
    engineer = api(company.engineer)
    key = unit("A").json["id"]
    made = engineer.post("/work-orders", {"unit_id": key, "opened_on": "2026-05-12"}).json
    path = f"/work-orders/{made['id']}"
    body = {"done_on": "2026-05-13", "parts_amount": 142_000, "downtime_minutes": 360}
    done = engineer.patch(path, body, version=1)
    assert done.json["status"] == "returned", done.json
    with app.app_context():
        event = db.session.query(Event).filter_by(kind="work_order.done").one()
        assert event.facts["total_amount"] == 142_000
        assert event.facts["chargeable"] is True
        assert event.facts["unit_id"] == key
        assert event.at.date().isoformat() == "2026-05-13"
    again = engineer.patch(path, {"cause": "シール摩耗"}, version=2)
    assert again.status_code == 200
    with app.app_context():
        assert db.session.query(Event).filter_by(kind="work_order.done").count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"done_on": "2026-05-11"}, "done_on"),
        ({"done_on": "2099-01-01"}, "done_on"),
        ({"done_on": "2026-05-13", "status": "repairing"}, "status"),
        ({"ticket_id": 999}, "ticket_id"),
        ({"assignee_id": 999}, "assignee_id"),
        ({"labour_amount": -1}, "labour_amount"),
        ({"account_id": 1}, "account_id"),
    ],
)
def test_work_that_contradicts_itself_is_refused(unit, api, company, body, field):
    base = {"unit_id": unit("A").json["id"], "opened_on": "2026-05-12"}
    answer = api(company.engineer).post("/work-orders", base | body)
    assert answer.status_code == 422, answer.json
    assert list(answer.json["errors"]) == [field]


def test_a_unit_under_contract_or_with_work_is_not_removed(unit, contract, api, company):
    manager = api(company.manager)
    key = unit("A").json["id"]
    contract([key])
    refused = manager.delete(f"/units/{key}", version=1)
    assert refused.status_code == 409
    listed = manager.get("/contracts").json["items"][0]
    assert manager.delete(f"/contracts/{listed['id']}", version=1).status_code == 204
    work = manager.post("/work-orders", {"unit_id": key}).json
    assert manager.delete(f"/units/{key}", version=1).status_code == 409
    assert manager.delete(f"/work-orders/{work['id']}", version=1).status_code == 204
    assert manager.delete(f"/units/{key}", version=1).status_code == 204


def test_verdicts_of_many_units_take_two_statements(unit, contract, app, statements):
    keys = [unit(f"S{n}").json["id"] for n in range(5)]
    contract(keys[:2], ends_on="2099-03-31")
    with app.app_context():
        statements.clear()
        found = verdicts(keys, today())
        assert [found[key].verdict for key in keys] == ["free"] * 2 + ["chargeable"] * 3
        assert len(statements) == 2
