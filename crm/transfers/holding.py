"""A job that works on a run keeps its message to itself, for a little while at a time."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.outbox.actions import MOST_ATTEMPTS
from crm.outbox.models import Message

LEASE = timedelta(seconds=45)
"""What one part may take; so soon after a kill another job goes on."""


def hold(dedupe: str) -> None:
    """Nobody else takes this message for a while. Part of the open transaction."""
    kept = sa.update(Message).where(Message.dedupe == dedupe, Message.done_at.is_(None))
    db.session.execute(
        kept.values(lease_until=now() + LEASE), execution_options={"synchronize_session": False}
    )


def let_go(dedupe: str) -> None:
    """What the message was for is done."""
    db.session.execute(sa.delete(Message).where(Message.dedupe == dedupe))


def is_last_attempt(dedupe: str) -> bool:
    """Has it been tried so often that the outbox gives it up after this time?"""
    tried = db.session.scalar(sa.select(Message.attempts).where(Message.dedupe == dedupe))
    return (tried or 0) >= MOST_ATTEMPTS
