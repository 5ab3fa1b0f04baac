"""Programs do many things in one request, each by the door of a single call."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from crm.accounts.models import Account
from crm.extensions import db
from crm.outbox.models import Message
from crm.timeline.models import Event, Removal
from tests.people import Company
from tests.records import a_product, a_ticket, a_unit, an_account

LISTS = ("accounts", "contacts", "sites", "products", "units", "tickets", "deals", "activities",
         "contracts", "work-orders")  # fmt: skip


def create(**fields: Any) -> dict[str, Any]:
    return {"op": "create", "fields": fields}


def test_every_operation_is_answered_as_a_single_call_would_be(
    app: Flask, company: Company, api: Any
) -> None:
    with app.app_context():
        mine = an_account(company.rep, company.first_team)
        other = an_account(company.stranger, None, name="株式会社よそ")
        gone = an_account(company.rep, company.first_team, name="株式会社きえる")
    rep, manager = api(company.rep), api(company.manager)
    asked = {"operations": [
        create(name="株式会社いち"),
        create(name="", colour="red"),
        {"op": "update", "id": mine, "version": 1, "fields": {"rank": "A"}},
        {"op": "update", "id": mine, "version": 1, "fields": {"rank": "B"}},
        {"op": "update", "id": mine, "fields": {"rank": "B"}},
        {"op": "update", "id": other, "version": 1, "fields": {"rank": "B"}},
        {"op": "update", "id": 987_654, "version": 1},
        {"op": "delete", "id": gone, "version": 1},
        create(name="株式会社に", owner_id=987_654),
        {"op": "delete", "fields": {}},
    ]}  # fmt: skip
    answer = rep.post("/accounts/bulk", asked, Idempotency_Key="many")
    assert answer.status_code == 200
    results = answer.json["results"]
    assert [one["status"] for one in results] == [201, 422, 200, 412, 428, 404, 404, 404, 422, 422]
    assert (answer.json["done"], answer.json["refused"]) == (2, 8)
    assert set(results[1]["errors"]) == {"name", "colour"}
    assert set(results[8]["errors"]) == {"owner_id"}
    assert all(one["detail"] for one in results if one["status"] > 299)
    made = rep.get(f"/accounts/{results[0]['id']}")
    assert (made.json["name"], made.headers["ETag"]) == ("株式会社いち", '"1"')
    assert rep.get(f"/accounts/{mine}").json["rank"] == "A"
    again = rep.post("/accounts/bulk", asked, Idempotency_Key="many")
    assert (again.json, again.headers["Idempotent-Replay"]) == (answer.json, "true")
    removed = manager.post(
        "/accounts/bulk", {"operations": [{"op": "delete", "id": gone, "version": 1}]}
    )
    assert removed.json["results"] == [{"status": 204, "id": gone, "version": None, "detail": ""}]
    with app.app_context():
        assert db.session.query(Account).filter_by(name="株式会社いち").count() == 1
        assert db.session.query(Event).filter_by(kind="account.removed", subject_id=gone).one()
        assert db.session.query(Removal).one().record_id == gone


def test_what_the_database_alone_refuses_is_one_refusal_of_many(
    app: Flask, company: Company, api: Any
) -> None:
    admin = api(company.admin)
    assert admin.post("/teams", {"name": "営業三課"}).status_code == 201
    assert admin.post("/teams", {"name": "営業三課"}).status_code == 409
    twice = {"operations": [create(code="AX-1", name="い"), create(code="AX-1", name="ろ"),
                            create(code="AX-2", name="は")]}  # fmt: skip
    answer = admin.post("/products/bulk", twice).json
    assert [one["status"] for one in answer["results"]] == [201, 409, 201]
    found = admin.get("/search?q=AX").json["items"]
    assert {one["label"].split()[0] for one in found} == {"AX-1", "AX-2"}
    key = answer["results"][0]["id"]
    gone = {"operations": [
        {"op": "update", "id": key, "version": 1, "fields": {"name": "に"}},
        {"op": "delete", "id": key, "version": 2},
    ]}  # fmt: skip
    assert admin.post("/products/bulk", gone).json["done"] == 2
    assert len(admin.get("/search?q=AX").json["items"]) == 1


def test_all_of_them_or_none(app: Flask, company: Company, api: Any) -> None:
    admin = api(company.admin)
    with app.app_context():
        before = db.session.query(Event).count(), db.session.query(Message).count()
    operations = [create(name="株式会社いち"), create(rank="Z"), create(name="に"),
                  {"op": "delete", "id": 987_654, "version": 1}]  # fmt: skip
    refused = admin.post("/accounts/bulk", {"atomic": True, "operations": operations})
    assert refused.status_code == 422
    assert set(refused.json["errors"]) == {
        "operations.1.fields.name", "operations.1.fields.rank", "operations.3"
    }  # fmt: skip
    with app.app_context():
        assert db.session.query(Account).count() == 0
        assert (db.session.query(Event).count(), db.session.query(Message).count()) == before
    del operations[3], operations[1]
    done = admin.post("/accounts/bulk", {"atomic": True, "operations": operations})
    assert [one["status"] for one in done.json["results"]] == [201, 201]


def test_ten_collections_take_many_operations_and_refuse_what_is_not_one(
    app: Flask, company: Company, api: Any
) -> None:
    with app.app_context():
        account, product = an_account(company.rep, company.first_team), a_product()
        unit = a_unit(account, product)
    admin, clerk = api(company.admin), api(company.clerk)
    fields: dict[str, dict[str, Any]] = {
        "accounts": {"name": "株式会社いち"},
        "contacts": {"account_id": account, "family_name": "山田"},
        "sites": {"account_id": account, "name": "工場"},
        "products": {"code": "AX-1", "name": "AX"},
        "units": {"account_id": account, "product_id": product, "serial_no": "S-1"},
        "tickets": {"account_id": account, "subject": "止まった", "channel": "phone"},
        "deals": {"account_id": account, "title": "更新", "amount": 1_000,
                  "next_step": "電話", "next_step_on": "2030-01-07"},
        "activities": {"account_id": account, "kind": "phone", "summary": "話した"},
        "contracts": {"account_id": account, "number": "M-1", "starts_on": "2026-01-01",
                      "ends_on": "2027-01-01"},
        "work-orders": {"unit_id": unit, "kind": "repair"},
    }  # fmt: skip
    assert fields.keys() == set(LISTS)
    for name, one in fields.items():
        done = admin.post(f"/{name}/bulk", {"operations": [create(**one)]})
        assert done.json["results"][0]["status"] == 201, (name, done.json)
    refused: list[Any] = [
        {}, {"operations": []}, {"operations": [{"op": "merge"}]}, {"operations": "x"},
        {"operations": [create()] * 501}, {"operations": [create()], "all": 1},
        {"operations": [{"op": "create", "fields": []}]},
    ]  # fmt: skip
    for wrong in refused:
        assert admin.post("/sites/bulk", wrong).status_code == 422, wrong
    forbidden = clerk.post("/products/bulk", {"operations": [create(code="B", name="B")]})
    assert forbidden.json["results"][0]["status"] == 403
    read_only = api(company.admin, "read")
    assert read_only.post("/sites/bulk", {"operations": [create()]}).status_code == 403


@pytest.mark.parametrize("way", ["bulk", "single"])
def test_a_secret_ticket_stays_behind_its_door(
    app: Flask, company: Company, api: Any, way: str
) -> None:
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        secret = a_ticket(account, company.stranger, None, confidential=True)
    clerk = api(company.clerk)
    if way == "single":
        assert clerk.patch(f"/tickets/{secret}", {"severity": "high"}, 1).status_code == 404
        return
    change = {"op": "update", "id": secret, "version": 1, "fields": {"severity": "high"}}
    answer = clerk.post("/tickets/bulk", {"operations": [change]})
    assert answer.json["results"][0]["status"] == 404
