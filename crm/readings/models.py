"""Meters of units and what they said. Readings are added, never rewritten."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.clock import now
from crm.extensions import (
    BigKey,
    Dated,
    Exact,
    Model,
    UtcDateTime,
    Versioned,
    key_text,
)

METER_KINDS = ("counter", "gauge")
"""A `counter` runs forward, a `gauge` goes both ways."""

SOURCES = ("person", "csv", "api", "service")
MOST = Decimal(10) ** 12
"""No reading and no limit is larger, either way."""


class Meter(Versioned, Dated, Model):
    """What is read on a unit: hours, sheets, a voltage. `rated_limit` is what it is built for."""

    __tablename__ = "meters"
    __table_args__ = (sa.UniqueConstraint("unit_id", "name_key"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    name_key: Mapped[str] = mapped_column(key_text(120))
    measure: Mapped[str] = mapped_column(sa.String(20), default="")
    kind: Mapped[str] = mapped_column(sa.String(8), default="counter")
    rated_limit: Mapped[Decimal | None] = mapped_column(Exact)
    decimals: Mapped[int] = mapped_column(sa.SmallInteger, default=0)


class Reading(Model):
    """What a meter said at an instant. Of one meter and instant the highest `revision` stands.

    A correction is a row with the next revision; one without a value takes the reading back.
    `offset` is what a counter had run before it was last reset: value + offset is its total.
    """

    __tablename__ = "readings"
    __table_args__ = (
        sa.UniqueConstraint("meter_id", "at", "revision"),
        sa.Index("ix_readings_meter_id_id", "meter_id", "id"),
        sa.Index("ix_readings_changed", "noted_at", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    meter_id: Mapped[int] = mapped_column(sa.ForeignKey("meters.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    value: Mapped[Decimal | None] = mapped_column(Exact)
    offset: Mapped[Decimal] = mapped_column(Exact, default=Decimal(0))
    reset: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    source: Mapped[str] = mapped_column(sa.String(7), default="person")
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def version(self) -> int:
        """What an ETag is made of: a reading is never rewritten."""
        return 1
