"""Push to open screens: in this process, and through Redis to the other web processes."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Any

import redis
import structlog
from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from crm.queue import connect

log = structlog.get_logger()

PUSHES = "pushes"
CHANNEL = "engawa:live:{db}"
"""One for each database of a Redis server, so that two companies may share the server."""
REMEMBERED = 2_000
"""How many hand-overs a process remembers, so that a second look does not repeat them."""
Inbox = queue.SimpleQueue[dict[str, Any]]


class Hub:
    """Who listens in this process. A message that nobody hears is not kept: the database is."""

    def __init__(self, redis_url: str | None) -> None:
        self.redis_url = redis_url
        self._client = connect(redis_url) if redis_url else None
        self._channel = CHANNEL.format(db=_database(self._client))
        self._inboxes: dict[int, set[Inbox]] = defaultdict(set)
        self._told: deque[tuple[int, Any]] = deque(maxlen=REMEMBERED)
        self._lock = threading.Lock()
        self._listening = False

    def open(self, staff_id: int) -> Inbox:
        """A new inbox for one open screen of a person."""
        inbox: Inbox = queue.SimpleQueue()
        with self._lock:
            self._inboxes[staff_id].add(inbox)
            if self.redis_url and not self._listening:
                self._listening = True
                threading.Thread(target=self._listen, name="live", daemon=True).start()
        return inbox

    def close(self, staff_id: int, inbox: Inbox) -> None:
        """The screen is gone."""
        with self._lock:
            self._inboxes[staff_id].discard(inbox)
            if not self._inboxes[staff_id]:
                del self._inboxes[staff_id]

    def people(self) -> list[int]:
        """Keys of the staff who have a screen open in this process."""
        with self._lock:
            return list(self._inboxes)

    def deliver(self, to: Iterable[int], message: dict[str, Any]) -> None:
        """Hand a message to the screens of this process."""
        with self._lock:
            for staff_id in to:
                self._told.append((staff_id, message.get("id")))
                for inbox in self._inboxes.get(staff_id, ()):
                    inbox.put(message)

    def deliver_missing(self, staff_id: int, message: dict[str, Any]) -> None:
        """Hand over what no push brought to this process; what one did is not said twice."""
        with self._lock:
            told = (staff_id, message.get("id")) in self._told
        if not told:
            self.deliver([staff_id], message)

    def push(self, to: list[int], message: dict[str, Any]) -> None:
        """Hand a message to the screens of every process. Never raises."""
        if self._client is None:
            self.deliver(to, message)
            return
        try:
            self._client.publish(self._channel, json.dumps({"to": to, "message": message}))
        except redis.RedisError as error:
            log.warning("live.silent", error=str(error))
            self.deliver(to, message)

    def _listen(self) -> None:
        while True:
            try:
                client: Any = redis.Redis.from_url(self.redis_url or "")
                with client.pubsub() as heard:
                    heard.subscribe(self._channel)
                    for item in heard.listen():
                        if item["type"] == "message":
                            said = json.loads(item["data"])
                            self.deliver(said["to"], said["message"])
            except (redis.RedisError, OSError, ValueError) as error:
                log.warning("live.lost", error=str(error))
                time.sleep(0.5)


def _database(client: redis.Redis | None) -> int:
    return int(client.get_connection_kwargs().get("db") or 0) if client else 0


def hub() -> Hub:
    """The hub of this application."""
    found: Hub = current_app.extensions["hub"]
    return found


def push_after_commit(session: Session, to: list[int], message: dict[str, Any]) -> None:
    """Push once the open transaction is committed."""
    session.info.setdefault(PUSHES, []).append((to, message))


@event.listens_for(Session, "after_commit")
def _push(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint; nobody else can see anything yet
    for to, message in session.info.pop(PUSHES, ()):
        hub().push(to, message)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(PUSHES, None)
