"""The OpenAPI document says all there is, and lists do what it says."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from crm.app import create_app
from tests.conftest import settings_for
from tests.people import Company
from tests.records import a_deal, a_product, a_ticket, a_unit, an_account
from tests.rights.routes import ways

OWN = ("/api/v1/docs", "/api/v1/openapi.json")


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").json
    return found


@pytest.fixture
def admin(api: Any, company: Company) -> Any:
    return api(company.admin)


@pytest.fixture
def some(app: Flask, company: Company) -> None:
    """Three of what has more than one order."""
    with app.app_context():
        account = an_account(company.rep, company.first_team)
        product = a_product()
        for number in range(3):
            a_unit(account, product, f"SN{number}")
            a_deal(account, company.rep, company.first_team, amount=number)
            a_ticket(account, company.clerk, company.call_centre)
            a_product(f"LX-{number}")


def lists(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Address → query parameters of every collection."""
    return {
        path.removeprefix("/api/v1"): [
            one for one in ways["get"].get("parameters", []) if one.get("in") == "query"
        ]
        for path, ways in document["paths"].items()
        if "get" in ways and "{" not in path and "post" in ways
    }  # fmt: skip


def orders(parameters: list[dict[str, Any]]) -> list[str]:
    said = next(one for one in parameters if one["name"] == "sort")["schema"]
    found: list[str] = said.get("anyOf", [said])[0]["enum"]
    return found


@pytest.mark.once
def test_all_who_ask_first_at_once_get_the_whole_document(
    tmp_path: Path, document: dict[str, Any]
) -> None:
    fresh = create_app(settings_for(tmp_path))

    def ask(_number: int) -> Any:
        return fresh.test_client().get("/api/v1/openapi.json").json

    with ThreadPoolExecutor(4) as programs:
        assert all(said == document for said in programs.map(ask, range(4)))


def test_the_document_holds_every_route_of_the_api(app: Flask, document: dict[str, Any]) -> None:
    told = {
        (method.upper(), path.replace("{", "<").replace("}", ">"))
        for path, operations in document["paths"].items()
        for method in operations
        if method != "parameters"
    }
    there = {
        (way.method, way.rule.replace("<int:", "<"))
        for way in ways(app)
        if way.api and way.rule not in OWN
    }
    assert there == told


def test_every_operation_says_what_it_does_and_how_it_refuses(document: dict[str, Any]) -> None:
    silent = [
        f"{method} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in ("get", "post", "patch", "delete") and "401" not in operation["responses"]
    ]
    assert silent == []


def test_a_list_refuses_what_it_does_not_know_by_name(admin: Any, document: dict[str, Any]) -> None:
    for path in lists(document):
        answer = admin.get(f"{path}?colour=red")
        assert (answer.status_code, set(answer.json["errors"])) == (422, {"colour"}), path


def test_a_list_takes_the_orders_it_declares_and_no_others(
    admin: Any, document: dict[str, Any]
) -> None:
    for path, parameters in lists(document).items():
        for order in orders(parameters):
            assert admin.get(f"{path}?sort={order}").status_code == 200, (path, order)
        for wrong in ("password_hash", "id;drop", "-", "--id", "ID", "created_at desc"):
            answer = admin.get(f"{path}?sort={wrong}")
            assert (answer.status_code, set(answer.json["errors"])) == (422, {"sort"}), path


@pytest.mark.parametrize("header", ["ja", "en"])
def test_a_broken_cursor_is_refused_in_words(
    app: Flask, company: Company, admin: Any, document: dict[str, Any], header: str
) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 40_000).decode()[:900]
    huge = base64.urlsafe_b64encode(json.dumps(["id", False, 10**30, 10**30]).encode()).decode()
    text = base64.urlsafe_b64encode(json.dumps(["id", False, "x", 1]).encode()).decode()
    for path in lists(document):
        for cursor in ("x", "%00", "é", "bnVsbA", "W10", deep, huge, text, "1" * 1000):
            answer = admin.get(f"{path}?cursor={cursor}")
            assert answer.status_code == 400, (path, cursor[:20], answer.json)
            assert answer.json["detail"] and "cursor" in answer.json.get("errors", {"cursor": 1})


def test_a_cursor_that_no_database_could_read_is_refused(admin: Any) -> None:
    wrong: dict[str, tuple[object, ...]] = {
        "accounts?sort=kana_key": ("\ud800", "a\x00b", 1, True),
        "tickets?sort=opened_at": ("2026-01-01T00:00:00", "0001-01-01T00:00:00+09:00", "x"),
    }
    for address, values in wrong.items():
        order = address.partition("=")[2]
        for value in values:
            told = json.dumps([order, False, value, 1]).encode()
            cursor = base64.urlsafe_b64encode(told).decode().rstrip("=")
            answer = admin.get(f"/{address}&cursor={cursor}")
            assert (answer.status_code, set(answer.json["errors"])) == (400, {"cursor"}), value


def test_a_field_that_is_said_twice_is_refused(admin: Any) -> None:
    answer = admin.client.post(
        "/api/v1/accounts", data=b'{"rank": "A", "name": "x", "rank": "B"}',
        content_type="application/json", headers={"Authorization": f"Bearer {admin.token}"},
    )  # fmt: skip
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"rank"})


def test_a_cursor_of_another_order_is_refused(
    admin: Any, document: dict[str, Any], some: None
) -> None:
    tried = 0
    for path, parameters in lists(document).items():
        first = admin.get(f"{path}?limit=1&sort=id").json
        if first["next"] is None:
            continue
        for order in orders(parameters):
            answer = admin.get(f"{path}?limit=1&sort={order}&cursor={first['next']}")
            assert answer.status_code == (200 if order == "id" else 400), (path, order)
            tried += order != "id"
    assert tried > 8


def test_pages_hold_every_record_once_in_every_order(
    admin: Any, document: dict[str, Any], some: None
) -> None:
    for path, parameters in lists(document).items():
        for order in orders(parameters):
            seen, cursor = [], ""
            while True:
                page = admin.get(f"{path}?limit=2&sort={order}{cursor}").json
                seen += [one["id"] for one in page["items"]]
                if page["next"] is None:
                    break
                cursor = f"&cursor={page['next']}"
            assert len(seen) == len(set(seen)), (path, order)
            assert len(seen) == len(admin.get(f"{path}?limit=200").json["items"])
