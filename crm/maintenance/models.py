"""Maintenance plans over units, and the visits that follow from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Exact, Model, Versioned

CALENDAR = ("fixed", "floating")
METERED = ("counter", "gauge")
RULES = (*CALENDAR, *METERED)
"""`fixed` counts from the first day, `floating` from the day the last visit was done, `counter` by
what a counter has run, `gauge` waits until a gauge is out of bounds."""

PERIODS = ("months", "days")
OPEN = ("planned", "moved")
STATES = ("planned", "moved", "done", "skipped")


class MaintenancePlan(Versioned, Dated, Model):
    """What is done regularly on some units of an account; work is arranged `horizon_days` ahead.

    By the calendar `every` so many `period`; by a `counter` at every `counts` of the meter of that
    name; by a `gauge` when it was above (or below) `threshold` so many times `in_a_row`.
    """

    __tablename__ = "maintenance_plans"
    __table_args__ = (sa.Index("ix_maintenance_plans_account_id", "account_id", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    contract_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("service_contracts.id"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(60))
    work_kind: Mapped[str] = mapped_column(sa.String(14), default="inspection")
    rule: Mapped[str] = mapped_column(sa.String(8), default="fixed")
    period: Mapped[str] = mapped_column(sa.String(6), default="months")
    every: Mapped[int] = mapped_column(sa.SmallInteger)
    first_due_on: Mapped[date] = mapped_column(sa.Date)
    horizon_days: Mapped[int] = mapped_column(sa.SmallInteger, default=60)
    assignee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    active: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    meter: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    counts: Mapped[Decimal | None] = mapped_column(Exact)
    threshold: Mapped[Decimal | None] = mapped_column(Exact)
    above: Mapped[bool] = mapped_column(sa.Boolean, default=True, server_default=sa.true())
    in_a_row: Mapped[int] = mapped_column(sa.SmallInteger, default=3, server_default="3")


class PlanUnit(Model):
    """A unit under a plan. `next_due_on` is empty while a floating plan waits for its visit; from
    `wakes_on` on the visit of that day is to be arranged, never while the plan is stopped."""

    __tablename__ = "plan_units"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "unit_id"),
        sa.Index("ix_plan_units_wakes_on", "wakes_on", "id"),
        sa.Index("ix_plan_units_next_due_on", "next_due_on", "unit_id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("maintenance_plans.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    next_due_on: Mapped[date | None] = mapped_column(sa.Date)
    wakes_on: Mapped[date | None] = mapped_column(sa.Date)


class Visit(Versioned, Dated, Model):
    """One visit: exactly one per plan, unit and due day, and the work order it made.

    Of a plan by meters there is exactly one per plan, unit and `occasion`: the multiple of a
    counter, or the first reading of an episode of a gauge.
    """

    __tablename__ = "visits"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "unit_id", "due_on"),
        sa.Index("uq_visits_occasion", "plan_id", "unit_id", "occasion", unique=True),
        sa.Index("ix_visits_visit_on", "visit_on", "id"),
        sa.Index("ix_visits_visit_on_unit_id", "visit_on", "unit_id"),
        sa.Index("ix_visits_assignee_id_visit_on", "assignee_id", "visit_on", "id"),
        sa.Index("ix_visits_unit_id_visit_on", "unit_id", "visit_on", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("maintenance_plans.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    due_on: Mapped[date] = mapped_column(sa.Date)
    visit_on: Mapped[date] = mapped_column(sa.Date)
    state: Mapped[str] = mapped_column(sa.String(7), default="planned")
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    done_on: Mapped[date | None] = mapped_column(sa.Date)
    assignee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    work_order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_orders.id"), unique=True)
    occasion: Mapped[int | None] = mapped_column(sa.BigInteger)
