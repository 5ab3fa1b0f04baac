"""What people see while the database is away, and who comes back by itself."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import InternalError, OperationalError, TimeoutError

from crm import cli
from crm.app import staff
from crm.extensions import db
from crm.outbox import queries
from crm.outbox.actions import MOST_CLAIMS, send
from crm.outbox.drain import drain
from crm.outbox.models import Message

GONE = Exception("the server is gone")


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("select", {}, GONE), InternalError("insert", {}, GONE),
        TimeoutError("no connection is left"),
    ],
)  # fmt: skip
def test_whoever_is_signed_in_reads_in_words_that_the_database_is_away(
    error, company, sign_in, monkeypatch
):
    browser = sign_in(company.rep)

    def gone(_token: str) -> None:
        raise error

    monkeypatch.setattr(staff, "signed_in", gone)
    for address in ("/tickets", "/api/v1/tickets"):
        answer = browser.get(address, headers={"Accept-Language": "ja"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json["detail"] == "データベースが応答しません。何も書き込まれていません。"


def test_the_calendar_goes_on_after_the_database_was_away(app, monkeypatch):
    stop, looked = threading.Event(), []

    def tick() -> None:
        looked.append(1)
        if len(looked) == 1:
            raise OperationalError("select", {}, GONE)
        stop.set()

    monkeypatch.setattr(cli, "tick", tick)
    while not stop.is_set():
        cli.look_at_calendar(app)
    assert len(looked) == 2


def test_a_message_that_ends_every_process_is_set_aside_with_its_reason(app):
    with app.app_context():
        send("operations.tidy", "poison", {})
        db.session.execute(sa.update(Message).values(attempts=MOST_CLAIMS))
        db.session.commit()
        assert drain("fast") == 0
        [dead] = queries.dead()
        assert (dead.dedupe, dead.done_at) == ("poison", None)
        assert "ended every process" in str(dead.last_error)
