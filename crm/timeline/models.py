"""One history for everybody: what happened, to whom, when and by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.clock import now
from crm.extensions import BigKey, Json, Model, UtcDateTime


class Event(Model):
    """A fact of the past. The line in the history, in the audit, and what listeners hear."""

    __tablename__ = "events"
    __table_args__ = (
        sa.Index(
            "ix_events_account_at", "account_id", sa.text("at DESC"), sa.text("id DESC"), "kind"
        ),
        sa.Index("ix_events_subject", "subject_type", "subject_id", sa.text("id DESC")),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    subject_type: Mapped[str] = mapped_column(sa.String(20))
    subject_id: Mapped[int] = mapped_column(BigKey)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    restricted: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())


class Removal(Model):
    """A record that is gone: what programs that keep a copy need to hear of it."""

    __tablename__ = "removals"
    __table_args__ = (
        sa.Index("ix_removals_removed_at_id", "removed_at", "id"),
        sa.Index("ix_removals_collection_removed_at", "collection", "removed_at", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    collection: Mapped[str] = mapped_column(sa.String(20))
    record_id: Mapped[int] = mapped_column(BigKey)
    removed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def version(self) -> int:
        """What an ETag is made of: a removal is never rewritten."""
        return 1
