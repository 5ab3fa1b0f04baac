"""Warranties of units: the maker's, our own, extended ones."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Model, Versioned

KINDS = ("maker", "own", "extended")
EXCHANGES = ("", "advance", "loaner", "return")
"""How a defective unit is exchanged: another comes first, one is lent meanwhile, or it is sent in
and comes back; empty is not agreed."""


class Warranty(Versioned, Dated, Model):
    """A warranty on a unit; both days belong to it. Shares are the percent of a cost it bears.

    It ends sooner when the meter of that name stands above `meter_limit` (in the meter's unit),
    and, unless it is transferable, when the unit becomes another account's.
    """

    __tablename__ = "warranties"
    __table_args__ = (sa.Index("ix_warranties_unit_id_ends_on", "unit_id", "ends_on", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(8), default="maker")
    starts_on: Mapped[date] = mapped_column(sa.Date)
    ends_on: Mapped[date] = mapped_column(sa.Date)
    meter_name: Mapped[str] = mapped_column(sa.String(60), default="")
    meter_limit: Mapped[int | None] = mapped_column(sa.BigInteger)
    labour_percent: Mapped[int] = mapped_column(sa.SmallInteger, default=100)
    travel_percent: Mapped[int] = mapped_column(sa.SmallInteger, default=100)
    parts_percent: Mapped[int] = mapped_column(sa.SmallInteger, default=100)
    transferable: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    exchange: Mapped[str] = mapped_column(sa.String(8), default="", server_default="")
    exclusions: Mapped[str] = mapped_column(sa.String(1000), default="")
