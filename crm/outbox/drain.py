"""Take waiting messages and do them: one transaction holds the effect and the mark."""

from __future__ import annotations

import gc
import os
import threading
import traceback
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from crm.crash import crashpoint
from crm.extensions import db
from crm.outbox.actions import MOST_CLAIMS, claim, mark_done, mark_failed
from crm.outbox.models import HOOKS, LANES, Message
from crm.queue import bells

log = structlog.get_logger()

Handler = Callable[[dict[str, Any]], None]
LOOK_SECONDS = 0.5
BEHIND = 5
"""How far a process that only drains steps back (nice): a third of a page's share of a processor
that both want."""
GARBAGE_THRESHOLD = 50_000
"""Objects made before Python looks for rubbish."""
_DISK_FOLLOWS = sa.text("SET LOCAL synchronous_commit TO off")
AT_ONCE = {HOOKS: 2}
"""How many threads drain a lane at once: a receiver that is silent holds up one of them."""


def handlers() -> dict[str, Handler]:
    """Message kind → what does it; wired by the factory."""
    found: dict[str, Handler] = current_app.extensions["handlers"]
    return found


def drain(lane: str) -> int:
    """Do everything that waits on a lane; returns how many messages were done. Commits."""
    done = 0
    while True:
        token, ids = claim(lane)
        if not ids:
            db.session.commit()
            return done
        _commit_unhurriedly()
        crashpoint("outbox.after_claim")
        done += sum(do_one(message_id, token) for message_id in ids)


def do_one(message_id: int, token: str) -> bool:
    """Do one leased message. Commits effect and mark together, or neither."""
    try:
        message = db.session.get(Message, message_id)
        if message is None or message.lease_token != token or message.done_at is not None:
            db.session.rollback()
            return False
        if message.attempts > MOST_CLAIMS:
            raise RuntimeError("It has ended every process that tried it.")
        handlers()[message.kind](message.payload)
        crashpoint("outbox.after_effect")
        if not mark_done(message_id, token):
            db.session.rollback()
            return False
        _commit_unhurriedly()
        crashpoint("outbox.after_mark")
        return True
    except Exception as error:  # one bad message must not stop the others
        db.session.rollback()
        _give_back(message_id, token, error)
        return False


def _commit_unhurriedly() -> None:
    """Commit without waiting for PostgreSQL's disk, which then has more of its time for tickets.

    What a power failure takes with it waits once more afterwards, as a message and its effect are
    one transaction. Whoever commits after it and does wait, waits for this as well, so that nothing
    rests on what was lost. SQLite's commits wait for nothing anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(_DISK_FOLLOWS)
    db.session.commit()


def _give_back(message_id: int, token: str, error: Exception) -> None:
    reason = "".join(traceback.format_exception_only(error)).strip()
    log.warning("outbox.failed", message=message_id, reason=reason, exc_info=error)
    if mark_failed(message_id, token, reason):
        log.error("outbox.dead", message=message_id, reason=reason)
    db.session.commit()


def settle() -> None:
    """A process that only drains begins.

    What was loaded stays for good, and the collector need not walk it again and again while a
    night's messages are done. Whoever waits for a page goes first.
    """
    os.nice(BEHIND)
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 20, 50)


def look(lane: str) -> int:
    """What an RQ job calls: drain within the application that the worker has loaded."""
    return drain(lane)


def keep_looking(app: Flask, lane: str, stop: threading.Event) -> None:
    """Drain at every ring and every half second until told to stop."""
    while not stop.is_set():
        bells[lane].wait(LOOK_SECONDS)
        bells[lane].clear()
        try:
            with app.app_context():
                drain(lane)
        except SQLAlchemyError as error:  # also of leaving the context: its rollback may fail
            log.warning("outbox.database", error=str(error))
            stop.wait(LOOK_SECONDS)


def start_threads(app: Flask, lanes: tuple[str, ...] = LANES) -> threading.Event:
    """Start one draining thread per lane, and as many as are useful where others are waited for;
    set the returned event to end them."""
    stop = threading.Event()
    for lane in (one for one in lanes for _ in range(AT_ONCE.get(one, 1))):
        threading.Thread(
            target=keep_looking, args=(app, lane, stop), name=f"drain-{lane}", daemon=True
        ).start()
    return stop
