"""The doorbell: it says "look" to whoever drains the outbox. Losing a ring loses nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from functools import partial
from typing import Any

import redis
import structlog
from flask import Response, after_this_request, current_app, has_request_context
from rq import Queue
from sqlalchemy import event
from sqlalchemy.orm import Session

log = structlog.get_logger()

RINGS = "doorbells"
REST_SECONDS = 2.0
"""How long a silent Redis is left alone before it is tried again."""

bells = {"fast": threading.Event(), "heavy": threading.Event(), "hooks": threading.Event()}
"""What the draining threads of this process wait for."""


class Doorbell:
    """Rings in this process, and in Redis where one is configured."""

    def __init__(self, redis_url: str | None) -> None:
        self.client = connect(redis_url) if redis_url else None
        self._rest_until = 0.0

    def ring(self, lane: str) -> None:
        """Say "look" on a lane. Never raises, never takes longer than the socket timeout."""
        bells[lane].set()
        if self.client is None or lane == "hooks" or time.monotonic() < self._rest_until:
            return  # whoever waits for others looks by itself, so that nobody waits for a worker
        try:
            Queue(lane, connection=self.client).enqueue(
                "crm.outbox.drain.look", lane, result_ttl=0, failure_ttl=60, ttl=30
            )
        except redis.RedisError as error:
            self._rest_until = time.monotonic() + REST_SECONDS
            log.warning("doorbell.silent", error=str(error))

    @property
    def silent(self) -> bool:
        """True while Redis is configured and does not answer."""
        return self.client is not None and time.monotonic() < self._rest_until


def connect(url: str) -> redis.Redis:
    """A Redis client that gives up within a quarter of a second."""
    client: redis.Redis = redis.Redis.from_url(
        url, socket_timeout=0.25, socket_connect_timeout=0.25
    )
    return client


def doorbell() -> Doorbell:
    """The doorbell of this application."""
    found: Doorbell = current_app.extensions["doorbell"]
    return found


def ring_after_commit(session: Session, lane: str) -> None:
    """Ring once the open transaction is committed; within a request, once its answer is sent."""
    session.info.setdefault(RINGS, set()).add(lane)


@event.listens_for(Session, "after_commit")
def _ring(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint; nobody else can see anything yet
    lanes = session.info.pop(RINGS, ())
    if lanes and has_request_context():
        after_this_request(lambda answer: _ring_when_sent(answer, doorbell(), lanes))
        return
    for lane in lanes:
        doorbell().ring(lane)


def _ring_when_sent(answer: Response, bell: Doorbell, lanes: Iterable[str]) -> Response:
    """Whoever asked has her answer first: to ring takes a while where Redis is busy or away."""
    for lane in lanes:
        answer.call_on_close(partial(bell.ring, lane))
    return answer


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a ring too many does no harm
    session.info.pop(RINGS, None)


def status(client: Any) -> bool:
    """Does this Redis answer now?"""
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
