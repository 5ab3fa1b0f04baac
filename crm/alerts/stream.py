"""The live stream of a person's new alerts: Server-Sent Events."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from crm.alerts.queries import last_id, newer
from crm.extensions import db, writing
from crm.live import Hub, hub

log = structlog.get_logger()

BEAT_SECONDS = 15
LOOK_SECONDS = 0.5
OVERLAP = 200
"""How many keys back the look goes: transactions may commit out of the order of their keys."""

_lookers: set[int] = set()
_lock = threading.Lock()


def listen(staff_id: int, after_id: int | None) -> Iterator[str]:
    """What a screen is sent: what it missed since `after_id`, then what comes, then beats."""
    proxy: Any = current_app
    app: Flask = proxy._get_current_object()
    the_hub = hub()
    inbox = the_hub.open(staff_id)
    _look_too(app, the_hub)
    missed = newer([staff_id], after_id) if after_id is not None else []
    backlog = [{"id": row.id, "account_id": row.account_id, "rule": row.rule} for row in missed]
    db.session.remove()
    return _speak(the_hub, staff_id, inbox, backlog)


def _speak(the_hub: Hub, staff_id: int, inbox: Any, backlog: list[dict[str, Any]]) -> Iterator[str]:
    said: set[int] = set()
    try:
        yield "retry: 1000\n: here\n\n"
        for message in backlog:
            said.add(message["id"])
            yield _frame(message)
        while True:
            try:
                message = inbox.get(timeout=BEAT_SECONDS)
            except queue.Empty:
                yield ": beat\n\n"
                continue
            if message["id"] not in said:
                said.add(message["id"])
                yield _frame(message)
    finally:
        the_hub.close(staff_id, inbox)


def _frame(message: dict[str, Any]) -> str:
    return f"event: alert\nid: {message['id']}\ndata: {json.dumps(message)}\n\n"


def _look_too(app: Flask, the_hub: Hub) -> None:
    """One thread of the process reads the table too, so that a lost push is half a second late."""
    with _lock:
        if id(the_hub) in _lookers:
            return
        _lookers.add(id(the_hub))
    threading.Thread(target=_look, args=(app, the_hub), name="alerts-look", daemon=True).start()


def _look(app: Flask, the_hub: Hub) -> None:
    writing.set(False)
    with app.app_context():
        seen = last_id()
        db.session.remove()
    delivered: set[int] = set()
    pause = threading.Event()
    while not pause.wait(LOOK_SECONDS):
        people = the_hub.people()
        if not people:
            continue
        with app.app_context():
            try:
                rows = newer(people, seen - OVERLAP)
            except SQLAlchemyError as error:
                log.warning("alerts.look", error=str(error))
                continue
            for row in rows:
                seen = max(seen, row.id)
                if row.id not in delivered:
                    delivered.add(row.id)
                    message = {"id": row.id, "account_id": row.account_id, "rule": row.rule}
                    the_hub.deliver_missing(row.owner_id, message)
        delivered = {one for one in delivered if one > seen - 2 * OVERLAP}
