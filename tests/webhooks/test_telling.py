"""Other programs hear of what happens here: once it is certain, signed, and until they take it."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from crm.clock import now
from crm.extensions import db
from crm.outbox.models import Message
from crm.timeline.models import Event
from crm.timeline.sentences import LINES
from crm.webhooks import actions
from crm.webhooks.delivering import PAUSES
from crm.webhooks.kinds import KINDS
from crm.webhooks.models import Delivery, Webhook
from tests.fingerprints import fingerprint
from tests.people import Company
from tests.records import an_account
from tests.webhooks.conftest import Receiver

Listening = Callable[..., int]
Told = Callable[[], list[Any]]


def open_ticket(api: Any, account: int, **more: Any) -> int:
    fields = {"account_id": account, "channel": "phone", "subject": "純水が出ない", "voice": "水が"}
    key: int = api.post("/tickets", fields | more).json["id"]
    return key


@pytest.fixture
def account(app: Flask, company: Company) -> int:
    with app.app_context():
        return an_account(company.rep, company.first_team)


def signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Checked as a receiver does it, from what stands in the documentation."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    good = "v1," + base64.b64encode(hmac.digest(key, said, "sha256")).decode()
    return good in headers["webhook-signature"].split()


def test_a_program_hears_of_what_it_wants_to_hear_of_and_can_tell_that_it_is_us(
    company: Company, account: int, api: Any, receiver: Receiver, listening: Listening, told: Told
) -> None:
    admin = api(company.admin)
    key = listening(receiver.url, "ticket.opened", "ticket.closed")
    secret = admin.post(f"/webhooks/{key}/secret", None).json["secret"]
    ticket = open_ticket(api(company.clerk), account)
    assert (
        api(company.clerk).patch(f"/tickets/{ticket}", {"severity": "high"}, 1).status_code == 200
    )
    assert told() == [("ticket.opened", "delivered", 204, "")]
    headers, body = receiver.heard[0]
    assert signed(secret, headers, body) and headers["content-type"] == "application/json"
    said = json.loads(body)
    assert (said["type"], said["data"]["type"], said["data"]["id"]) == (
        "ticket.opened", "ticket", ticket
    )  # fmt: skip
    assert (said["data"]["account_id"], said["data"]["facts"]["title"]) == (account, "純水が出ない")
    other = admin.post(f"/webhooks/{key}/secret", None).json["secret"]
    assert admin.post(f"/webhooks/{key}/ping", None).status_code == 201
    assert told()[-1] == ("webhook.ping", "delivered", 204, "")
    assert other != secret and all(signed(one, *receiver.heard[1]) for one in (secret, other))
    assert "secret" not in admin.get(f"/webhooks/{key}").json


def test_of_what_is_confidential_only_the_keys_are_told(
    app: Flask, company: Company, account: int, api: Any, receiver: Receiver,
    listening: Listening, told: Told,
) -> None:  # fmt: skip
    listening(receiver.url, "ticket.opened")
    open_ticket(api(company.clerk), account, confidential=True)
    later = open_ticket(api(company.clerk), account)
    assert (
        api(company.admin).patch(f"/tickets/{later}", {"confidential": True}, 1).status_code == 200
    )
    told()
    for _headers, body in receiver.heard:
        assert json.loads(body)["data"]["confidential"] is True
        assert "純水" not in body.decode() and json.loads(body)["data"]["facts"] == {}
    assert len(receiver.heard) == 2


def test_what_was_taken_back_is_told_to_nobody(
    app: Flask, company: Company, account: int, receiver: Receiver, listening: Listening, told: Told
) -> None:
    listening(receiver.url, "ticket.opened")
    with app.app_context():
        event = Event(kind="ticket.opened", at=now(), subject_type="ticket", subject_id=1, facts={})
        db.session.add(event)
        actions.follow(event)
        assert db.session.query(Delivery).count() == 1
        db.session.rollback()
    assert told() == [] and receiver.heard == []


def test_a_message_is_sent_again_until_it_is_taken_always_under_the_same_key(
    app: Flask, company: Company, account: int, api: Any, receiver: Receiver,
    listening: Listening, told: Told, hook: Callable[[int], Webhook],
) -> None:  # fmt: skip
    key = listening(receiver.url, "ticket.opened")
    receiver.answers = [500, 302, 400]
    with time_machine.travel(now(), tick=False) as clock:
        open_ticket(api(company.clerk), account)
        assert told() == [("ticket.opened", "waiting", 500, "status")]
        assert told() == [("ticket.opened", "waiting", 500, "status")] and len(receiver.heard) == 1
        clock.shift(timedelta(seconds=PAUSES[0]))
        assert told() == [("ticket.opened", "waiting", 302, "redirect")]
        clock.shift(timedelta(seconds=PAUSES[1]))
        assert told() == [("ticket.opened", "waiting", 400, "status")]
        assert hook(key).failing_since is not None and hook(key).version == 1
        open_ticket(api(company.clerk), account)
        clock.shift(timedelta(seconds=300))
        assert [one[1] for one in told()] == ["delivered", "delivered"]
        assert hook(key).failing_since is None
    ids = [headers["webhook-id"] for headers, _body in receiver.heard]
    assert len(ids) == 5 and len(set(ids)) == 2 and ids[0] == ids[1] == ids[2] == ids[4]


def test_a_receiver_that_is_dead_for_a_day_is_paused_and_the_administrator_told_once(
    app: Flask, company: Company, account: int, api: Any, sign_in: Any, receiver: Receiver,
    listening: Listening, told: Told, hook: Callable[[int], Webhook],
) -> None:  # fmt: skip
    dead = listening("http://127.0.0.1:1/", "ticket.opened")
    with time_machine.travel(now(), tick=False) as clock:
        open_ticket(api(company.clerk), account)
        well = listening(receiver.url, "ticket.opened")
        for pause in (*PAUSES, 0):
            told()
            clock.shift(timedelta(seconds=pause))
        open_ticket(api(company.clerk), account)
        states = told()
    assert states == [
        ("ticket.opened", "given_up", None, "connection"), ("ticket.opened", "waiting", None, ""),
        ("ticket.opened", "delivered", 204, ""),
    ]  # fmt: skip
    assert (hook(dead).pause_reason, hook(well).pause_reason) == ("failing", "")
    with app.app_context():
        assert db.session.query(Event).filter_by(kind="webhook.paused").count() == 1
    browser = sign_in(company.admin)
    assert f"/webhooks/{dead}" in browser.get("/webhooks/notice").text
    assert "/webhooks/notice" in browser.get("/").text
    with app.app_context():
        found = db.session.get_one(Webhook, dead)
        found.url = receiver.url
        db.session.commit()
    assert browser.post(f"/webhooks/{dead}/resumption").status_code == 303
    assert [one[1] for one in told()] == ["given_up", "delivered", "delivered"]
    assert api(company.admin).post(f"/webhooks/{dead}/replay", {}).json == {"number": 1}
    assert [one[1] for one in told()] == ["delivered"] * 3
    assert browser.get("/webhooks/notice").text.strip() == ""


def test_a_receiver_that_says_it_is_gone_is_asked_no_more(
    company: Company, account: int, api: Any, receiver: Receiver, listening: Listening, told: Told,
    hook: Callable[[int], Webhook],
) -> None:  # fmt: skip
    key = listening(receiver.url, "ticket.opened")
    receiver.answers = [410]
    open_ticket(api(company.clerk), account)
    open_ticket(api(company.clerk), account)
    assert [one[1] for one in told()] == ["waiting", "waiting"] and len(receiver.heard) == 1
    assert hook(key).pause_reason == "gone"
    assert api(company.admin).post(f"/webhooks/{key}/ping", None).status_code == 409


def test_whoever_dies_after_the_answer_sends_once_more_and_twice_done_changes_nothing(
    app: Flask, company: Company, account: int, api: Any, receiver: Receiver,
    listening: Listening, told: Told, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    key = listening(receiver.url, "ticket.opened")
    open_ticket(api(company.clerk), account)
    with time_machine.travel(now(), tick=False) as clock:
        with monkeypatch.context() as dying:
            dying.setattr("crm.webhooks.delivering.settle", lambda *_: 1 / 0)
            assert told()[0][1] == "waiting" and len(receiver.heard) == 1
        clock.shift(timedelta(seconds=31))
        assert told()[0][1] == "delivered"
        first, second = (headers["webhook-id"] for headers, _body in receiver.heard)
        assert first == second
        with app.app_context():
            before = fingerprint(app)
            jobs = app.extensions["handlers"]
            jobs["webhooks.deliver"]({"webhook_id": key})
            jobs["webhooks.tidy"]({})
            db.session.commit()
            assert fingerprint(app) == before
        clock.shift(timedelta(days=31))
        with app.app_context():
            actions.tidy()
            assert db.session.query(Delivery).count() == 0
            assert not db.session.query(Message).filter(Message.dead_at.is_not(None)).count()


def test_every_kind_that_is_offered_happens() -> None:
    assert set(KINDS) <= LINES.keys()
