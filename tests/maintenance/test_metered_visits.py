"""Visits by meters: at every so many counts, and when a gauge is out of bounds, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from crm.clock import now, today
from crm.expiry.models import UnitDue
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.installed_base.terms import months_after
from crm.maintenance.metered import arrange_metered
from crm.maintenance.models import PlanUnit, Visit
from crm.outbox.drain import drain
from tests.dying import die_at


@pytest.fixture
def read(api, company, unit):
    """A unit with an hour counter and a pressure gauge, and the way to note what they said."""
    key = unit("M-1").json["id"]
    engineer = api(company.engineer)
    meters = {}
    for name, kind in (("運転時間", "counter"), ("圧力", "gauge")):
        body = {"unit_id": key, "name": name, "kind": kind, "decimals": 1}
        meters[name] = engineer.post("/meters", body).json["id"]
    at = now().replace(microsecond=0)

    def note(name: str, *told: tuple[float, float]) -> int:
        lines = [
            {"meter_id": meters[name], "at": (at - timedelta(days=ago)).isoformat(), "value": value}
            for ago, value in told
        ]
        done = engineer.post("/readings", {"readings": lines})
        assert done.json["refused"] == 0, done.json
        return key

    return note


def visits(app) -> list[tuple[int | None, str, int | None]]:
    """Occasion, state and work order of every visit."""
    with app.app_context():
        rows = db.session.scalars(sa.select(Visit).order_by(Visit.id))
        return [(one.occasion, one.state, one.work_order_id) for one in rows]


def counted(plan, key: int, **more: object):
    about = {"rule": "counter", "meter": "運転時間", "counts": 500, "horizon_days": 30, "every": 1}
    return plan(unit_ids=[key], **(about | more))


def finish(app, api, company, work, occasion: int) -> None:
    with app.app_context():
        found = db.session.scalars(sa.select(Visit).where(Visit.occasion == occasion)).one()
        order = db.session.get_one(WorkOrder, found.work_order_id)
        key, version = order.id, order.version
    body = {"status": "returned", "done_on": f"{today_of(app)}"}
    done = api(company.engineer).patch(f"/work-orders/{key}", body, version)
    assert done.status_code == 200, done.json
    work()


def today_of(app):
    with app.app_context():
        return today()


def test_the_next_multiple_is_arranged_with_its_forecast_day(app, api, company, plan, read, work):
    key = read("運転時間", (60, 0), (45, 105), (30, 210), (15, 315), (1, 413))
    made = counted(plan, key, first_due_on=f"{today_of(app) - timedelta(days=60)}")
    assert made.status_code == 201, made.json
    work()
    assert [one[:2] for one in visits(app)] == [(1, "planned")]
    listed = api(company.rep).get("/visits").json["items"][0]
    assert listed["due_on"] in {f"{today_of(app) + timedelta(days=n)}" for n in (11, 12)}
    read("運転時間", (0.5, 460))
    work()
    assert len(visits(app)) == 1
    finish(app, api, company, work, 1)
    assert [one[:2] for one in visits(app)] == [(1, "done")]
    with app.app_context():
        link = db.session.scalars(sa.select(PlanUnit)).one()
        assert link.next_due_on is not None
        assert link.next_due_on > today() + timedelta(days=30)
        assert link.wakes_on == link.next_due_on - timedelta(days=30)


def test_a_multiple_that_was_passed_is_visited_once_and_late_ones_are_left_out(
    app, api, company, plan, read, work
):
    key = read("運転時間", (40, 100), (30, 200), (20, 300), (10, 400), (2, 1_260))
    counted(plan, key, first_due_on=f"{today_of(app) - timedelta(days=40)}")
    work()
    assert [one[:2] for one in visits(app)] == [(1, "planned")]
    finish(app, api, company, work, 1)
    assert [one[:2] for one in visits(app)] == [(1, "done"), (3, "planned")]


def test_a_process_that_dies_over_a_counter_and_a_gauge_leaves_one_visit_of_each(
    app, plan, read, work
):
    """Killed between the visits and their work orders, by the readings and by the plans."""
    key = read("運転時間", (40, 100), (30, 200), (20, 300), (10, 400), (1, 490))
    read("圧力", (3, 12), (2, 13), (1, 14))
    begun = f"{today_of(app) - timedelta(days=40)}"
    counted(plan, key, first_due_on=begun)
    gauge = {"rule": "gauge", "meter": "圧力", "threshold": 10, "in_a_row": 3, "every": 1}
    assert plan(unit_ids=[key], name="圧力", first_due_on=begun, **gauge).status_code == 201

    def all_of_it() -> None:
        while drain("fast") + drain("heavy"):
            pass

    place = "maintenance.after_metered_visits"
    assert die_at(place, app, all_of_it) == 137
    assert visits(app) == []
    with time_machine.travel(now() + timedelta(minutes=10), tick=True):
        assert die_at(f"{place}:2", app, all_of_it) in (0, 137)
    with time_machine.travel(now() + timedelta(minutes=20), tick=True):
        work()
        work()
    found = visits(app)
    assert [state for _occasion, state, _order in found] == ["planned"] * 2
    assert len({order for _occasion, _state, order in found} - {None}) == 2
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(WorkOrder.id))) == 2


def test_the_same_readings_done_twice_make_no_second_visit(app, plan, read, work):
    key = read("運転時間", (40, 100), (30, 200), (20, 300), (10, 400), (1, 490))
    counted(plan, key, first_due_on=f"{today_of(app) - timedelta(days=40)}")
    work()
    before = visits(app)
    with app.app_context():
        for _again in range(2):
            assert arrange_metered(today(), sa.true()) == 0
            db.session.commit()
        db.session.execute(sa.update(Visit).values(state="skipped", due_on=today()))
        db.session.commit()
        arrange_metered(today(), sa.true())
        db.session.commit()
    assert [one[0] for one in before] == [1]
    assert [one[:2] for one in visits(app)] == [(1, "skipped")]


def test_too_few_readings_promise_no_day_but_a_multiple_that_is_reached_is_visited(
    app, plan, read, work, night
):
    key = read("運転時間", (3, 480))
    counted(plan, key)
    work()
    assert visits(app) == []
    read("運転時間", (1, 501))
    work()
    night()
    assert visits(app) == []
    read("運転時間", (0, 1_001))
    work()
    assert [one[:2] for one in visits(app)] == [(2, "planned")]


def gauged(plan, key: int, **more: object):
    about = {"rule": "gauge", "meter": "圧力", "threshold": "14.5", "in_a_row": 3, "every": 1}
    return plan(unit_ids=[key], **(about | more))


def test_three_readings_out_of_bounds_make_one_visit_an_episode(
    app, api, company, plan, read, work
):
    key = read("圧力", (20, 14.9), (19, 12), (9, 14.6), (8, 15))
    assert gauged(plan, key).status_code == 201
    work()
    assert visits(app) == []
    read("圧力", (7, 15.2))
    work()
    assert [one[1] for one in visits(app)] == ["planned"]
    first = visits(app)[0][0]
    read("圧力", (6, 15.3), (5, 15.6))
    work()
    assert len(visits(app)) == 1
    finish(app, api, company, work, first)
    assert [one[1] for one in visits(app)] == ["done"]


def test_a_gauge_below_its_bound_is_an_episode_as_well(app, plan, read, work):
    key = read("圧力", (3, 2), (2, 1.5), (1, 1.4))
    gauged(plan, key, threshold=2, above=False, in_a_row=2)
    work()
    assert [one[1] for one in visits(app)] == ["planned"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"meter": ""}, "meter"), ({"meter": "圧力"}, "meter"), ({"meter": "ない"}, "meter"),
        ({"counts": None}, "counts"), ({"counts": 0}, "counts"), ({"counts": "x"}, "counts"),
        ({"rule": "gauge", "meter": "圧力"}, "threshold"), ({"in_a_row": 0}, "in_a_row"),
        ({"rule": "fixed", "every": None}, "every"),
    ],
)  # fmt: skip
def test_a_plan_by_meters_that_cannot_be_is_refused_by_name(app, plan, read, changed, field):
    key = read("運転時間", (3, 480))
    answer = counted(plan, key, **changed)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field]), answer.json
    assert visits(app) == []


def test_the_form_makes_a_plan_by_a_counter_and_the_page_says_so(
    app, company, sign_in, plant, read
):
    key = read("運転時間", (3, 480))
    browser = sign_in(company.engineer)
    form = browser.get(f"/maintenance-plans/new?account_id={plant.account}&unit_ids={key}")
    assert "暦ではなくメーターで決める" in form.text
    typed = {
        "account_id": plant.account, "name": "オイル交換", "work_kind": "inspection",
        "rule": "counter", "every": "12", "period": "months", "first_due_on": f"{today_of(app)}",
        "horizon_days": "30", "active": "1", "unit_ids": key, "meter": "運転時間",
        "counts": "1,500", "threshold": "", "above": "1", "in_a_row": "3",
    }  # fmt: skip
    made = browser.post("/maintenance-plans", data=typed)
    assert made.status_code == 303, made.text
    page = browser.get(made.location).text
    assert "運転時間 1,500 ごと" in page
    edit = browser.get(f"{made.location}/edit").text
    assert 'value="1500' in edit


def test_what_ends_follows_at_once_when_a_reading_brings_a_visit_and_when_it_is_over(
    app, api, company, plant, plan, read, work
):
    """The day by the product's interval goes while a visit is arranged, and comes after it."""

    def days() -> list[str]:
        with app.app_context():
            return [f"{day}" for day in db.session.scalars(sa.select(UnitDue.due_on))]

    manager, engineer = api(company.manager), api(company.engineer)
    model = manager.get(f"/products/{plant.product}").json
    manager.patch(f"/products/{plant.product}", {"inspection_interval_months": 12},
                  model["version"])  # fmt: skip
    key = read("圧力", (3, 9), (2, 9), (1, 9))
    shown = engineer.get(f"/units/{key}").json
    engineer.patch(f"/units/{key}", {"installed_on": "2026-03-31"}, shown["version"])
    gauge = {"rule": "gauge", "meter": "圧力", "threshold": 10, "in_a_row": 2, "every": 1}
    plan(unit_ids=[key], first_due_on=f"{today_of(app) - timedelta(days=40)}", **gauge)
    work()
    assert days() == ["2027-03-31"]
    read("圧力", (0.5, 12), (0.4, 13))
    work()
    assert (len(visits(app)), days()) == (1, [])
    finish(app, api, company, work, visits(app)[0][0])
    assert days() == [f"{months_after(today_of(app), 12)}"]
