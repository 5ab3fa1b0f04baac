"""Messages written in the transaction of the change they follow from. The database is the queue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.clock import now
from crm.extensions import BigKey, Json, Model, UtcDateTime

FAST, HEAVY, HOOKS = "fast", "heavy", "hooks"
"""Short work; long work; what waits for somebody else's server."""
LANES = (FAST, HEAVY, HOOKS)


class Message(Model):
    """One piece of work to do once. `dedupe` is unique: saying it twice makes one message."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index(
            "ix_outbox_waiting",
            "lane",
            "run_at",
            "id",
            sqlite_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND dead_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    dedupe: Mapped[str] = mapped_column(sa.String(160), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    lane: Mapped[str] = mapped_column(sa.String(5), default=FAST)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    lease_token: Mapped[str | None] = mapped_column(sa.String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(sa.Text)
