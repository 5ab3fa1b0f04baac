"""What waits, and what died."""

from __future__ import annotations

import sqlalchemy as sa

from crm.extensions import db
from crm.outbox.models import Message


def waiting() -> int:
    """How many messages are not done and not dead (counted to 1,001)."""
    some = (
        sa.select(Message.id)
        .where(Message.done_at.is_(None), Message.dead_at.is_(None))
        .limit(1001)
        .subquery()
    )
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def dead(limit: int = 50) -> list[Message]:
    """The newest messages that failed five times, with their reason."""
    return list(
        db.session.scalars(
            sa.select(Message)
            .where(Message.dead_at.is_not(None))
            .order_by(Message.id.desc())
            .limit(limit)
        )
    )
