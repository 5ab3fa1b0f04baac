"""An administrator enters addresses, sees how it goes with them, and sends again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from crm.extensions import db
from crm.operations import copies
from crm.webhooks.models import Delivery, Webhook
from tests.people import Company
from tests.records import an_account
from tests.webhooks.conftest import Receiver


def test_an_address_is_entered_tried_and_looked_at(
    app: Flask, company: Company, sign_in: Any, receiver: Receiver, inside: None,
    told: Callable[[], Any], statements: list[str],
) -> None:  # fmt: skip
    admin = sign_in(company.admin)
    fields = {"label": "基幹システム", "url": receiver.url, "kinds": ["ticket.opened", "deal.won"]}
    made = admin.post("/webhooks", data=fields | {"idempotency_key": "k1"})
    again = admin.post("/webhooks", data=fields | {"idempotency_key": "k1"})
    assert made.status_code == 303 and again.location == made.location
    shown = admin.post(f"{made.location}/secret")
    assert "whsec_" in shown.text and "no-store" in shown.headers["Cache-Control"]
    assert "whsec_" not in admin.get(made.location).text
    receiver.answers = [503]
    message = admin.post(f"{made.location}/ping").location
    told()
    statements.clear()
    page = admin.get(message).text
    assert "503" in page and "thank you" in page and "webhook.ping" in page
    for path in ("/webhooks", made.location, f"{made.location}?state=waiting", message):
        statements.clear()
        assert admin.get(path).status_code == 200
        assert len(statements) <= 12, path
    assert admin.post(f"{message}/replay").status_code == 303
    edited = {"label": "ERP", "url": receiver.url, "kinds": ["deal.lost"], "version": "2"}
    assert admin.post(f"{made.location}/edit", data=edited).status_code == 303
    assert admin.post(f"{made.location}/pause").status_code == 303
    assert admin.post(f"{made.location}/resumption", data={"without": "1"}).status_code == 303
    with app.app_context():
        found = db.session.query(Webhook).one()
        assert (found.label, found.kinds, found.paused_at) == ("ERP", ["deal.lost"], None)
        assert db.session.query(Delivery).one().state == "discarded"
    assert admin.post(f"{made.location}/removal").status_code == 303
    assert admin.get(made.location).status_code == 404


@pytest.mark.parametrize("way", ["form", "api"])
def test_what_can_never_be_called_is_refused_in_words(
    app: Flask, company: Company, sign_in: Any, api: Any, way: str
) -> None:
    good = {"label": "ERP", "url": "https://erp.example.com/hooks", "kinds": ["deal.won"]}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"url": "http://erp.example.com/"}, "url"), ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "url"), ({"url": "https://a@b.example/"}, "url"),
        ({"url": "https://１０.0.0.1/"}, "url"), ({"url": "javascript:alert(1)"}, "url"),
        ({"kinds": []}, "kinds"), ({"kinds": ["deal.eaten"]}, "kinds"),
        ({"kinds": ["deal.won", "deal.won"]}, "kinds"), ({"label": ""}, "label"),
    ]  # fmt: skip
    caller = sign_in(company.admin) if way == "form" else api(company.admin)
    for change, field in wrong:
        if way == "form":
            answer = caller.post("/webhooks", data=good | change)
            assert answer.status_code == 422 and 'id="errors"' in answer.text, change
        else:
            answer = caller.post("/webhooks", good | change)
            assert answer.status_code == 422
            assert {one.split(".")[0] for one in answer.json["errors"]} == {field}, change
    with app.app_context():
        assert db.session.query(Webhook).count() == 0


def test_only_administrators_know_of_addresses(company: Company, sign_in: Any, api: Any) -> None:
    for person in (company.rep, company.clerk, company.manager):
        assert sign_in(person).get("/webhooks").status_code == 403
        assert api(person).get("/webhook-deliveries").status_code == 403
        assert "/webhooks" not in sign_in(person).get("/settings").text


def test_a_restored_copy_tells_nobody_anything_before_somebody_has_looked(
    app: Flask, company: Company, api: Any, receiver: Receiver, listening: Callable[..., int],
    told: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Any,
) -> None:  # fmt: skip
    key = listening(receiver.url, "ticket.opened")
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"SQLite format 3\x00")
    with app.app_context():
        account = an_account(company.rep, company.first_team)
    with app.app_context():
        monkeypatch.setattr(copies, "has_people", lambda: False)
        monkeypatch.setattr(copies, "_restore_file", lambda _source: None)
        monkeypatch.setattr(copies, "_run", lambda *_words: None)
        copies.restore(copy)
    ticket = {"account_id": account, "channel": "phone", "subject": "水", "voice": "水"}
    assert api(company.clerk).post("/tickets", ticket).status_code == 201
    assert [one[1] for one in told()] == ["waiting"] and receiver.heard == []
    admin = api(company.admin)
    assert admin.get(f"/webhooks/{key}").json["pause_reason"] == "restored"
    assert admin("DELETE", f"/webhooks/{key}/pause").status_code == 204
    assert [one[1] for one in told()] == ["delivered"]
