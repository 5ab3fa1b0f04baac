"""A recall finds its units, tells their reps once, and is worked off unit by unit."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.alerts.models import Alert
from crm.campaigns import actions, jobs, queries, telling
from crm.campaigns.models import Campaign, CampaignItem
from crm.extensions import db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.timeline.models import Event
from tests.records import a_deal


def items(app) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.execute(
            sa.text(
                "SELECT u.serial_no, i.status FROM campaign_items i JOIN units u "
                "ON u.id = i.unit_id ORDER BY u.serial_no"
            )
        )
        return [tuple(row) for row in rows]


def test_before_the_start_it_is_known_whom_it_would_reach(
    app, api, company, field, campaign, sign_in, statements
):
    with app.app_context():
        deal = a_deal(field.yamada, company.rep, company.first_team)
        link = sa.text("INSERT INTO deal_units (deal_id, unit_id) VALUES (:deal, :unit)")
        db.session.execute(link, {"deal": deal, "unit": field.units["PW-998"]})
        db.session.commit()
    made = campaign()
    assert (made.status_code, made.json["status"]) == (201, "planned"), made.text
    found = api(company.clerk).get(f"/campaigns/{made.json['id']}/figures").json
    assert found == {"units": 3, "accounts": 2, "deals": 1, "statuses": {}}
    engineer = sign_in(company.engineer)
    statements.clear()
    page = engineer.get(f"/campaigns/{made.json['id']}").text
    assert page.index("株式会社山田製作所") < page.index("港リサイクル")
    assert sum("FROM units" in one for one in statements) == 1
    none = campaign(number="R-2", serials="ZZ-1")
    nobody = api(company.clerk).get(f"/campaigns/{none.json['id']}/figures").json
    assert nobody == {"units": 0, "accounts": 0, "deals": 0, "statuses": {}}
    assert items(app) == []


def test_started_twice_and_told_twice_every_unit_has_one_part_one_line_and_the_rep_one_alert(
    app, api, company, field, campaign, work, night, monkeypatch
):
    monkeypatch.setattr(telling, "BATCH", 1)
    key = campaign().json["id"]
    manager = api(company.manager)
    for _again in range(2):
        assert manager.post(f"/campaigns/{key}/start", {}).status_code == 201
    with app.app_context():
        for name in ("a", "b"):
            send("campaigns.tell", name, {"campaign_id": key}, HEAVY)
        db.session.commit()
    work()
    night()
    assert items(app) == [("PW-1000", "open"), ("PW-1002", "open"), ("PW-998", "open")]
    with app.app_context():
        lines = sa.select(sa.func.count()).where(Event.kind == "campaign.listed")
        assert db.session.scalar(lines) == 3
        alerts = db.session.execute(
            sa.select(Alert.owner_id, Alert.account_id).where(Alert.rule == "R21")
        ).all()
        assert sorted(map(tuple, alerts)) == sorted(
            [(company.rep, field.yamada), (company.colleague, field.minato)]
        )
    seen = api(company.rep).get("/alerts").json["items"]
    assert any("リコール R-1" in str(one["reason"]) for one in seen)
    told = api(company.rep).get(f"/accounts/{field.yamada}/timeline").json["items"]
    assert sum("リコール R-1 の対象：" in one["text"] for one in told) == 2


def test_a_recall_is_free_until_it_is_done_or_over(app, api, company, field, campaign):
    key, unit = campaign().json["id"], field.units["PW-998"]
    clerk, manager = api(company.clerk), api(company.manager)
    address = f"/units/{unit}/entitlement"
    assert clerk.get(address).json["verdict"] == "chargeable"
    manager.post(f"/campaigns/{key}/start", {})
    found = clerk.get(address).json
    assert (found["verdict"], found["code"]) == ("free", "recall")
    assert clerk.get(f"{address}?at=2025-12-31").json["verdict"] == "chargeable"
    item = clerk.get(f"/campaign-items?unit_id={unit}").json["items"][0]
    outcome = {"status": "done", "done_on": "2026-02-10", "note": "ヒーターを交換"}
    logged = clerk.post(f"/campaign-items/{item['id']}/outcome", outcome)
    assert logged.status_code == 201, logged.text
    days = {"2026-02-10": "recall", "2026-02-11": "warranty_over"}
    assert {day: clerk.get(f"{address}?at={day}").json["code"] for day in days} == days
    other = f"/units/{field.units['PW-1000']}/entitlement"
    assert clerk.get(other).json["code"] == "recall"
    assert manager.post(f"/campaigns/{key}/end", {}).status_code == 201
    assert clerk.get(f"{other}?at=2099-01-01").json["verdict"] == "chargeable"
    late = clerk.post(f"/campaign-items/{item['id']}/outcome", {"status": "open"})
    assert late.status_code == 409


def test_units_that_come_later_or_move_are_in_it_as_they_stand(
    app, api, company, field, campaign, work
):
    key = campaign().json["id"]
    api(company.manager).post(f"/campaigns/{key}/start", {})
    rep = api(company.rep)
    body = {"account_id": field.minato, "product_id": field.product, "serial_no": "ＰＷ－999"}
    made = rep.post("/units", body).json
    move = {"account_id": field.minato, "reason": "譲渡"}
    assert rep.post(f"/units/{field.units['PW-998']}/move", move).status_code == 200
    work()
    rows = rep.get(f"/campaign-items?campaign_id={key}&account_id={field.minato}").json["items"]
    wanted = {made["id"], field.units["PW-998"], field.units["PW-1002"]}
    assert {row["unit_id"] for row in rows} == wanted


def test_a_finished_recall_job_closes_its_units_part(app, api, company, field, campaign, work):
    key, unit = campaign(kind="field").json["id"], field.units["PW-1000"]
    api(company.manager).post(f"/campaigns/{key}/start", {})
    engineer = api(company.engineer)
    job = engineer.post("/work-orders", {"unit_id": unit, "kind": "recall"}).json
    assert job["chargeable"] is False
    ended = {"status": "returned", "action": "基板を交換"}
    engineer.patch(f"/work-orders/{job['id']}", ended, version=job["version"])
    work()
    item = engineer.get(f"/campaign-items?unit_id={unit}").json["items"][0]
    assert (item["status"], item["work_order_id"]) == ("done", job["id"])


def test_firmware_in_the_range_and_unknown_firmware_are_named(app, api, company, field, campaign):
    rep = api(company.rep)
    for serial, firmware in (("PW-998", "1.9"), ("PW-1000", "1.12")):
        address = f"/units/{field.units[serial]}"
        version = rep.get(address).json["version"]
        assert rep.patch(address, {"firmware": firmware}, version=version).status_code == 200
    made = campaign(serials="", firmware_from="1.10", firmware_to="1.20")
    api(company.manager).post(f"/campaigns/{made.json['id']}/start", {})
    assert [serial for serial, _status in items(app)] == ["PW-1000", "PW-1002", "PW-2000"]


def test_a_file_by_night_joins_and_a_campaign_past_its_day_ends(
    app, api, company, field, campaign, night
):
    key = campaign(ends_on="2026-02-01").json["id"]
    open_ = campaign(number="R-2").json["id"]
    for one in (key, open_):
        api(company.manager).post(f"/campaigns/{one}/start", {})
    with app.app_context():
        db.session.execute(sa.delete(CampaignItem).where(CampaignItem.campaign_id == open_))
        db.session.commit()
    night()
    rows = {row["number"]: row for row in api(company.rep).get("/campaigns").json["items"]}
    assert (rows["R-1"]["status"], rows["R-2"]["status"]) == ("ended", "running")
    assert len(api(company.rep).get(f"/campaign-items?campaign_id={open_}").json["items"]) == 3


@pytest.mark.parametrize(
    ("body", "field_name"),
    [
        ({"serials": "PW-9 〜 PW-1"}, "serials"), ({"product_ids": []}, "product_ids"),
        ({"product_ids": [987654]}, "product_ids"), ({"ends_on": "2025-01-01"}, "ends_on"),
        ({"firmware_from": "1.10", "firmware_to": "1.9"}, "firmware_to"),
        ({"firmware_from": "―"}, "firmware_from"), ({"title": ""}, "title"),
    ],
)  # fmt: skip
def test_a_wrong_campaign_is_refused_by_the_name_of_its_field(app, campaign, body, field_name):
    answer = campaign(**body)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field_name])
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Campaign.id))) == 0


def test_a_clerk_works_off_the_call_list_with_one_key(
    app, api, company, field, campaign, sign_in, statements, monkeypatch
):
    key = campaign().json["id"]
    engineer = sign_in(company.engineer)
    assert "3" in engineer.get(f"/campaigns/{key}").text
    assert engineer.post(f"/campaigns/{key}/start").status_code == 303
    clerk = sign_in(company.clerk)
    for address in ("/campaigns", f"/campaigns/{key}", f"/campaigns/{key}/calls"):
        statements.clear()
        assert clerk.get(address).status_code == 200
        reads = [one for one in statements if one.lstrip().upper().startswith(("SELECT", "WITH"))]
        assert len(reads) <= 12, address
    calls = clerk.get(f"/campaigns/{key}/calls").text
    assert 'data-act="2"' in calls
    assert calls.index("株式会社山田製作所") < calls.index("港リサイクル")
    item = api(company.clerk).get("/campaign-items").json["items"][0]["id"]
    data = {"status": "informed", "note": "来週かけ直す"}
    pressed = clerk.post(f"/campaign-items/{item}/outcome", data=data)
    assert (pressed.status_code, pressed.location) == (303, f"/campaigns/{key}/calls")
    beside = clerk.get(f"/campaigns/panel?unit_id={field.units['PW-998']}").text
    assert "R-1" in beside
    assert "リコール未実施" in clerk.get(f"/units/{field.units['PW-1000']}").text
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    table = clerk.get(f"/campaigns/{key}/list.csv")
    assert "'=港リサイクル" in table.text
    assert [table.text.count(one) for one in ("PW-998", "PW-1000", "PW-1002")] == [1, 1, 1]
    assert "来週かけ直す" in table.text
    assert clerk.post(f"/campaigns/{key}/end").status_code in (403, 404)


def test_a_planned_campaign_is_typed_changed_and_taken_away(app, company, field, sign_in):
    manager = sign_in(company.manager)
    form = {
        "number": "F-7", "kind": "field", "title": "ファームウェア更新", "starts_on": "2026/11/01",
        "serials": "PW-5 〜", "product_ids": str(field.product),
    }  # fmt: skip
    saved = manager.post("/campaigns", data=form)
    assert saved.status_code == 303
    page = manager.get(f"{saved.location}/edit").text
    assert "ファームウェア更新" in page
    wrong = {"version": "1", "title": "", "original_title": "ファームウェア更新"}
    assert manager.post(f"{saved.location}/edit", data=wrong).status_code == 422
    right = wrong | {"title": "更新", "product_ids": str(field.product)}
    assert manager.post(f"{saved.location}/edit", data=right).status_code == 303
    gone = manager.post(f"{saved.location}/delete", data={"version": "2"})
    assert (gone.status_code, gone.location) == (303, "/campaigns")


def test_telling_that_is_done_again_writes_nothing(app, api, company, field, campaign, work):
    key = campaign().json["id"]
    api(company.manager).post(f"/campaigns/{key}/start", {})
    work()
    with app.app_context():
        before = db.session.scalar(sa.select(sa.func.count(Event.id)))
        jobs.tell({"campaign_id": key})
        assert actions.reach(db.session.get_one(Campaign, key)) == 0
        db.session.commit()
        assert db.session.scalar(sa.select(sa.func.count(Event.id))) == before
