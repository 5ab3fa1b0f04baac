"""What a won deal hands over to service: units to be filled in, plans, and a ticket with the list.

`made_version` is the version of a record as the program left it: a higher one was touched since.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Model, Versioned


class Handover(Versioned, Dated, Model):
    """One for each won deal; open until the last of its units is accepted."""

    __tablename__ = "handovers"
    __table_args__ = (sa.Index("ix_handovers_open_id", "open", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    deal_id: Mapped[int] = mapped_column(sa.ForeignKey("deals.id"), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"), unique=True)
    ticket_version: Mapped[int | None] = mapped_column(sa.Integer)
    open: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    done_on: Mapped[date | None] = mapped_column(sa.Date)


class HandoverUnit(Model):
    """A unit that a deal brought: one piece of one product."""

    __tablename__ = "handover_units"
    __table_args__ = (sa.Index("ix_handover_units_handover_id_unit_id", "handover_id", "unit_id"),)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True)
    handover_id: Mapped[int] = mapped_column(sa.ForeignKey("handovers.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("products.id"))
    made_version: Mapped[int] = mapped_column(sa.Integer)


class HandoverPlan(Model):
    """The maintenance plan over the units of one product; it begins with the acceptance."""

    __tablename__ = "handover_plans"
    __table_args__ = (sa.UniqueConstraint("handover_id", "product_id"),)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("maintenance_plans.id"), primary_key=True)
    handover_id: Mapped[int] = mapped_column(sa.ForeignKey("handovers.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("products.id"))
    made_version: Mapped[int] = mapped_column(sa.Integer)
