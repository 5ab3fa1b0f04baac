"""What people see while the database is away, and who comes back by itself."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import InternalError, OperationalError, TimeoutError

from crm import cli
from crm.app import staff

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
