"""A program that keeps a copy reads what has changed and what is gone, and misses nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import time_machine
from flask import Flask

from crm.accounts.models import Account
from crm.clock import now
from crm.extensions import db
from crm.rest_lists import MARGIN
from crm.timeline.removals import COLLECTIONS
from tests.people import Company
from tests.records import (
    a_contact,
    a_deal,
    a_product,
    a_ticket,
    a_unit,
    an_account,
    an_activity,
)


def at(instant: datetime) -> str:
    return instant.isoformat()


def openapi(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").json or {}
    return found


def test_a_program_reads_only_what_has_changed_and_misses_nothing_meanwhile(
    app: Flask, company: Company, api: Any
) -> None:
    begin = now() - timedelta(days=1)
    with time_machine.travel(begin, tick=False) as clock, app.app_context():
        keys = []
        for number in range(6):
            keys.append(an_account(company.rep, company.first_team, name=f"株式会社{number}"))
            clock.shift(timedelta(minutes=number % 2))
    admin = api(company.admin)
    since = at(begin + timedelta(minutes=1))
    first = admin.get(f"/accounts?updated_since={since}&limit=2").json
    assert [one["id"] for one in first["items"]] == keys[2:4]
    assert now() - MARGIN - timedelta(seconds=30) < datetime.fromisoformat(first["until"])
    assert datetime.fromisoformat(first["until"]) <= now() - MARGIN
    read = {one["id"] for one in first["items"]}
    assert admin.patch(f"/accounts/{keys[2]}", {"rank": "A"}, 1).status_code == 200
    cursor, again = first["next"], []
    while cursor is not None:
        page = admin.get(f"/accounts?updated_since={since}&limit=2&cursor={cursor}").json
        assert page["until"] == first["until"]
        again += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert read | set(again) == set(keys[2:])
    assert again[-1] == keys[2]
    rest = admin.get(f"/accounts?updated_since={at(datetime.fromisoformat(page['until']))}").json
    assert [one["id"] for one in rest["items"]] == [keys[2]]
    whole = admin.get("/accounts?sort=-updated_at").json
    assert whole["items"][0]["id"] == keys[2] and "until" not in whole


def test_what_cannot_be_asked_of_changes_is_refused_by_name(company: Company, api: Any) -> None:
    admin = api(company.admin)
    since = at(now())
    for query, status, field in (
        ("updated_since=2026-11-22", 422, "updated_since"),
        ("updated_since=2026-11-22T10:00:00", 422, "updated_since"),
        (f"updated_since={since}&sort=id", 422, "sort"),
        (f"updated_since={since}&sort=-updated_at", 422, "sort"),
        (f"updated_since={since}&cursor=x.y", 400, "cursor"),
        (f"updated_since={since}&cursor=x.2026-11-22T10:00:00", 400, "cursor"),
    ):
        answer = admin.get(f"/accounts?{query}")
        assert (answer.status_code, set(answer.json["errors"])) == (status, {field}), query


def test_every_collection_tells_what_has_changed_in_an_order_with_an_index(
    app: Flask, company: Company, api: Any
) -> None:
    admin, since = api(company.admin), at(now() - timedelta(days=1))
    document = openapi(app)
    asked = 0
    for path, ways in document["paths"].items():
        names = {one.get("name") for one in ways.get("get", {}).get("parameters", [])}
        if "updated_since" in names:
            answer = admin.get(f"{path.removeprefix('/api/v1')}?updated_since={since}")
            assert answer.status_code == 200 and answer.json["until"], path
            asked += 1
    assert asked >= 26
    with app.app_context():
        for table in [*COLLECTIONS, "removals"]:
            columns = db.metadata.tables[table].c
            column = columns.get("updated_at", columns.get("noted_at", columns.get("removed_at")))
            known = [tuple(one.columns) for one in db.metadata.tables[table].indexes]
            assert (column, columns.id) in known, table


def test_what_is_removed_is_told_of(app: Flask, company: Company, api: Any) -> None:
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        contact = a_contact(account)
        ticket = a_ticket(account, company.clerk, company.call_centre)
    admin, rep = api(company.admin), api(company.rep)
    before = at(now())
    assert admin.delete(f"/contacts/{contact}", 1).status_code == 204
    assert admin.delete(f"/tickets/{ticket}", 1).status_code == 204
    assert admin.delete(f"/accounts/{account}", 7).status_code == 412
    told = rep.get(f"/removals?updated_since={before}").json["items"]
    assert [(one["collection"], one["record_id"]) for one in told] == [
        ("contacts", contact), ("tickets", ticket)
    ]  # fmt: skip
    only = rep.get(f"/removals?updated_since={before}&collection=tickets").json["items"]
    assert [one["record_id"] for one in only] == [ticket]
    document = openapi(app)
    can = {
        path.split("/")[3]
        for path, ways in document["paths"].items()
        if "delete" in ways and path.count("/") == 4 and "{record_id}" in path
    }
    assert can - {"staff"} <= set(COLLECTIONS.values())


def test_a_change_of_a_part_is_a_change_of_the_whole(
    app: Flask, company: Company, api: Any
) -> None:
    with time_machine.travel(now() - timedelta(days=1)), app.app_context():
        account = an_account(company.rep, company.first_team)
        contact, unit = a_contact(account), a_unit(account, a_product(), "PW-1")
        deal = a_deal(account, company.rep, company.first_team, amount=500)
        visit = an_activity(account, company.rep, company.first_team)
    since = at(now())
    admin = api(company.admin)
    lines = [{"description": "一式", "quantity": 1, "unit_price": 500}]
    for name, key, version, part in (
        ("contacts", contact, 1, {"phones": [{"number": "03-5555-0100"}]}),
        ("deals", deal, 1, {"unit_ids": [unit]}), ("deals", deal, 2, {"lines": lines}),
        ("activities", visit, 1, {"contact_ids": [contact]}),
    ):  # fmt: skip
        done = admin.patch(f"/{name}/{key}", part, version)
        assert (done.status_code, done.json["version"]) == (200, version + 1), (name, done.json)
        told = admin.get(f"/{name}?updated_since={since}").json["items"]
        assert [one["id"] for one in told] == [key]
    with app.app_context():
        assert db.session.query(Account).one().version == 1
