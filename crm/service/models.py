"""What belongs to a work order: codes, parts, checks, companions, its way, and units on loan."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.clock import now
from crm.extensions import BigKey, Dated, Model, UtcDateTime, Versioned

CODE_KINDS = ("symptom", "cause", "action")


class FaultCode(Versioned, Dated, Model):
    """A code for what was seen, why it was so, or what was done: S12, C07, A03."""

    __tablename__ = "fault_codes"
    __table_args__ = (sa.UniqueConstraint("kind", "code"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(7))
    code: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(60))
    name_en: Mapped[str] = mapped_column(sa.String(60), default="")
    active: Mapped[bool] = mapped_column(sa.Boolean, default=True)


class WorkPart(Model):
    """A part used in a work order; `unit_price` in yen without tax.

    `chargeable` empty means that the customer bears the work order's share of parts. The two units
    say what became of the serials in the unit's tree when the work ended.
    """

    __tablename__ = "work_parts"
    __table_args__ = (sa.Index("ix_work_parts_work_order_id", "work_order_id", "position"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    work_order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_orders.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    part_no: Mapped[str] = mapped_column(sa.String(40), default="")
    name: Mapped[str] = mapped_column(sa.String(100))
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("products.id"), index=True)
    removed_serial: Mapped[str] = mapped_column(sa.String(80), default="")
    fitted_serial: Mapped[str] = mapped_column(sa.String(80), default="")
    quantity: Mapped[int] = mapped_column(sa.Integer, default=1)
    unit_price: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    chargeable: Mapped[bool | None] = mapped_column(sa.Boolean)
    removed_unit_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("units.id", ondelete="SET NULL"), index=True
    )
    fitted_unit_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("units.id", ondelete="SET NULL"), index=True
    )


class WorkCheck(Model):
    """What was measured after the work, against its standard; `passed` empty: not judged."""

    __tablename__ = "work_checks"
    __table_args__ = (sa.Index("ix_work_checks_work_order_id", "work_order_id", "position"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    work_order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_orders.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    item: Mapped[str] = mapped_column(sa.String(60))
    standard: Mapped[str] = mapped_column(sa.String(60), default="")
    measured: Mapped[str] = mapped_column(sa.String(60), default="")
    passed: Mapped[bool | None] = mapped_column(sa.Boolean)


class WorkCompanion(Model):
    """Somebody who goes along with the engineer."""

    __tablename__ = "work_companions"
    work_order_id: Mapped[int] = mapped_column(
        sa.ForeignKey("work_orders.id", ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), primary_key=True, index=True)


class WorkStep(Model):
    """A work order came into a state on a day. Added to, never rewritten."""

    __tablename__ = "work_steps"
    __table_args__ = (sa.Index("ix_work_steps_work_order_id", "work_order_id", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    work_order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_orders.id", ondelete="CASCADE"))
    before: Mapped[str] = mapped_column(sa.String(20), default="")
    status: Mapped[str] = mapped_column(sa.String(20))
    on: Mapped[date] = mapped_column(sa.Date)
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Loan(Versioned, Dated, Model):
    """A unit of ours lent to an account; `home_…` is where and how it stood before.

    A unit has one open loan at most.
    """

    __tablename__ = "loans"
    __table_args__ = (
        sa.Index(
            "uq_loans_unit_id_open", "unit_id", unique=True,
            sqlite_where=sa.text("returned_on IS NULL"),
            postgresql_where=sa.text("returned_on IS NULL"),
        ),
        sa.Index("ix_loans_unit_id", "unit_id", "id"),
        sa.Index("ix_loans_account_id", "account_id", "id"),
        sa.Index("ix_loans_due_on", "due_on", "id"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    work_order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_orders.id"), index=True)
    lent_on: Mapped[date] = mapped_column(sa.Date)
    due_on: Mapped[date] = mapped_column(sa.Date)
    returned_on: Mapped[date | None] = mapped_column(sa.Date)
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    home_account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    home_site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sites.id"))
    home_location: Mapped[str] = mapped_column(sa.String(100), default="")
    home_location_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("locations.id", ondelete="SET NULL")
    )
    home_status: Mapped[str] = mapped_column(sa.String(10), default="spare")
    home_ownership: Mapped[str] = mapped_column(sa.String(10), default="bought")
