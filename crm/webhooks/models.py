"""Who outside hears of what happens here, and every telling with its answer."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Json, Model, UtcDateTime, Versioned

STATES = ("waiting", "delivered", "given_up", "discarded")
_WAITING = sa.text("state = 'waiting'")


class Webhook(Versioned, Dated, Model):
    """An address that hears of some kinds of event. Its secret follows from `salt`.

    `failing_since`, `failures`, `rest_until` and `busy_until` say how it goes with the receiver;
    they are written without a new version, as nobody edits them.
    """

    __tablename__ = "webhooks"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    label: Mapped[str] = mapped_column(sa.String(100))
    url: Mapped[str] = mapped_column(sa.String(500))
    kinds: Mapped[list[str]] = mapped_column(Json, default=list)
    salt: Mapped[str] = mapped_column(sa.String(40))
    old_salt: Mapped[str | None] = mapped_column(sa.String(40))
    old_salt_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pause_reason: Mapped[str] = mapped_column(sa.String(8), default="")
    failures: Mapped[int] = mapped_column(sa.Integer, default=0)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rest_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    busy_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delivery(Model):
    """One event for one address. `message_id` is the same however often it is sent."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        sa.Index("ix_webhook_deliveries_webhook_id_id", "webhook_id", "id"),
        sa.Index("ix_webhook_deliveries_webhook_id_state_id", "webhook_id", "state", "id"),
        sa.Index("ix_webhook_deliveries_state_id", "state", "id"),
        sa.Index("ix_webhook_deliveries_changed", "updated_at", "id"),
        sa.Index("ix_webhook_deliveries_made_at", "made_at"),
        sa.Index(
            "ix_webhook_deliveries_due", "webhook_id", "due_at", "id",
            sqlite_where=_WAITING, postgresql_where=_WAITING,
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    webhook_id: Mapped[int] = mapped_column(sa.ForeignKey("webhooks.id"))
    event_id: Mapped[int | None] = mapped_column(BigKey)
    kind: Mapped[str] = mapped_column(sa.String(40))
    message_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    state: Mapped[str] = mapped_column(sa.String(9), default="waiting")
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None] = mapped_column(sa.SmallInteger)
    took_ms: Mapped[int | None] = mapped_column(sa.Integer)
    error: Mapped[str] = mapped_column(sa.String(200), default="")
    request: Mapped[str] = mapped_column(sa.Text, default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def version(self) -> int:
        """What an ETag is made of."""
        return self.attempts + 1
