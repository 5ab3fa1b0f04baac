"""The address under which a person's calendar program reads what ends."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Model, UtcDateTime


class CalendarFeed(Model):
    """One secret address a person: shown once, stored as SHA-256, gone when it is taken back."""

    __tablename__ = "calendar_feeds"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), unique=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
