"""Write, claim and settle messages."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import at_most, db
from crm.outbox.models import FAST, Message
from crm.queue import ring_after_commit

LEASE = {
    "fast": timedelta(seconds=30), "heavy": timedelta(minutes=5), "hooks": timedelta(seconds=30),
}  # fmt: skip
BATCH = {"fast": 20, "heavy": 1, "hooks": 1}
MOST_ATTEMPTS = 5
MOST_CLAIMS = 25
"""A message that was claimed so often and never given back ends every process that does it. Far
more than the attempts, as those that were claimed beside it are counted with it."""
BACK_OFF = (1, 5, 30, 120)
"""Seconds to wait after the first, second … failure."""


def send(
    kind: str,
    dedupe: str,
    payload: dict[str, Any],
    lane: str = FAST,
    run_at: datetime | None = None,
) -> None:
    """Write one message in the open transaction; the same `dedupe` twice writes one."""
    send_many(kind, [(dedupe, payload)], lane, run_at)


def send_many(
    kind: str,
    messages: Sequence[tuple[str, dict[str, Any]]],
    lane: str = FAST,
    run_at: datetime | None = None,
) -> None:
    """Write a message for each (dedupe, payload) with one statement."""
    if not messages:
        return
    values = [
        {
            "kind": kind, "dedupe": dedupe, "payload": payload, "lane": lane,
            "run_at": run_at or now(), "attempts": 0,
        }
        for dedupe, payload in messages
    ]  # fmt: skip
    db.session.execute(_WRITING, values if len(values) > 1 else values[0])
    ring_after_commit(db.session(), lane)


_COLUMNS = ("kind", "dedupe", "payload", "lane", "run_at", "attempts")
# Written out: SQLAlchemy keeps no compiled form of ON CONFLICT, and every change writes a message.
_WRITING = sa.text(
    f"INSERT INTO outbox ({', '.join(_COLUMNS)}) "  # noqa: S608  # names of ours
    f"VALUES ({', '.join(f':{name}' for name in _COLUMNS)}) ON CONFLICT (dedupe) DO NOTHING"
).bindparams(*(sa.bindparam(name, type_=getattr(Message, name).type) for name in _COLUMNS))


def claim(lane: str) -> tuple[str, list[int]]:
    """Lease waiting messages of a lane; returns the lease token and the keys. Not committed."""
    token = secrets.token_hex(16)
    at = now()
    free = (  # apart, or PostgreSQL may ask it again for every row and lease more than the batch
        sa.select(Message.id)
        .where(
            Message.lane == lane,
            Message.done_at.is_(None),
            Message.dead_at.is_(None),
            Message.run_at <= at,
            sa.or_(Message.lease_until.is_(None), Message.lease_until < at),
        )
        .order_by(Message.run_at, Message.id)
        .limit(at_most(BATCH[lane]))
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    taken = db.session.execute(
        sa.update(Message)
        .where(Message.id.in_(sa.select(free.c.id)))
        .values(lease_token=token, lease_until=at + LEASE[lane], attempts=Message.attempts + 1)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return token, sorted(taken.scalars())


def mark_done(message_id: int, token: str) -> bool:
    """Mark within the effect's transaction. False: the lease is not ours, do not commit."""
    marked = db.session.execute(
        sa.update(Message)
        .where(Message.id == message_id, Message.lease_token == token, Message.done_at.is_(None))
        .values(done_at=now(), lease_token=None, lease_until=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return marked.scalar() is not None


def mark_failed(message_id: int, token: str, error: str) -> bool:
    """Give back with a pause, or bury after five attempts. True: it is dead now."""
    message = db.session.get(Message, message_id, populate_existing=True, with_for_update=True)
    if message is None or message.lease_token != token:
        return False
    message.last_error = error[:2000]
    message.lease_token = message.lease_until = None
    if message.attempts >= MOST_ATTEMPTS:
        message.dead_at = now()
        return True
    message.run_at = now() + timedelta(seconds=BACK_OFF[message.attempts - 1])
    return False
