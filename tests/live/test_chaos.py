"""Nothing acknowledged is lost, nothing is done twice, whatever dies when."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import redis
import sqlalchemy as sa

from crm.alerts.models import Alert
from crm.extensions import db
from crm.outbox.models import Message
from crm.support.models import Ticket
from tests.conftest import REDIS
from tests.live.conftest import PATIENCE, Installation
from tests.live.test_arrival import a_customer

pytestmark = pytest.mark.slow

TICKETS, KILLS, FLUSHES = (300, 5, 2) if REDIS else (100, 2, 0)
"""In full where web and worker are processes of their own; on SQLite there is web alone."""


def say_until_heard(here: Installation, headers: dict[str, str], number: int, customer) -> int:
    """A client that repeats with the same key until it has an answer; gives the ticket's key."""
    body = customer | {
        "subject": f"call {number}", "voice": "見積をお願いします", "category": "purchase",
    }  # fmt: skip
    key = {"Idempotency-Key": f"call-{number}"}
    for _ in range(400):
        try:
            answer = here.client.post(
                f"{here.url}/api/v1/tickets", headers=headers | key, json=body
            )
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if answer.status_code == 201:
            return int(answer.json()["id"])
        assert answer.status_code in (409, 429, 503), answer.text
        time.sleep(0.1)
    raise AssertionError(f"call {number} was never acknowledged")


def make_trouble(here: Installation, acknowledged: list[int], chance: random.Random) -> None:
    """Kill web and worker and flush Redis, spread over the calls."""
    events = ["kill"] * KILLS + ["flush"] * FLUSHES
    chance.shuffle(events)
    for place, what in enumerate(events, 1):
        while len(acknowledged) < place * TICKETS // (len(events) + 1):
            time.sleep(0.02)
        if what == "flush":
            redis.Redis.from_url(here.environ["CRM_REDIS_URL"]).flushdb()
            continue
        name = "worker" if REDIS and place % 2 else "web"
        here.kill(name)
        here.start(name)


def test_no_call_is_lost_or_told_twice_whatever_is_killed(installation):
    customer = a_customer(installation)
    headers = installation.headers(installation.company.clerk)
    acknowledged: list[int] = []
    chance = random.Random(7)
    trouble = threading.Thread(
        target=make_trouble, args=(installation, acknowledged, chance), daemon=True
    )
    trouble.start()
    with ThreadPoolExecutor(4) as clerks:
        for ticket_id in clerks.map(
            lambda n: say_until_heard(installation, headers, n, customer), range(TICKETS)
        ):
            acknowledged.append(ticket_id)
    trouble.join(PATIENCE)
    assert not trouble.is_alive()
    wait_until_drained(installation)
    assert len(set(acknowledged)) == TICKETS
    with installation.app.app_context():
        stored = set(db.session.scalars(sa.select(Ticket.id)))
        assert stored == set(acknowledged)
        told = db.session.execute(
            sa.select(Alert.ticket_id, sa.func.count())
            .where(Alert.rule == "R17")
            .group_by(Alert.ticket_id)
        ).all()
        assert dict(map(tuple, told)) == dict.fromkeys(acknowledged, 1)
        assert db.session.scalar(sa.select(sa.func.count(Message.dead_at))) == 0


def wait_until_drained(here: Installation) -> None:
    """Until nothing waits any more; a lease of a killed worker runs out after 30 seconds."""
    for _ in range(450):
        with here.app.app_context():
            left = db.session.scalar(
                sa.select(sa.func.count())
                .select_from(Message)
                .where(Message.done_at.is_(None), Message.dead_at.is_(None))
            )
        if not left:
            return
        time.sleep(0.2)
    raise AssertionError(f"{left} messages were never done")
