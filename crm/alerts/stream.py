"""The live stream of a person's new alerts: Server-Sent Events."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from crm.alerts.queries import last_id, newer, recent
from crm.connections import writing
from crm.extensions import db
from crm.live import Hub, Inbox, hub

log = structlog.get_logger()

BEAT_SECONDS = 15
LOOK_SECONDS = 0.5
OVERLAP = 200
"""How many keys back the look goes: transactions may commit out of the order of their keys."""
MOST = 3 * OVERLAP
"""Alerts of one look: more than lie in the overlap, or it would see the same ones for ever."""

_lookers: set[int] = set()
_lock = threading.Lock()


def listen(staff_id: int, after_id: int | None, still: Callable[[], bool]) -> Iterator[str]:
    """What a screen is sent: what it missed since `after_id`, then what comes, then beats.

    It ends when an alert comes and whoever listens is not signed in any more (`still`).
    """
    proxy: Any = current_app
    the_hub = hub()
    _look_too(proxy._get_current_object(), the_hub)
    frames = _speak(the_hub, staff_id, after_id, still)
    # Begun here: what goes wrong is answered in words, and its inbox is closed whenever it ends.
    return chain([next(frames)], frames)


def _speak(
    the_hub: Hub, staff_id: int, after_id: int | None, still: Callable[[], bool]
) -> Iterator[str]:
    inbox = the_hub.open(staff_id)
    try:
        backlog = (
            [_message(row) for row in newer(staff_id, after_id)] if after_id is not None else []
        )
        db.session.remove()
        yield "retry: 1000\n: here\n\n"
        yield from map(_frame, backlog)
        yield from _live(inbox, {_key(one) for one in backlog}, still)
    finally:
        the_hub.close(staff_id, inbox)


def _live(inbox: Inbox, said: set[Any], still: Callable[[], bool]) -> Iterator[str]:
    while True:
        try:
            message = inbox.get(timeout=BEAT_SECONDS)
        except queue.Empty:
            yield ": beat\n\n"
            continue
        if not still():
            return
        if _key(message) not in said:
            said.add(_key(message))
            yield _frame(message)


def _key(message: dict[str, Any]) -> tuple[Any, Any]:
    """What is told once: an alert, and once more each time it comes back (`again`)."""
    return message["id"], message.get("again")


def _message(row: Any) -> dict[str, Any]:
    return {"id": row.id, "account_id": row.account_id, "rule": row.rule}


def _frame(message: dict[str, Any]) -> str:
    """An alert, or what else `event` says; only an alert's key is where a screen goes on from."""
    told = {name: value for name, value in message.items() if name not in ("again", "event")}
    kind = message.get("event", "alert")
    place = f"id: {message['id']}\n" if kind == "alert" else ""
    return f"event: {kind}\n{place}data: {json.dumps(told)}\n\n"


def _look_too(app: Flask, the_hub: Hub) -> None:
    """One thread of the process reads the table too, so that a lost push is half a second late."""
    with _lock:
        if id(the_hub) in _lookers:
            return
        _lookers.add(id(the_hub))
    threading.Thread(target=_look, args=(app, the_hub), name="alerts-look", daemon=True).start()


def _look(app: Flask, the_hub: Hub) -> None:
    """Hand over what no push brought. What was there when it begins is nobody's news."""
    writing.set(False)
    known: set[int] | None = None
    seen, pause = 0, threading.Event()
    while True:
        rows: Sequence[Any] | None = None
        try:
            with app.app_context():
                seen = last_id() if known is None else seen
                rows = recent(seen - OVERLAP, MOST)
        except SQLAlchemyError as error:
            log.warning("alerts.look", error=str(error))
        if rows is not None:
            fresh = [] if known is None else [row for row in rows if row.id not in known]
            for row in fresh:
                the_hub.deliver_missing(row.owner_id, _message(row))
            seen = max((seen, *(row.id for row in rows)))
            known = {row.id for row in rows} | {
                one for one in known or () if one > seen - 2 * OVERLAP
            }
        pause.wait(LOOK_SECONDS)
