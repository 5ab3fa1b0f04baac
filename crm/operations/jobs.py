"""What an installation does for itself every day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.idempotency import IdempotencyKey
from crm.outbox.models import Message
from crm.staff.models import SignIn

DONE_DAYS = 30
"""How long messages that were done, and idempotency keys, are kept."""


def tidy(_payload: dict[str, Any]) -> None:
    """Remove what has served: done messages, old idempotency keys, sign-ins that ran out.

    Dead messages stay until somebody has looked at them.
    """
    before = now() - timedelta(days=DONE_DAYS)
    for old in (
        sa.delete(Message).where(Message.done_at < before),
        sa.delete(IdempotencyKey).where(IdempotencyKey.at < before),
        sa.delete(SignIn).where(SignIn.expires_at < now()),
    ):
        db.session.execute(old.execution_options(synchronize_session=False))
