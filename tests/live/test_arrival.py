"""An alert arrives on the rep's open screen without a reload."""

from __future__ import annotations

import json
import os
import threading
import time

import httpx
import pytest
import sqlalchemy as sa

from crm.alerts.models import Alert
from crm.extensions import db
from crm.live import Hub
from crm.outbox.drain import BEHIND
from tests.conftest import REDIS
from tests.live.conftest import PATIENCE, Installation
from tests.records import a_paid_repair, a_product, a_unit, an_account

pytestmark = pytest.mark.slow


def a_customer(here: Installation, number: int = 0) -> dict[str, int]:
    """An account with a unit whose repairs were paid for."""
    with here.app.app_context():
        account = an_account(here.company.rep, here.company.first_team)
        unit = a_unit(account, a_product(f"PW-{number}"), f"S{number}")
        a_paid_repair(account, unit, 30, 250_000)
        return {"account_id": account, "unit_id": unit}


class Screen(threading.Thread):
    """A rep's open page: hears the stream and notes when each alert came."""

    def __init__(
        self, here: Installation, staff_id: int, last: int | None = None, after: int | None = None
    ) -> None:
        super().__init__(daemon=True)
        self.heard: dict[int, float] = {}
        self.open = threading.Event()
        self._headers = here.headers(staff_id)
        if last is not None:
            self._headers["Last-Event-ID"] = str(last)
        self._url = f"{here.url}/api/v1/alerts/stream" + (f"?after={after}" if after else "")
        self.start()
        assert self.open.wait(PATIENCE)

    def run(self) -> None:
        try:
            with httpx.stream("GET", self._url, headers=self._headers, timeout=PATIENCE) as answer:
                for line in answer.iter_lines():
                    self.open.set()
                    if line.startswith("data:"):
                        self.heard.setdefault(json.loads(line[5:])["id"], time.monotonic())
        except httpx.TransportError:
            return  # the server was ended at the end of the test

    def wait_for(self, number: int) -> bool:
        until = time.monotonic() + PATIENCE
        while len(self.heard) < number and time.monotonic() < until:
            time.sleep(0.005)
        return len(self.heard) >= number


def call(here: Installation, headers: dict[str, str], customer: dict[str, int], key: str) -> int:
    answer = here.client.post(
        f"{here.url}/api/v1/tickets",
        headers=headers | {"Idempotency-Key": key},
        json=customer | {"subject": "水が出ない", "category": "failure", "voice": "また壊れました"},
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_an_alert_is_on_the_screen_without_reload_and_what_was_missed_comes_later(installation):
    customer = a_customer(installation)
    other = a_customer(installation, 1)
    clerk = installation.headers(installation.company.clerk)
    rep = Screen(installation, installation.company.rep)
    stranger = Screen(installation, installation.company.stranger)
    call(installation, clerk, customer, "first")
    assert rep.wait_for(1)
    (seen,) = rep.heard
    with installation.app.app_context():
        (alert,) = db.session.scalars(sa.select(Alert))
    assert seen == alert.id
    call(installation, clerk, other, "second")
    assert rep.wait_for(2)
    back = Screen(installation, installation.company.rep, last=seen)
    assert back.wait_for(1)
    page = Screen(installation, installation.company.rep, after=seen)
    assert page.wait_for(1)
    time.sleep(1.2)  # the look into the table comes twice and says nothing again
    assert set(back.heard) == set(page.heard) == set(rep.heard) - {seen}
    assert stranger.heard == {}


@pytest.mark.late
def test_whoever_drains_steps_back_behind_the_pages(installation):
    nice = {
        name: os.getpriority(os.PRIO_PROCESS, process.pid)
        for name, process in installation.processes.items()
    }
    assert nice["worker"] - nice["web"] == BEHIND or nice["worker"] == 19


@pytest.mark.late
def test_two_companies_on_one_redis_server_hear_nothing_of_each_other():
    server = (REDIS or "").rpartition("/")[0]
    ours, theirs = Hub(f"{server}/14"), Hub(f"{server}/15")
    heard = [(ours, ours.open(1), 7), (theirs, theirs.open(1), 8)]
    until = time.monotonic() + PATIENCE
    for hub, inbox, number in heard:
        while inbox.empty() and time.monotonic() < until:  # a subscription takes a moment
            hub.push([1], {"id": number})
            time.sleep(0.05)
    for _hub, inbox, number in heard:
        said = [inbox.get_nowait()["id"] for _ in range(inbox.qsize())]
        assert set(said) == {number}
