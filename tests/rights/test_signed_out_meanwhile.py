"""A form whose sign-in ended meanwhile: it is not taken, and what was typed is not lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crm.deals.models import Deal
from crm.extensions import db, limiter
from crm.staff import actions
from crm.staff.models import Staff
from tests.deals.records import customer
from tests.people import Company

PASSWORD = "correct horse battery"
OURS = {"Origin": "http://localhost"}
TITLE = '"><script>alert(1)</script> 更新'
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def client(app: Flask, company: Company, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser whose forms need their token; the rep has a password."""
    limiter.reset()
    with app.app_context():
        actions.set_password(db.session.get_one(Staff, company.rep), PASSWORD)
        db.session.commit()
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app.test_client()


@pytest.fixture
def typed(app: Flask, company: Company, client: FlaskClient) -> dict[str, str]:
    """A new deal, typed into a form that was opened while she was signed in."""
    with app.app_context():
        account_id = customer(company.rep).id
    enter(client)
    token = TOKEN.search(client.get("/deals/new").text)
    assert token
    return {"account_id": str(account_id), "title": TITLE, "csrf_token": token[1]}


def enter(client: FlaskClient) -> None:
    token = TOKEN.search(client.get("/login").text)
    assert token
    sent = {"email": "rep@company.test", "password": PASSWORD, "csrf_token": token[1]}
    assert client.post("/login", data=sent).status_code == 303


def leave(client: FlaskClient) -> None:
    token = TOKEN.search(client.get("/deals/new").text)
    assert token
    assert client.post("/logout", data={"csrf_token": token[1]}).status_code == 303


def held(page: str) -> dict[str, str]:
    form = page.split('<form method="post" action="/deals" data-again>')[1].split("</form>")[0]
    return {name: unescape(value) for name, value in HELD.findall(form)}


def test_what_was_typed_is_saved_after_signing_in_again(
    app: Flask, client: FlaskClient, typed: dict[str, str]
) -> None:
    leave(client)
    out = client.post("/deals", data=typed, headers=OURS)
    assert out.status_code == 401
    assert "ログアウトされています" in out.text and 'href="/login" target="_blank"' in out.text
    assert "<script>alert" not in out.text
    kept = held(out.text)
    assert (kept["title"], kept["account_id"]) == (TITLE, typed["account_id"])
    assert kept["csrf_token"] != typed["csrf_token"]
    enter(client)
    again = client.post("/deals", data=kept, headers=OURS)
    assert again.status_code == 400 and "まだ保存されていません" in again.text
    with app.app_context():
        assert db.session.query(Deal).count() == 0
    saved = client.post("/deals", data=held(again.text), headers=OURS)
    assert saved.status_code == 303, saved.text
    with app.app_context():
        assert db.session.query(Deal).one().title == TITLE


def test_a_sign_in_that_was_ended_elsewhere_loses_nothing_either(
    app: Flask, company: Company, client: FlaskClient, typed: dict[str, str]
) -> None:
    with client.session_transaction() as session:
        token = session["sign_in"]
    with app.app_context():
        actions.sign_out(token)
        db.session.commit()
    out = client.post("/deals", data=typed, headers=OURS)
    assert out.status_code == 401 and held(out.text)["title"] == TITLE


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"},
     OURS | {"Sec-Fetch-Site": "cross-site"}, OURS | {"Sec-Fetch-Site": "same-site"}],
)  # fmt: skip
def test_a_form_from_elsewhere_is_never_held(
    client: FlaskClient, typed: dict[str, str], headers: dict[str, str]
) -> None:
    forged = typed | {"csrf_token": "forged"}
    for _signed_in in (True, False):
        answer = client.post("/deals", data=forged, headers=headers)
        assert answer.status_code == 400 and "script&gt;" not in answer.text
        if _signed_in:
            leave(client)


def test_passwords_and_addresses_of_others_are_never_held(client: FlaskClient) -> None:
    for address in ("/login", "/settings/password", "//elsewhere.example/deals", "/nowhere"):
        sent = {"password": "hunter2 hunter2", "current_password": "hunter2 hunter2"}
        answer = client.post(address, data=sent, headers=OURS)
        assert answer.status_code == 400, address
        assert "hunter2" not in answer.text and "elsewhere.example" not in answer.text


def test_a_part_of_a_page_is_told_in_words(client: FlaskClient, typed: dict[str, str]) -> None:
    leave(client)
    answer = client.post("/deals", data=typed, headers=OURS | {"HX-Request": "true"})
    assert answer.status_code == 401
    assert "ログアウトされています" in answer.text and TITLE not in unescape(answer.text)


def test_a_part_of_a_page_stays_though_the_sign_in_ended_elsewhere(
    app: Flask, company: Company, client: FlaskClient, typed: dict[str, str]
) -> None:
    with app.app_context():
        actions.set_password(db.session.get_one(Staff, company.rep), "another horse battery")
        db.session.commit()
    answer = client.post("/deals", data=typed, headers=OURS | {"HX-Request": "true"})
    assert answer.status_code == 401 and "HX-Redirect" not in answer.headers
    assert "ログアウトされています" in answer.text
    part = client.get("/deals/accounts?account_q=x", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"].startswith("/login")


def test_a_page_that_was_open_too_long_says_so_once(
    client: FlaskClient, typed: dict[str, str]
) -> None:
    page = client.post("/deals", data=typed | {"csrf_token": "old"}).text
    assert "ページを開いてから時間がたちました" in page
    assert page.count("もう一度お試しください") == 1
