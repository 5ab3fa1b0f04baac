"""Signing in, staying in, getting out; what every answer carries; forms that nobody forged."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crm.extensions import db, limiter
from crm.staff import actions
from crm.staff.models import ApiToken, Staff
from tests.people import Company
from tests.rights.routes import ways

PASSWORD = "correct horse battery"

TOKEN = re.compile(r'name="csrf[_-]token" (value|content)="[^"]+"|X-CSRFToken": "[^"]+"')
"""It is signed with the second it was made in."""


@pytest.fixture
def browser(app: Flask, company: Company) -> FlaskClient:
    """A browser of nobody's; the clerk has a password."""
    limiter.reset()
    with app.app_context():
        actions.set_password(db.session.get_one(Staff, company.clerk), PASSWORD)
        db.session.commit()
    return app.test_client()


def enter(browser: FlaskClient, **more: str) -> Any:
    return browser.post(
        "/login", data={"email": "clerk@company.test", "password": PASSWORD, **more}
    )


def test_every_answer_carries_its_headers(app: Flask, company: Company, sign_in: Any) -> None:
    client = sign_in(company.admin)
    for place in ("/", "/login", "/deals", "/nowhere", "/api/v1/deals", "/healthz", "/api/v1/docs"):
        headers = client.get(place).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy, place
        assert "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store", place
        assert "Server" not in headers or "Python" not in headers["Server"]


def test_the_cookie_is_for_the_browser_alone(browser: FlaskClient) -> None:
    cookie = enter(browser).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie


def test_an_unknown_person_and_a_wrong_password_are_answered_alike(browser: FlaskClient) -> None:
    unknown = enter(browser, email="nobody@company.test")
    wrong = enter(browser, password="wrong horse battery")
    without = enter(browser, email="rep@company.test")
    bare = [
        TOKEN.sub("", answer.text.replace("nobody@", "clerk@").replace("rep@", "clerk@"))
        for answer in (unknown, wrong, without)
    ]
    assert {unknown.status_code, wrong.status_code, without.status_code} == {422}
    assert bare[0] == bare[1] == bare[2]


def test_guessing_is_slowed_down_and_nobody_is_locked_out_for_good(browser: FlaskClient) -> None:
    answers = [enter(browser, password=f"guess number {n}").status_code for n in range(12)]
    assert answers[:10] == [422] * 10 and answers[10:] == [429, 429]
    refused = enter(browser)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) <= 60
    limiter.reset()
    assert enter(browser).status_code == 303


def test_signing_out_ends_the_session_also_for_a_copied_cookie(
    app: Flask, browser: FlaskClient
) -> None:
    enter(browser)
    copied = browser.get_cookie("engawa")
    assert copied is not None
    thief = app.test_client()
    thief.set_cookie("engawa", copied.value)
    assert thief.get("/tickets").status_code == 200
    browser.post("/logout")
    assert browser.get("/tickets").status_code == 303
    assert thief.get("/tickets").status_code == 303


def test_a_new_password_ends_every_other_session(app: Flask, browser: FlaskClient) -> None:
    other = app.test_client()
    enter(browser)
    enter(other)
    changed = {"language": "ja", "theme": "auto", "current_password": PASSWORD,
               "password": "another long password"}  # fmt: skip
    with browser.session_transaction() as session:
        stolen = dict(session)
    assert browser.post("/settings", data=changed).status_code == 303
    assert other.get("/tickets").status_code == 303
    assert "パスワードを変更しました" in browser.get("/settings").text
    with other.session_transaction() as session:
        session.update(stolen)
    assert other.get("/tickets").status_code == 303


def test_each_signing_in_gets_a_session_of_its_own(browser: FlaskClient) -> None:
    enter(browser)
    with browser.session_transaction() as session:
        first = session["sign_in"]
        copied = dict(session)
    enter(browser)
    with browser.session_transaction() as session:
        assert session["sign_in"] != first
        session.update(copied)
    assert browser.get("/tickets").status_code == 303


def test_somebody_who_left_is_out_at_once(
    app: Flask, company: Company, api: Any, sign_in: Any
) -> None:
    token, page, admin = api(company.rep), sign_in(company.rep), api(company.admin)
    assert token.get("/deals").status_code == 200
    assert admin.patch(f"/staff/{company.rep}", {"active": False}, 1).status_code == 200
    assert token.get("/deals").status_code == 401
    assert page.get("/deals").status_code == 303


def test_a_token_taken_back_is_worth_nothing_at_once(
    app: Flask, company: Company, api: Any
) -> None:
    program = api(company.rep)
    assert program.get("/deals").status_code == 200
    with app.app_context():
        token = db.session.query(ApiToken).filter_by(staff_id=company.rep).one()
        assert program.token not in token.token_hash
        token.revoked_at = token.created_at
        db.session.commit()
    assert program.get("/deals").status_code == 401


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example",
     "javascript:alert(1)", "/\t/evil.example", "http:/evil.example", "evil.example", "///e",
     "/\r\nX-A: b"],
)  # fmt: skip
def test_signing_in_never_leads_to_another_house(browser: FlaskClient, target: str) -> None:
    answer = enter(browser, next=target)
    assert answer.status_code == 303
    assert answer.location in ("/", "http://localhost/")
    spoken = browser.post("/language", data={"language": "ja", "next": target})
    assert spoken.location == "/login"


def test_signing_in_leads_on_to_what_was_asked_for(browser: FlaskClient) -> None:
    sent = browser.get("/deals/7?tab=2")
    assert sent.status_code == 303 and sent.location.startswith("/login?next=")
    assert enter(browser, next="/deals/7?tab=2").location == "/deals/7?tab=2"


def test_no_form_is_taken_without_the_token_of_its_session(
    app: Flask, company: Company, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(company.admin)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    for way in ways(app):
        if way.method == "GET":
            continue
        for token in ({}, {"csrf_token": "forged"}):
            answer = client.open(way.address(1), method=way.method, data=token)
            assert answer.status_code == 400, (str(way), answer.status_code)
            assert answer.text


def test_a_program_needs_no_token_of_a_form(
    app: Flask, company: Company, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = api(company.admin).post("/offices", {"name": "福岡営業所"})
    assert answer.status_code == 201
