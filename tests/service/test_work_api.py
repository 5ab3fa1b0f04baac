"""Work orders through the API: fields, states, shares, parts and the tree, loans, codes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.clock import today
from crm.extensions import db
from crm.service.models import WorkStep
from crm.timeline.models import Event

TODAY = today


def test_a_work_order_keeps_all_that_is_planned_and_measured(api, company, opened, codes):
    engineer = api(company.engineer)
    work = opened(
        planned_at="2026-11-27T09:00", planned_until="2026-11-27T11:30:00+09:00",
        symptom_code="S12", symptom="製氷サイクルが停止。\nエラー E4",
        companion_ids=[company.colleague], assignee_id=company.engineer,
        parts=[{"name": "給水電磁弁", "part_no": "WV-4602", "unit_price": 38_000},
               {"name": "浄水フィルタ", "quantity": 2, "unit_price": 8_800, "chargeable": True}],
        checks=[{"item": "給水流量", "standard": "4.0 以上", "measured": "4.6", "passed": True}],
    )  # fmt: skip
    assert work["planned_on"] == "2026-11-27"
    assert work["planned_at"] == "2026-11-27T00:00:00+00:00"
    assert (work["parts_amount"], work["total_amount"]) == (55_600, 55_600)
    assert (work["invoice_amount"], work["chargeable"]) == (55_600, True)
    assert [one["customer_amount"] for one in work["parts"]] == [38_000, 17_600]
    assert work["verdict"]["code"] == "nothing"
    path = f"/work-orders/{work['id']}"
    changed = engineer.patch(path, {
        "down_from": "2026-05-26T16:42", "down_until": "2026-05-27T11:35",
        "planned_on": "2026-11-30",
        "parts": [{"id": work["parts"][1]["id"], "name": "新しいフィルタ", "unit_price": 9}],
    }, version=1).json  # fmt: skip
    assert (changed["downtime_minutes"], changed["version"]) == (18 * 60 + 53, 2)
    assert changed["planned_at"] == "2026-11-30T00:00:00+00:00"
    assert [(one["id"], one["quantity"]) for one in changed["parts"]] == [
        (work["parts"][1]["id"], 1)
    ]
    assert changed["companion_ids"] == [company.colleague]
    listed = engineer.get("/work-orders?planned_on=2026-11-30&sort=-planned_on").json["items"]
    assert [one["id"] for one in listed] == [work["id"]]
    assert listed[0]["checks"][0]["measured"] == "4.6"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"symptom_code": "S99"}, "symptom_code"),
        ({"planned_until": "2026-11-27T11:00"}, "planned_at"),
        ({"planned_at": "2026-11-27T11:00", "planned_until": "2026-11-27T10:00"}, "planned_until"),
        ({"planned_at": "2026-11-27T11:00", "planned_on": "2026-11-28"}, "planned_on"),
        ({"planned_at": "昼"}, "planned_at"),
        ({"arrived_at": "2026-05-27T11:00", "finished_at": "2026-05-27T10:00"}, "finished_at"),
        ({"down_from": "2026-05-27T10:00", "down_until": "2026-05-27T11:00", "downtime_minutes": 5},
         "downtime_minutes"),
        ({"labour_share": 101}, "labour_share"),
        ({"labour_share": 50, "chargeable": False}, "chargeable"),
        ({"chargeable": False}, "charge_reason"),
        ({"parts": [{"name": "弁", "unit_price": 5}], "parts_amount": 6}, "parts_amount"),
        ({"parts": [{"name": "弁"}, {"quantity": 0, "name": "管"}]}, "parts.1.quantity"),
        ({"parts": [{"name": "弁", "product_id": 999}]}, "parts.0.product_id"),
        ({"parts": [{"name": "弁", "id": 999}]}, "parts.0.id"),
        ({"companion_ids": [999]}, "companion_ids.0"),
        ({"approved_on": "2026-05-11"}, "approved_on"),
        ({"verdict": {}}, "verdict"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused_by_name(api, company, unit, body, field):
    base = {"unit_id": unit().json["id"], "opened_on": "2026-05-12"}
    answer = api(company.engineer).post("/work-orders", base | body)
    assert answer.status_code == 422, answer.json
    assert list(answer.json["errors"]) == [field]
    assert api(company.engineer).get("/work-orders").json["items"] == []


def test_the_shares_follow_the_verdict_of_the_opening_and_stay(api, company, unit, contract):
    engineer, key = api(company.engineer), unit().json["id"]
    half = {"starts_on": "2026-04-01", "ends_on": "2027-03-31", "parts_percent": 0}
    made = contract([key], **half)
    assert made.status_code == 201, made.json
    body = {"unit_id": key, "opened_on": "2026-05-12", "labour_amount": 30_000,
            "travel_amount": 8_000, "parts_amount": 5_000}  # fmt: skip
    work = engineer.post("/work-orders", body).json
    assert [work[f"{name}_share"] for name in ("labour", "travel", "parts")] == [0, 0, 100]
    assert work["invoice_amount"] == 5_000
    rep = api(company.rep)
    assert rep.patch(f"/contracts/{made.json['id']}", {"parts_percent": 100}, version=1).json
    path = f"/work-orders/{work['id']}"
    later = engineer.patch(path, {"cause": "摩耗"}, version=1).json
    assert (later["invoice_amount"], later["verdict"]) == (5_000, work["verdict"])
    bare = engineer.patch(path, {"labour_share": 50}, version=2)
    assert list(bare.json["errors"]) == ["charge_reason"]
    why = {"labour_share": 50, "charge_reason": "夜間対応のため"}
    assert engineer.patch(path, why, version=2).json["invoice_amount"] == 20_000


def test_a_repair_goes_through_its_states_and_is_opened_again(api, company, opened, app, drained):
    engineer, work = api(company.engineer), opened(opened_on="2026-05-12")
    path = f"/work-orders/{work['id']}"

    def come(status, **fields):
        return engineer.post(f"{path}/state", {"status": status} | fields)

    assert come("diagnosing").json["status"] == "diagnosing"
    assert come("estimating").status_code == 200
    assert list(come("awaiting_approval").json["errors"]) == ["estimate_amount"]
    asked = come("awaiting_approval", estimate_amount=120_000, estimated_on="2026-05-14")
    assert asked.json["status"] == "awaiting_approval", asked.json
    assert list(come("repairing").json["errors"]) == ["approved_by", "approved_on"]
    agreed = come("repairing", approved_by="鈴木 部長", approved_on="2026-05-20")
    assert agreed.json["approved_by"] == "鈴木 部長", agreed.json
    done = engineer.post(f"{path}/finish", {"done_on": "2026-05-25", "labour_amount": 120_000})
    assert (done.json["status"], done.json["returned_on"]) == ("returned", "2026-05-25")
    assert engineer.post(f"{path}/finish", {}).status_code == 409
    found = engineer.get(f"{path}/states").json["items"]
    assert [one["status"] for one in found] == [
        "received", "diagnosing", "estimating", "awaiting_approval", "repairing", "returned",
    ]  # fmt: skip
    clerk = api(company.clerk)
    assert list(clerk.post(f"{path}/state", {"status": "repairing"}).json["errors"]) == ["status"]
    again = come("repairing", note="同じ現象が再発").json
    assert (again["status"], again["done_on"], again["labour_amount"]) == (
        "repairing",
        None,
        120_000,
    )
    assert engineer.get(f"{path}/states").json["items"][-1]["note"] == "同じ現象が再発"
    with app.app_context():
        steps = db.session.execute(sa.select(WorkStep.before, WorkStep.on).order_by(WorkStep.id))
        assert [row.before for row in steps][-1] == "returned"
        moved = [one.facts["before"] for one in db.session.query(Event).order_by(Event.id)
                 if one.kind == "work_order.changed"]  # fmt: skip
        assert moved == ["received", "diagnosing", "estimating", "awaiting_approval", "returned"]


def test_the_unit_tree_follows_the_parts_once(api, company, opened, unit, plant, app):
    engineer, key = api(company.engineer), unit().json["id"]
    valve = api(company.manager).post("/products", {"code": "WV", "name": "給水電磁弁"}).json["id"]
    old = unit("EV18-2207", product_id=valve, parent_id=key).json["id"]
    spare = unit("EV26-0001", product_id=valve, status="spare").json["id"]
    other = unit("OTHER-1").json["id"]
    inside = unit("EV20-9", product_id=valve, parent_id=other).json["id"]
    parts = [
        {"name": "給水電磁弁", "product_id": valve, "removed_serial": "EV18-2207",
         "fitted_serial": "ＥＶ26-0914"},
        {"name": "給水電磁弁 予備", "product_id": valve, "fitted_serial": "EV26-0001"},
        {"name": "洗浄剤"},
    ]  # fmt: skip
    work = opened(unit_id=key, parts=parts)
    path, elsewhere = f"/work-orders/{work['id']}", [{"name": "弁", "product_id": valve,
                                                      "fitted_serial": "EV20-9"}]  # fmt: skip
    refused = engineer.post(f"{path}/finish", {"parts": elsewhere})
    assert list(refused.json["errors"]) == ["parts.0.fitted_serial"]
    assert f"{other}" in refused.json["errors"]["parts.0.fitted_serial"][0]
    done = engineer.post(f"{path}/finish", {"done_on": TODAY_IS(app)}).json
    fresh = done["parts"][0]["fitted_unit_id"]
    assert done["parts"][0]["removed_unit_id"] == old
    assert done["parts"][1]["fitted_unit_id"] == spare
    held = {one["id"]: one for one in engineer.get(f"/units?parent_id={key}").json["items"]}
    assert held[fresh]["status"] == held[spare]["status"] == "in_use"
    assert (held[old]["status"], held[old]["removed_on"]) == ("removed", TODAY_IS(app))
    assert held[fresh]["replaces_id"] == old
    assert engineer.get(f"/units/{inside}").json["parent_id"] == other
    state = engineer.get(f"/units/{spare}/states").json["items"][0]
    assert (state["parent_id"], state["status"]) == (key, "in_use")
    assert engineer.post(f"{path}/state", {"status": "repairing"}).status_code == 200
    assert engineer.post(f"{path}/finish", {"done_on": TODAY_IS(app)}).status_code == 200
    assert len(engineer.get(f"/units?parent_id={key}").json["items"]) == 3
    gone = engineer.patch(path, {"parts": [{"name": "洗浄剤"}]}, version=done["version"] + 2)
    assert list(gone.json["errors"]) == ["parts"]
    found = api(company.clerk).get("/search?q=EV26-0914").json["items"]
    assert ("work_order", work["id"]) in [(one["type"], one["id"]) for one in found]


def TODAY_IS(app):
    with app.app_context():
        return TODAY().isoformat()


def test_a_unit_in_reserve_is_lent_once_and_goes_home(api, company, opened, unit, plant, app):
    manager, engineer = api(company.manager), api(company.engineer)
    ours = manager.post("/accounts", {"name": "東都サイエンス株式会社"}).json["id"]
    loaner = unit("LOAN-1", account_id=ours, status="spare", location="貸出棚").json["id"]
    work = opened(unit_id=unit("BROKEN", site_id=plant.site, location="2階").json["id"])
    path = f"/work-orders/{work['id']}"
    with app.app_context():
        day, late = TODAY().isoformat(), (TODAY() + timedelta(days=400)).isoformat()
    far = engineer.post(f"{path}/loan", {"unit_id": loaner, "due_on": late})
    assert list(far.json["errors"]) == ["due_on"]
    lent = engineer.post(f"{path}/loan", {"unit_id": loaner, "due_on": day})
    assert lent.status_code == 201, lent.json
    there = engineer.get(f"/units/{loaner}").json
    assert [there[n] for n in ("account_id", "site_id", "location", "status", "ownership")] == [
        plant.account, plant.site, "2階", "in_use", "loan",
    ]  # fmt: skip
    twice = engineer.post(f"{path}/loan", {"unit_id": loaner, "due_on": day})
    assert (twice.status_code, list(twice.json["errors"])) == (409, ["unit_id"])
    assert (
        engineer.get(f"/loans?work_order_id={work['id']}").json["items"][0]["returned_on"] is None
    )
    early = engineer.post(f"{path}/return", {"returned_on": "2020-01-01"})
    assert list(early.json["errors"]) == ["returned_on"]
    assert engineer.post(f"{path}/return", {}).json["returned_on"] == day
    home = engineer.get(f"/units/{loaner}").json
    assert [home[n] for n in ("account_id", "location", "status", "ownership")] == [
        ours, "貸出棚", "spare", "bought",
    ]  # fmt: skip
    states = engineer.get(f"/units/{loaner}/states").json["items"]
    assert [one["status"] for one in states] == ["spare", "in_use", "spare"]
    assert engineer.post(f"{path}/return", {}).status_code == 409
    used = unit("USED").json["id"]
    assert list(engineer.post(f"{path}/loan", {"unit_id": used, "due_on": day}).json["errors"]) == [
        "unit_id"
    ]


def test_administrators_keep_the_codes(api, company, codes):
    admin = api(company.admin)
    assert (
        admin.post("/fault-codes", {"kind": "cause", "code": "C07", "name": "x"}).status_code == 409
    )
    assert list(
        admin.post("/fault-codes", {"kind": "cause", "code": "ｃ", "name": "x"}).json["errors"]
    ) == ["code"]
    assert (
        api(company.engineer)
        .post("/fault-codes", {"kind": "cause", "code": "C1", "name": "x"})
        .status_code
        == 403
    )
    first = admin.get("/fault-codes?kind=symptom").json["items"][0]
    path = f"/fault-codes/{first['id']}"
    assert list(admin.patch(path, {"code": "S1"}, version=1).json["errors"]) == ["code"]
    off = admin.patch(path, {"active": False}, version=1)
    assert off.json["active"] is False, off.json
