"""Whatever is sent: an answer in words, in the caller's language, and nothing changed."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from crm.accounts.models import Account
from crm.extensions import db
from crm.staff.models import Staff
from tests.fingerprints import fingerprint
from tests.people import Company
from tests.records import an_account, keep
from tests.rights.routes import ways
from tests.rights.world import build

pytestmark = [pytest.mark.slow, pytest.mark.late]

LONG = "あ" * 20_000
"""Longer than any field, and of all fields together not too large for a request."""

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "a number": b"7",
    "a list": b"[]",
    "a null": b"null",
    "a string": b'"x"',
    "deep": b"[" * 100_000,
    "deep object": b'{"a":' * 50_000,
    "unknown": b'{"colour": "red"}',
    "huge number": b'{"id": 1' + b"0" * 5000 + b"}",
    "not a number": b'{"amount": NaN, "list_price": Infinity}',
    "twice": b'{"name": 1, "name": 2}',
}
VALUES: dict[str, Any] = {
    "NUL": "a\x00b", "lone surrogate": "a\ud800b", "long": LONG, "huge": 2**63, "huger": 10**400,
    "negative": -(2**70), "float": 1.5, "true": True, "null": None,
    "list": [[]], "object": {"a": {}},
    "bidi": "\u202ex\u202c", "digits": "１２", "day": "2026-02-30", "year": "0000-01-01",
    "far": "9999-12-31T23:59:59+14:00",
}  # fmt: skip
WRONG: dict[str, Any] = {
    "null": None, "true": True, "number": 5, "fraction": 1.5, "huge": 2**62, "negative": -(2**62),
    "text": "×", "long": LONG, "list": [], "lists": [[]], "object": {}, "objects": {"a": {}},
}  # fmt: skip
KEYS = ("0", "-1", "1.0", "1e3", "１", "٣", "0x1", "9" * 30, str(2**63), "%00", "1%20", "a")
AT_EACH = 5
"""Keys tried at each address: one reader of keys serves them all, and five are never the same."""


def japanese(text: str) -> bool:
    return re.search(r"[ぁ-んァ-ン一-龥]", text) is not None


@pytest.fixture
def world(app: Flask, company: Company) -> Any:
    with app.app_context():
        return build(company, "admin")


@pytest.fixture
def admins(app: Flask, company: Company, api: Callable[..., Any]) -> Iterator[tuple[Any, str]]:
    """Two administrators by turns, each with her language, for as long as somebody asks."""
    with app.app_context():
        other = keep(Staff(email="en@company.test", name="Ann", role="admin", language="en"))
    return cycle([(api(company.admin), "ja"), (api(other), "en")])


def in_words(answer: Any, spoken: str) -> None:
    """A refusal that a person can read."""
    assert 400 <= answer.status_code < 500
    assert answer.mimetype == "application/problem+json"
    body = answer.json
    assert {"type", "title", "status", "detail"} <= body.keys() and body["title"]
    assert japanese(body["title"]) == (spoken == "ja")
    for reasons in body.get("errors", {}).values():
        for why in reasons:
            assert why and (japanese(why) or spoken == "en"), why


def test_a_body_of_any_kind_is_refused_in_words(
    app: Flask, world: Any, admins: Iterator[tuple[Any, str]]
) -> None:
    before = fingerprint(app)
    for way in ways(app):
        if not way.api or way.method not in ("POST", "PATCH"):
            continue
        key = next(iter(world.places(way.record_kind).values())) if way.argument else None
        for what, body in BODIES.items():
            if what == "nothing" and way.endpoint in FREE:
                continue
            admin, spoken = next(admins)
            headers = {"Authorization": f"Bearer {admin.token}", "If-Match": '"1"'}
            answer = admin.client.open(
                way.address(key), method=way.method, data=body,
                headers=headers | {"Content-Type": "application/json"},
            )  # fmt: skip
            assert 400 <= answer.status_code < 500, (str(way), what)
            in_words(answer, spoken)
    assert fingerprint(app) == before


FREE = (
    "advice_api.seen", "advice_api.withdraw",
    "alerts_api.make_deal", "alerts_api.snooze", "campaigns_api.start", "campaigns_api.end",
    "doubles_api.compare", "register_api.accept", "register_api.reject", "webhooks_api.new_secret",
    "webhooks_api.pause", "webhooks_api.ping", "webhooks_api.replay", "webhooks_api.replay_failed",
)  # fmt: skip
"""Nothing is required of these."""


def test_any_value_in_any_field_is_taken_or_refused_in_words(
    app: Flask, world: Any, admins: Iterator[tuple[Any, str]]
) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json
    for path, fields in _posted(document):
        if "{" in path:
            continue
        for what, value in VALUES.items():
            sent = dict.fromkeys((n for n, f in fields.items() if not f.get("readOnly")), value)
            admin, spoken = next(admins)
            answer = _post(admin, path, sent)
            if answer.status_code in (201, 202):
                continue
            in_words(answer, spoken)
            words = answer.json.get("errors") or answer.json["detail"]
            assert words, (path, what)


def test_every_field_that_cannot_hold_a_value_is_named(
    app: Flask, world: Any, admins: Iterator[tuple[Any, str]]
) -> None:
    """What the document forbids in a field is refused for it, however many others are wrong."""
    document = app.test_client().get("/api/v1/openapi.json").json
    before, unnamed, named = fingerprint(app), [], 0
    for path, fields in _posted(document):
        holds = {name: _holds(document, field) for name, field in fields.items()}
        for what, value in WRONG.items():
            wrong = {name for name, takes in holds.items() if not takes(value)}
            if not wrong:
                continue
            admin, spoken = next(admins)
            answer = _post(admin, re.sub(r"{\w+}", "1", path), dict.fromkeys(wrong, value))
            in_words(answer, spoken)
            missed = wrong - {name.split(".")[0] for name in answer.json.get("errors", {})}
            unnamed += [(path, what, name) for name in sorted(missed)]
            named += len(wrong)
    assert not unnamed, "\n".join(map(str, unnamed))
    assert named > 2000
    assert fingerprint(app) == before


def _posted(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each address that takes a record, with the fields of its body."""
    for path, operations in document["paths"].items():
        if body := operations.get("post", {}).get("requestBody"):
            named = body["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
            yield path, document["components"]["schemas"][named]["properties"]


def _post(admin: Any, path: str, sent: dict[str, Any]) -> Any:
    return admin.client.post(
        path, data=json.dumps(sent), content_type="application/json",
        headers={"Authorization": f"Bearer {admin.token}", "If-Match": "*"},
    )  # fmt: skip


def _holds(document: dict[str, Any], field: dict[str, Any]) -> Callable[[Any], bool]:
    """Whether a field takes a value, by the document alone."""
    if field.get("readOnly"):
        return lambda _value: False
    whole = {"allOf": [field], "components": document["components"]}
    takes: Callable[[Any], bool] = jsonschema_rs.Draft202012Validator(whole).is_valid
    return takes


def test_a_request_that_is_too_large_is_refused_in_words(
    admins: Iterator[tuple[Any, str]],
) -> None:
    for admin, spoken in islice(admins, 2):
        answer = admin.post("/tickets", {"subject": "あ" * 4_000_000})
        assert answer.status_code == 413
        in_words(answer, spoken)


def test_a_key_in_an_address_is_plain_digits_or_nothing_is_there(
    app: Flask, world: Any, company: Company, api: Callable[..., Any], sign_in: Any
) -> None:
    admin, browser, keys = api(company.admin), sign_in(company.admin), cycle(KEYS)
    for way in ways(app):
        if not way.argument or way.method != "GET" or way.argument == "serial":
            continue
        for key in islice(keys, AT_EACH):
            if way.api:
                answer = admin.get(way.address(key).removeprefix("/api/v1"))
                assert answer.mimetype == "application/problem+json"
            else:
                answer = browser.get(way.address(key))
            assert answer.status_code in (400, 404, 405), (str(way), key, answer.status_code)


def test_content_that_is_not_json_is_refused(
    app: Flask, world: Any, company: Company, api: Callable[..., Any]
) -> None:
    admin = api(company.admin)
    headers = {"Authorization": f"Bearer {admin.token}", "If-Match": "*"}
    before = fingerprint(app)
    for way in ways(app):
        if way.api and way.method in ("POST", "PATCH"):
            for kind in ("text/plain", "application/x-www-form-urlencoded", "text/html", "x"):
                answer = admin.client.open(
                    way.address(1), method=way.method, data=b'{"name": "x"}', content_type=kind,
                    headers=headers,
                )  # fmt: skip
                assert answer.status_code == 415, (str(way), kind)
    assert fingerprint(app) == before


def test_a_method_that_an_address_lacks_is_answered_with_those_it_has(
    company: Company, api: Callable[..., Any]
) -> None:
    answer = api(company.admin)("PUT", "/deals", {})
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))
    assert answer.json["status"] == 405


def test_an_address_that_leads_nowhere_answers_in_words(
    company: Company, api: Callable[..., Any], sign_in: Any
) -> None:
    answer = api(company.admin).get("/nowhere")
    assert answer.status_code == 404 and answer.mimetype == "application/problem+json"
    page = sign_in(company.admin).get("/nowhere")
    assert page.status_code == 404 and "<html" in page.text


def test_one_key_has_one_effect(company: Company, api: Callable[..., Any]) -> None:
    admin = api(company.admin)
    first = admin.post("/offices", {"name": "福岡営業所"}, Idempotency_Key="k-1")
    again = admin.post("/offices", {"name": "福岡営業所"}, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json, again.headers["Location"]) == (first.json, first.headers["Location"])
    assert again.headers["Idempotent-Replay"] == "true"
    other = admin.post("/offices", {"name": "札幌営業所"}, Idempotency_Key="k-1")
    assert (other.status_code, set(other.json["errors"])) == (422, {"Idempotency-Key"})
    someone = api(company.rep).post("/accounts", {"name": "株式会社あ"}, Idempotency_Key="k-1")
    assert someone.status_code == 201
    for wrong in ("", "あ", "a b", "x" * 129):
        refused = admin.post("/offices", {"name": "名古屋"}, Idempotency_Key=wrong)
        assert refused.status_code == 400, wrong


def test_two_at_once_with_one_key_have_one_effect(
    app: Flask, company: Company, api: Callable[..., Any]
) -> None:
    admin = api(company.admin)
    answers: list[tuple[int, Any]] = []
    gate = threading.Barrier(4)

    def press() -> None:
        gate.wait()
        answer = app.test_client(use_cookies=False).post(
            "/api/v1/accounts", json={"name": "株式会社二度"},
            headers={"Authorization": f"Bearer {admin.token}", "Idempotency-Key": "twice"},
        )  # fmt: skip
        answers.append((answer.status_code, (answer.json or {}).get("id")))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _key in answers} <= {201, 409}
    assert len({key for status, key in answers if status == 201}) == 1
    with app.app_context():
        assert db.session.query(Account).filter_by(name="株式会社二度").count() == 1


def test_a_change_names_the_version_it_changes(
    app: Flask, company: Company, api: Callable[..., Any]
) -> None:
    with app.app_context():
        key = an_account(company.rep, company.first_team)
    admin = api(company.admin)
    read = admin.get(f"/accounts/{key}")
    assert read.headers["ETag"] == '"1"'
    silent = admin.patch(f"/accounts/{key}", {"name": "株式会社甲"})
    assert silent.status_code == 428
    done = admin.patch(f"/accounts/{key}", {"name": "株式会社甲"}, 1)
    assert (done.status_code, done.headers["ETag"]) == (200, '"2"')
    for old in ('"1"', 'W/"2"', "2", "", '"2", "3"'):
        late = admin.patch(f"/accounts/{key}", {"name": "株式会社乙"}, If_Match=old)
        assert late.status_code == 412, old
    assert admin.delete(f"/accounts/{key}").status_code == 428
    assert admin.get(f"/accounts/{key}").json["name"] == "株式会社甲"
