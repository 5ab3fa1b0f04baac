"""The days that follow from intervals and cycles, and the addresses of people's calendars."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Model, UtcDateTime


class UnitDue(Model):
    """When a unit is inspected by its product's interval, or needs what is used up in it.

    `due_on` is the first day; what has `every_days` comes back after so many, and `phase` is the
    place of its days in that cycle: their number (as Python counts days) modulo `every_days`.
    Kept for units in use by `crm/expiry/keeping.py`; a reader asks the unit whether it still is.
    """

    __tablename__ = "unit_dues"
    __table_args__ = (
        sa.Index("ix_unit_dues_kind_due_on", "kind", "due_on", "unit_id"),
        sa.Index("ix_unit_dues_every_days_phase", "every_days", "phase", "unit_id"),
    )
    unit_id: Mapped[int] = mapped_column(
        sa.ForeignKey("units.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    due_on: Mapped[date] = mapped_column(sa.Date)
    every_days: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    phase: Mapped[int] = mapped_column(sa.SmallInteger, default=0)


class CalendarFeed(Model):
    """One secret address a person: shown once, stored as SHA-256, gone when it is taken back."""

    __tablename__ = "calendar_feeds"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), unique=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
