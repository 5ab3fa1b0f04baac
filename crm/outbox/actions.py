"""Write, claim and settle messages."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from crm.bulk import insert_once
from crm.clock import now
from crm.extensions import UtcDateTime, at_most, db
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
_TABLE = db.metadata.tables[Message.__tablename__]
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
    writing = insert_once(_TABLE, tuple(values[0]), "dedupe")
    db.session.execute(writing, values if len(values) > 1 else values[0])
    ring_after_commit(db.session(), lane)


def claim(lane: str) -> tuple[str, list[int]]:
    """Lease waiting messages of a lane; returns the lease token and the keys. Not committed."""
    token, at = secrets.token_hex(16), now()
    leased = {"at": at, "until": at + LEASE[lane], "token": token, "among": lane}
    return token, sorted(db.session.execute(_claiming(BATCH[lane]), leased).scalars())


@cache
def _claiming(most: int) -> sa.sql.dml.ReturningUpdate[Any]:
    at, column = sa.bindparam("at", type_=UtcDateTime), _TABLE.c
    free = (  # apart, or PostgreSQL may ask it again for every row and lease more than the batch
        sa.select(column.id)
        .where(
            column.lane == sa.bindparam("among"),
            column.done_at.is_(None),
            column.dead_at.is_(None),
            column.run_at <= at,
            sa.or_(column.lease_until.is_(None), column.lease_until < at),
        )
        .order_by(column.run_at, column.id)
        .limit(at_most(most))
        .with_for_update(skip_locked=True)
        .cte("free")
    )
    lease = {
        "lease_token": sa.bindparam("token"), "lease_until": sa.bindparam("until"),
        "attempts": column.attempts + 1,
    }  # fmt: skip
    taken = sa.update(_TABLE).where(column.id.in_(sa.select(free.c.id))).values(lease)
    return taken.returning(column.id)


def mark_done(message_id: int, token: str) -> bool:
    """Mark within the effect's transaction. False: the lease is not ours, do not commit."""
    told = {"message": message_id, "token": token, "at": now()}
    return db.session.execute(_DONE, told).scalar() is not None


_DONE = (
    sa.update(_TABLE)
    .where(
        _TABLE.c.id == sa.bindparam("message"),
        _TABLE.c.lease_token == sa.bindparam("token"),
        _TABLE.c.done_at.is_(None),
    )
    .values(done_at=sa.bindparam("at"), lease_token=None, lease_until=None)
    .returning(_TABLE.c.id)
)


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
