"""Pages of maintenance: the form of a plan, the list, the calendar, skipping and moving."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from crm.clock import today
from crm.workdays import NATIONAL


@pytest.fixture
def browser(sign_in, company):
    """The engineer's browser."""
    return sign_in(company.engineer)


def form_of(plant, unit_ids, **fields):
    return {
        "name": "年次点検", "account_id": plant.account, "work_kind": "inspection", "rule": "fixed",
        "every": "12", "period": "months", "horizon_days": "60", "active": "1",
        "unit_ids": ["", *map(str, unit_ids)],
    } | fields  # fmt: skip


@pytest.fixture
def visit(browser, plant, unit, in_days, work):
    """A visit that a plan made on its form has arranged: the plan's and the visit's address."""
    key = unit().json["id"]
    made = browser.post(
        "/maintenance-plans",
        data=form_of(plant, [key], first_due_on=in_days(10), idempotency_key="a" * 20),
    )
    assert made.status_code == 303, made.text
    work()
    page = browser.get(made.location).text
    found = re.search(r"/visits/\d+", page)
    assert found, page
    return made.location, found[0]


def test_an_engineer_makes_a_plan_on_the_page_of_a_unit(browser, plant, unit, visit):
    panel = browser.get("/visits/panel?unit_id=1").text
    assert "年次点検" in panel
    assert "/maintenance-plans/new?account_id=" in panel
    assert "/visits/panel?unit_id=1" in browser.get("/units/1").text
    assert (
        "checked"
        in browser.get(f"/maintenance-plans/new?account_id={plant.account}&unit_ids=1").text
    )
    assert browser.get("/maintenance-plans/new").status_code == 404


def test_a_visit_leads_to_what_stands_beside_it_in_its_list(browser, plan, unit, in_days, work):
    keys = [unit(serial).json["id"] for serial in ("V1", "V2", "V3")]
    for ahead, key in zip((20, 10, 30), keys, strict=True):
        plan(name=f"点検{key}", unit_ids=[key], first_due_on=in_days(ahead))
    work()
    listed = browser.get("/visits?state=open&sort=day").text
    visits = list(
        dict.fromkeys(re.findall(r'href="/visits/(\d+)\?state=open&amp;sort=day"', listed))
    )
    assert len(visits) == 3
    along = "?state=open&amp;sort=day"
    assert f"/visits/{visits[1]}/place{along}" in browser.get(
        f"/visits/{visits[1]}?state=open&sort=day"
    ).text  # fmt: skip
    beside = browser.get(f"/visits/{visits[1]}/place?state=open&sort=day").text
    assert "2 / 3" in beside
    assert f'href="/visits/{visits[0]}{along}" data-prev' in beside
    assert f'href="/visits/{visits[2]}{along}" data-next' in beside
    assert browser.get(f"/visits/{visits[1]}/place?state=skipped").text.strip() == ""


def test_a_refused_plan_comes_back_as_typed(browser, plant, unit, in_days):
    data = form_of(plant, [], name="試し", first_due_on=in_days(3), every="0")
    answer = browser.post("/maintenance-plans", data=data)
    assert answer.status_code == 422
    assert 'value="試し"' in answer.text
    assert 'id="why-every"' in answer.text
    assert 'id="why-unit_ids"' in answer.text


def test_a_plan_is_changed_on_its_form_and_two_people_are_put_together(browser, plant, unit, visit):
    plan, _visit = visit
    form = browser.get(f"{plan}/edit").text
    fields = dict(re.findall(r'name="(version|original_\w+)" value="([^"]*)"', form))
    more = unit("S2").json["id"]
    first = browser.post(
        f"{plan}/edit",
        data=fields | form_of(plant, [1, more], first_due_on=fields["original_first_due_on"]),
    )
    assert first.status_code == 303, first.text
    assert "S2" in browser.get(plan).text
    changed = form_of(
        plant, [1, more], name="半年点検", first_due_on=fields["original_first_due_on"]
    )
    second = browser.post(f"{plan}/edit", data=fields | changed)
    assert second.status_code == 303, second.text
    assert "半年点検" in browser.get(plan).text


def test_the_list_is_filtered_by_person_month_and_state(browser, company, visit, in_days):
    _plan, address = visit
    assert address in browser.get("/visits").text
    assert address in browser.get("/visits?sort=-due").text
    for filters, there in (
        ("state=done", False), ("state=all", True), ("state=open", True),
        (f"who={company.engineer}", False), ("month=2031-01", False),
    ):  # fmt: skip
        assert (address in browser.get(f"/visits?{filters}").text) == there, filters
    for filters in ("state=x", "who=-1", "who=a", "month=2026-13", "month=11", "sort=x"):
        assert browser.get(f"/visits?{filters}").status_code == 400, filters


def test_the_calendar_shows_a_month_with_its_holidays(browser, visit):
    page = browser.get("/visits/calendar?month=2026-05").text
    assert page.count("<li") >= 35
    for name in ("憲法記念日", "みどりの日", "こどもの日", "振替休日"):
        assert name in page
    assert "/visits/calendar?month=2026-04" in page
    assert "/visits/calendar?month=2026-06" in page
    assert browser.get("/visits/calendar?month=2199-12").status_code == 200
    assert browser.get("/visits/calendar?month=1900-01").status_code == 200


def test_a_visit_is_moved_and_left_out_on_its_page(app, browser, visit):
    _plan, address = visit
    with app.app_context():
        sunday = today() + timedelta(days=20 + 6 - (today() + timedelta(days=20)).weekday())
        monday = NATIONAL.business_day_from(sunday)
    wanted = {"visit_on": sunday.isoformat(), "reason": "都合"}
    refused = browser.post(f"{address}/move", data=wanted)
    assert refused.status_code == 422
    assert "営業日ではありません。" in refused.text
    assert 'value="都合"' in refused.text
    moved = browser.post(f"{address}/move", data=wanted | {"visit_on": monday.isoformat()})
    assert moved.status_code == 303, moved.text
    assert "都合" in browser.get(address).text
    silent = browser.post(f"{address}/skip", data={"reason": "　"})
    assert silent.status_code == 422
    gone = browser.post(f"{address}/skip", data={"reason": "休業"})
    assert gone.status_code == 303
    page = browser.get(address).text
    assert "見送り" in page
    assert "/skip" not in page
    over = browser.post(f"{address}/skip", data={"reason": "休業"})
    assert over.status_code == 422
    assert "すでに終わっています" in over.text


def test_others_see_visits_and_change_nothing(sign_in, company, visit):
    plan, address = visit
    clerk = sign_in(company.clerk)
    assert "/move" not in clerk.get(address).text
    assert "/edit" not in clerk.get(plan).text
    assert clerk.post(f"{address}/skip", data={"reason": "休業"}).status_code == 404


def test_pages_of_maintenance_ask_the_database_little(browser, visit, statements):
    plan, address = visit
    for place in ("/visits", "/visits/calendar", "/visits/panel?unit_id=1", plan, address):
        statements.clear()
        assert browser.get(place).status_code == 200
        assert len(statements) <= 12, (place, len(statements))
