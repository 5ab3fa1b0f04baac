"""What a customer signed on the engineer's phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.clock import now
from crm.extensions import BigKey, Json, Model, UtcDateTime

UNSIGNED = ("phone", "absent", "declined")
"""Why a name stands without a signature: agreed on the telephone, nobody there, not wanted."""


class WorkSignature(Model):
    """One signature under the report of a work order. Added to, never rewritten.

    `strokes` are lines of points (see signature_strokes), empty when there is a `reason`;
    `content` is what was signed and `sha256` the hash of it, as the report prints it.
    """

    __tablename__ = "work_signatures"
    __table_args__ = (sa.Index("ix_work_signatures_work_order_id", "work_order_id", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    work_order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_orders.id"))
    name: Mapped[str] = mapped_column(sa.String(100))
    strokes: Mapped[list[Any]] = mapped_column(Json, default=list)
    reason: Mapped[str] = mapped_column(sa.String(10), default="")
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    taken_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
