"""Plans make visits and work orders, once; visits are moved, skipped and done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from crm.clock import now
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.maintenance.models import Visit


def visits_of(api, company, plan_id):
    answer = api(company.rep).get(f"/visits?plan_id={plan_id}&sort=due_on")
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def test_a_plan_arranges_what_its_horizon_holds_at_once(api, company, plan, in_days, work):
    made = plan(first_due_on=in_days(10), every=30, period="days", horizon_days=60)
    assert made.status_code == 201, made.json
    work()
    visits = visits_of(api, company, made.json["id"])
    assert [one["due_on"] for one in visits] == [in_days(10), in_days(40)]
    orders = api(company.rep).get(f"/work-orders?unit_id={made.json['unit_ids'][0]}").json["items"]
    assert [one["id"] for one in orders] == [one["work_order_id"] for one in visits]
    assert {one["kind"] for one in orders} == {"inspection"}
    assert {one["assignee_id"] for one in orders} == {company.engineer}
    history = api(company.clerk).get(f"/accounts/{made.json['account_id']}/timeline").json["items"]
    texts = [one["text"] for one in history]
    assert any("点検計画を登録：年次点検" in text for text in texts), texts
    assert sum("点検を手配" in text for text in texts) == 2, texts


def test_nights_arrange_each_visit_once_and_go_on_with_the_calendar(
    api, company, plan, in_days, work, night
):
    key = plan(first_due_on=in_days(10), every=7, period="days", horizon_days=14).json["id"]
    work()
    night()
    night()
    assert len(visits_of(api, company, key)) == 1
    with time_machine.travel(now() + timedelta(days=10), tick=True):
        night()
        night()
    visits = visits_of(api, company, key)
    assert [one["due_on"] for one in visits] == [in_days(n) for n in (10, 17, 24)]
    assert len({one["work_order_id"] for one in visits}) == 3


def test_a_plan_under_a_contract_is_free_while_the_contract_runs(
    api, company, plan, unit, contract, in_days, work
):
    key = unit("C1").json["id"]
    under = contract([key], starts_on=in_days(-300), ends_on=in_days(20)).json["id"]
    made = plan(unit_ids=[key], contract_id=under, first_due_on=in_days(10), every=30,
                period="days")  # fmt: skip
    assert made.status_code == 201, made.json
    work()
    orders = api(company.rep).get(f"/work-orders?unit_id={key}").json["items"]
    assert [one["charge_reason"] for one in orders] == ["M-1", ""]
    assert not orders[0]["chargeable"]


def test_a_plan_goes_on_under_the_term_that_renews_its_contract(
    api, company, plan, unit, contract, in_days, work
):
    key = unit("C1").json["id"]
    old = contract([key], starts_on=in_days(-300), ends_on=in_days(20)).json["id"]
    new = contract([key], number="M-2", starts_on=in_days(21), ends_on=in_days(45), renews_id=old)
    assert new.status_code == 201, new.json
    late = plan(unit_ids=[key], contract_id=old, first_due_on=in_days(15), every=20, period="days")
    work()
    rep = api(company.rep)
    orders = rep.get(f"/work-orders?unit_id={key}").json["items"]
    assert [one["charge_reason"] for one in orders] == ["M-1", "M-2", ""]
    assert rep.get(f"/maintenance-plans/{late.json['id']}").json["contract_id"] == old


def test_a_plan_is_moved_to_the_contract_that_renews_its_own(
    api, company, plan, unit, contract, in_days, work
):
    key = unit("C1").json["id"]
    old = contract([key], starts_on=in_days(-300), ends_on=in_days(20)).json["id"]
    made = plan(unit_ids=[key], contract_id=old, first_due_on=in_days(10), every=20,
                period="days")  # fmt: skip
    new = contract([key], number="M-2", starts_on=in_days(21), ends_on=in_days(400), renews_id=old)
    held = api(company.rep).get(f"/maintenance-plans/{made.json['id']}").json
    assert held["contract_id"] == new.json["id"]
    work()
    orders = api(company.rep).get(f"/work-orders?unit_id={key}").json["items"]
    assert [one["charge_reason"] for one in orders] == ["M-1", "M-2", "M-2"]


def test_a_floating_plan_counts_from_the_day_the_work_was_done(
    api, company, plan, in_days, work, night
):
    made = plan(rule="floating", first_due_on=in_days(5), every=30, period="days")
    key = made.json["id"]
    work()
    night()
    (visit,) = visits_of(api, company, key)
    address = f"/work-orders/{visit['work_order_id']}"
    done = api(company.engineer).patch(address, {"done_on": in_days(0)}, version=1)
    assert done.status_code == 200, done.json
    work()
    first, second = visits_of(api, company, key)
    assert (first["state"], first["done_on"]) == ("done", in_days(0))
    assert (second["state"], second["due_on"]) == ("planned", in_days(30))
    night()
    assert len(visits_of(api, company, key)) == 2


def test_a_skipped_visit_keeps_its_reason_and_takes_its_work_order_back(
    api, company, plan, in_days, work, night
):
    key = plan(first_due_on=in_days(10)).json["id"]
    work()
    (visit,) = visits_of(api, company, key)
    engineer = api(company.engineer)
    silent = engineer.post(f"/visits/{visit['id']}/skip", {"reason": " "})
    assert (silent.status_code, list(silent.json["errors"])) == (422, ["reason"])
    skipped = engineer.post(f"/visits/{visit['id']}/skip", {"reason": "工場が休業"})
    assert skipped.status_code == 201, skipped.json
    assert (skipped.json["state"], skipped.json["reason"]) == ("skipped", "工場が休業")
    assert engineer.get(f"/work-orders/{visit['work_order_id']}").status_code == 404
    night()
    assert [one["state"] for one in visits_of(api, company, key)] == ["skipped"]
    again = engineer.post(f"/visits/{visit['id']}/skip", {"reason": "もう一度"})
    assert again.status_code == 409


def test_nobody_is_sent_to_a_unit_that_is_out_of_use_or_sold(
    api, company, plan, unit, in_days, work
):
    gone, sold, begun = (unit(serial).json["id"] for serial in ("GONE", "SOLD", "BEGUN"))
    key = plan(unit_ids=[gone, sold, begun], first_due_on=in_days(10)).json["id"]
    work()
    visits = {one["unit_id"]: one for one in visits_of(api, company, key)}
    engineer, rep = api(company.engineer), api(company.rep)
    at = f"/work-orders/{visits[begun]['work_order_id']}/state"
    assert engineer.post(at, {"status": "diagnosing"}).status_code == 200
    for one in (gone, begun):
        assert rep.patch(f"/units/{one}", {"status": "removed"}, version=1).status_code == 200
    buyer = rep.post("/accounts", {"name": "相模プラント株式会社"}).json["id"]
    move = {"account_id": buyer, "reason": "事業譲渡"}
    assert rep.post(f"/units/{sold}/move", move).status_code == 200
    said = {one["unit_id"]: (one["state"], one["reason"]) for one in visits_of(api, company, key)}
    assert said == {
        gone: ("skipped", "機器が撤去されたため"), begun: ("planned", ""),
        sold: ("skipped", "機器がほかの顧客へ移ったため"),
    }  # fmt: skip
    for one in (gone, sold):
        assert engineer.get(f"/work-orders/{visits[one]['work_order_id']}").status_code == 404


def test_a_visit_follows_the_day_and_the_engineer_of_its_work_order(
    api, company, plan, in_days, work
):
    key = plan(first_due_on=in_days(10)).json["id"]
    work()
    (visit,) = visits_of(api, company, key)
    address, engineer = f"/work-orders/{visit['work_order_id']}", api(company.engineer)
    planned = {"planned_at": f"{in_days(20)}T09:00", "assignee_id": company.colleague}
    assert engineer.patch(address, planned, version=1).status_code == 200
    (moved,) = visits_of(api, company, key)
    assert (moved["visit_on"], moved["state"]) == (in_days(20), "moved")
    assert moved["assignee_id"] == company.colleague
    assert moved["reason"] == f"WO-{visit['work_order_id']} の予定日に合わせたため"
    assert engineer.patch(address, {"symptom": "異音"}, version=2).status_code == 200
    assert visits_of(api, company, key) == [moved]


def test_a_visit_moves_to_a_business_day_only_and_with_a_reason(api, company, plan, in_days, work):
    with time_machine.travel(date(2026, 4, 1)):
        key = plan(first_due_on="2026-04-24").json["id"]
        work()
        (visit,) = visits_of(api, company, key)
        engineer, address = api(company.engineer), f"/visits/{visit['id']}/move"
        for day in ("2026-04-29", "2026-05-02", "2026-03-31", "2026-04-24"):
            refused = engineer.post(address, {"visit_on": day, "reason": "都合"})
            assert (refused.status_code, list(refused.json["errors"])) == (422, ["visit_on"]), day
        refused = engineer.post(address, {"visit_on": "2026-04-30"})
        assert (refused.status_code, list(refused.json["errors"])) == (422, ["reason"])
        moved = engineer.post(address, {"visit_on": "2026-04-30", "reason": "お客様の都合"})
        assert moved.status_code == 201, moved.json
        assert (moved.json["state"], moved.json["visit_on"]) == ("moved", "2026-04-30")
        assert moved.json["due_on"] == "2026-04-24"
        history = engineer.get("/accounts/1/timeline").json["items"]
        assert any("変更：" in one["text"] and "4/30" in one["text"] for one in history), [
            h["text"] for h in history
        ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"every": 0}, "every"), ({"every": 3, "period": "days"}, "every"),
        ({"every": 121}, "every"), ({"unit_ids": []}, "unit_ids"),
        ({"unit_ids": [987]}, "unit_ids"),
        ({"contract_id": 987}, "contract_id"), ({"rule": "meter"}, "rule"),
        ({"first_due_on": "2026-02-30"}, "first_due_on"), ({"horizon_days": 731}, "horizon_days"),
    ],
)  # fmt: skip
def test_a_wrong_plan_is_refused_in_words_that_name_the_field(app, plan, in_days, fields, field):
    answer = plan(**({"first_due_on": in_days(5)} | fields))
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_a_changed_plan_keeps_its_visits_and_a_stopped_one_makes_no_more(
    app, api, company, plan, unit, in_days, work, night
):
    made = plan(first_due_on=in_days(10), every=30, period="days", horizon_days=15).json
    work()
    engineer, address = api(company.engineer), f"/maintenance-plans/{made['id']}"
    more = [*made["unit_ids"], unit("N2").json["id"]]
    changed = engineer.patch(address, {"unit_ids": more, "horizon_days": 45}, version=1)
    assert changed.status_code == 200, changed.json
    work()
    assert len(visits_of(api, company, made["id"])) == 4
    stopped = engineer.patch(address, {"active": False}, version=changed.json["version"])
    assert stopped.status_code == 200, stopped.json
    with time_machine.travel(now() + timedelta(days=60), tick=True):
        night()
    assert len(visits_of(api, company, made["id"])) == 4
    assert api(company.manager)("DELETE", address, None, If_Match="*").status_code == 409
    assert api(company.rep).patch(address, {"active": True}, version=1).status_code == 404
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Visit.id))) == db.session.scalar(
            sa.select(sa.func.count(WorkOrder.id))
        )
