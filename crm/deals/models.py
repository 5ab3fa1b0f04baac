"""Deals on their way to an order, and the activities that move them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.attributes.models import Attributed
from crm.clock import local
from crm.extensions import BigKey, Dated, Json, Model, UtcDateTime, Versioned

OPEN_STAGES = ("lead", "discovery", "proposal", "quotation", "negotiation")
STAGES = (*OPEN_STAGES, "won", "lost")
_OPEN = sa.text("stage IN ('lead', 'discovery', 'proposal', 'quotation', 'negotiation')")
RANKS = ("A", "B", "C", "D")
RANK_WEIGHTS = {"A": 90, "B": 70, "C": 40, "D": 10}
ORIGINS = ("support", "sales", "referral", "web")
LOST_REASONS = (
    "price", "function", "competitor", "delivery", "budget", "decision", "need_gone", "relation",
    "slow", "compliance", "other",
)  # fmt: skip
ACTIVITY_KINDS = ("visit", "phone", "web_meeting", "mail", "meeting", "quotation")
RESULTS = ("forward", "same", "back")
EVIDENCE = ("budget", "decision_maker", "need", "timing")
"""What must be known of a deal before its rank can be believed."""
MOST_YEN = 10**13
"""No amount of a deal is larger."""


def deal_number(opened: datetime, key: int) -> str:
    """Year and month on the company's clock, and the key, as printed on lists: D-2611-338."""
    return f"D-{local(opened):%y%m}-{key}"


class Deal(Attributed, Versioned, Dated, Model):
    """One chance of an order. Amounts in yen without tax."""

    __tablename__ = "deals"
    __table_args__ = (
        sa.Index("ix_deals_stage_expected", "stage", "expected_close_on", "id", "rank", "amount"),
        sa.Index(
            "ix_deals_team_stage", "team_id", "stage", "expected_close_on", "id", "rank", "amount"
        ),
        sa.Index(
            "ix_deals_owner_stage", "owner_id", "stage", "expected_close_on", "id", "rank", "amount"
        ),
        sa.Index("ix_deals_owner_closed", "owner_id", "closed_on"),
        sa.Index("ix_deals_expected_id", "expected_close_on", "id"),
        sa.Index("ix_deals_owner_expected", "owner_id", "expected_close_on", "id"),
        sa.Index("ix_deals_team_expected", "team_id", "expected_close_on", "id"),
        sa.Index("ix_deals_amount_id", "amount", "id"),
        sa.Index("ix_deals_account_id", "account_id", "id"),
        sa.Index("ix_deals_owner_next_step", "owner_id", "next_step_on", "id"),
        sa.Index(
            "ix_deals_open_account_id", "account_id", "expected_close_on", "id",
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sites.id"))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contacts.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    stage: Mapped[str] = mapped_column(sa.String(12), default="lead")
    stage_since: Mapped[datetime] = mapped_column(UtcDateTime)
    rank: Mapped[str] = mapped_column(sa.String(1), default="D")
    amount: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    gross_profit: Mapped[int | None] = mapped_column(sa.BigInteger)
    expected_close_on: Mapped[date | None] = mapped_column(sa.Date)
    revenue_on: Mapped[date | None] = mapped_column(sa.Date)
    closed_on: Mapped[date | None] = mapped_column(sa.Date)
    next_step: Mapped[str] = mapped_column(sa.String(200), default="")
    next_step_on: Mapped[date | None] = mapped_column(sa.Date)
    next_step_kind: Mapped[str | None] = mapped_column(sa.String(12))
    next_step_time: Mapped[str | None] = mapped_column(sa.String(5))
    next_step_promised: Mapped[bool] = mapped_column(
        sa.Boolean, default=False, server_default=sa.false()
    )
    origin: Mapped[str] = mapped_column(sa.String(10), default="sales")
    from_alert_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("alerts.id", use_alter=True), unique=True
    )
    competitor: Mapped[str] = mapped_column(sa.String(100), default="")
    competitor_note: Mapped[str] = mapped_column(sa.Text, default="")
    evidence: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    last_activity_on: Mapped[date | None] = mapped_column(sa.Date)
    won_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    lost_reason: Mapped[str | None] = mapped_column(sa.String(12))
    lost_reason_own: Mapped[str] = mapped_column(sa.String(200), default="")
    revisit_on: Mapped[date | None] = mapped_column(sa.Date)
    lines: Mapped[list[DealLine]] = relationship(
        cascade="all, delete-orphan", order_by="DealLine.position", lazy="select"
    )

    @property
    def number(self) -> str:
        """As `deal_number` has it."""
        return deal_number(self.created_at, self.id)

    @property
    def weighted_amount(self) -> int:
        """The amount times the rank's weight, in yen, rounded down."""
        return self.amount * RANK_WEIGHTS[self.rank] // 100


class DealSum(Model):
    """Deals of a team, a stage and a rank together; a sum may lie in several rows.

    Triggers keep them (crm/deals/sum_triggers.py). `team_id` is 0 for deals without a team; it is
    no foreign key, as a sum of nothing must not hold a team that is gone.
    """

    __tablename__ = "deal_sums"
    __table_args__ = (sa.Index("ix_deal_sums_stage", "stage", "rank", "team_id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.BigInteger)
    stage: Mapped[str] = mapped_column(sa.String(12))
    rank: Mapped[str] = mapped_column(sa.String(1))
    number: Mapped[int] = mapped_column(sa.Integer)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    weighted: Mapped[int] = mapped_column(sa.BigInteger)


Deal.__table__.add_is_dependent_on(DealSum.__table__)  # type: ignore[attr-defined]  # a Table
"""Emptied, made and dropped in the order in which the triggers find what they write."""


class DealLine(Model):
    """One line of a deal; `unit_price` and `unit_cost` in yen without tax."""

    __tablename__ = "deal_lines"
    __table_args__ = (sa.Index("ix_deal_lines_product_id", "product_id", "deal_id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    deal_id: Mapped[int] = mapped_column(sa.ForeignKey("deals.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("products.id"))
    description: Mapped[str] = mapped_column(sa.String(200), default="")
    quantity: Mapped[int] = mapped_column(sa.Integer, default=1)
    unit_price: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    unit_cost: Mapped[int | None] = mapped_column(sa.BigInteger)

    @property
    def amount(self) -> int:
        """Quantity times price in yen."""
        return self.quantity * self.unit_price


class DealUnit(Model):
    """An installed unit that the deal is about (to replace, to cover, to extend)."""

    __tablename__ = "deal_units"
    deal_id: Mapped[int] = mapped_column(
        sa.ForeignKey("deals.id", ondelete="CASCADE"), primary_key=True
    )
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True, index=True)


class DealChange(Model):
    """The complete state of a deal from `at` on: the pipeline of any day is read from here."""

    __tablename__ = "deal_changes"
    __table_args__ = (
        sa.Index("ix_deal_changes_deal_id_at", "deal_id", "at", "id"),
        sa.Index("ix_deal_changes_at", "at", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    deal_id: Mapped[int] = mapped_column(sa.ForeignKey("deals.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    stage: Mapped[str] = mapped_column(sa.String(12))
    stage_since: Mapped[datetime] = mapped_column(UtcDateTime)
    rank: Mapped[str] = mapped_column(sa.String(1))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    expected_close_on: Mapped[date | None] = mapped_column(sa.Date)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))


class Activity(Attributed, Versioned, Dated, Model):
    """A visit, call or meeting: planned, or done. `at` is its instant."""

    __tablename__ = "activities"
    __table_args__ = (
        sa.Index("ix_activities_account_id_at", "account_id", "at", "id"),
        sa.Index("ix_activities_by_id_at", "by_id", "at", "id"),
        sa.Index("ix_activities_at", "at", "id"),
        sa.Index(
            "ix_activities_planned", "at", "id",
            postgresql_where=sa.text("planned"), sqlite_where=sa.text("planned IS 1"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    deal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deals.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    result: Mapped[str] = mapped_column(sa.String(20), default="")
    next_step: Mapped[str] = mapped_column(sa.String(200), default="")
    promised: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())


class ActivityContact(Model):
    """Who of the customer took part."""

    __tablename__ = "activity_contacts"
    activity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True
    )
    contact_id: Mapped[int] = mapped_column(
        sa.ForeignKey("contacts.id"), primary_key=True, index=True
    )


class SalesTarget(Model):
    """What a person is to win in a month, in yen; `month` is its first day."""

    __tablename__ = "sales_targets"
    __table_args__ = (sa.UniqueConstraint("staff_id", "month"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    month: Mapped[date] = mapped_column(sa.Date)
    amount: Mapped[int] = mapped_column(sa.BigInteger)


class StagePace(Model):
    """How long deals stay in a stage, in days: the median of the stays that ended."""

    __tablename__ = "stage_paces"
    stage: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    median_days: Mapped[int] = mapped_column(sa.Integer)
    stays: Mapped[int] = mapped_column(sa.Integer)
    measured_on: Mapped[date] = mapped_column(sa.Date)
