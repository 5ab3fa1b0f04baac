"""What an installation does for itself every day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import at_most, db
from crm.idempotency import IdempotencyKey
from crm.outbox.models import Message
from crm.staff.models import SignIn

DONE_DAYS = 30
"""How long messages that were done, and idempotency keys, are kept."""


PIECE = 5_000
"""So many rows go at once: whoever writes meanwhile waits for no more than these."""


def tidy(_payload: dict[str, Any]) -> None:
    """Remove what has served: done messages, old idempotency keys, sign-ins that ran out.

    Dead messages stay until somebody has looked at them. Commits after each piece.
    """
    before = now() - timedelta(days=DONE_DAYS)
    _remove(Message, Message.done_at < before)
    _remove(IdempotencyKey, IdempotencyKey.at < before)
    _remove(SignIn, SignIn.expires_at < now())


def _remove(model: Any, old: sa.ColumnElement[bool]) -> None:
    some = sa.select(model.id).where(old).limit(at_most(PIECE))
    gone = sa.delete(model).where(model.id.in_(some)).execution_options(synchronize_session=False)
    while db.session.execute(gone).rowcount == PIECE:  # type: ignore[attr-defined]  # of a DELETE
        db.session.commit()
