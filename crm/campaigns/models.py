"""Recalls and field campaigns, and what became of every unit that they name."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.attributes.models import Attributed
from crm.extensions import BigKey, Dated, Model, Versioned

KINDS = ("recall", "field")
STATUSES = ("planned", "running", "ended")
OPEN = ("open", "informed", "appointed")
CLOSED = ("done", "refused", "not_found")
OUTCOMES = (*OPEN, *CLOSED)


class Campaign(Attributed, Versioned, Dated, Model):
    """A recall (the maker must) or a field campaign (the maker wants to) over some units.

    `serials` is what people typed, a range or a number a line; empty names every serial number.
    Shares are the percent of a cost that is borne while a unit's part is open.
    While very many units are being written down `reach_total` says how many there are and
    `reach_after` the key of a unit up to which it is done; then both are empty.
    """

    __tablename__ = "campaigns"
    __table_args__ = (sa.Index("ix_campaigns_status_id", "status", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(6), default="recall")
    title: Mapped[str] = mapped_column(sa.String(120))
    notice_no: Mapped[str] = mapped_column(sa.String(60), default="")
    serials: Mapped[str] = mapped_column(sa.Text, default="")
    firmware_from: Mapped[str] = mapped_column(sa.String(40), default="")
    firmware_to: Mapped[str] = mapped_column(sa.String(40), default="")
    labour_percent: Mapped[int] = mapped_column(sa.SmallInteger, default=100)
    travel_percent: Mapped[int] = mapped_column(sa.SmallInteger, default=100)
    parts_percent: Mapped[int] = mapped_column(sa.SmallInteger, default=100)
    starts_on: Mapped[date] = mapped_column(sa.Date)
    ends_on: Mapped[date | None] = mapped_column(sa.Date)
    status: Mapped[str] = mapped_column(sa.String(7), default="planned")
    reach_total: Mapped[int | None] = mapped_column(sa.Integer)
    reach_after: Mapped[int | None] = mapped_column(sa.BigInteger)


class CampaignProduct(Model):
    """A product whose units a campaign may name."""

    __tablename__ = "campaign_products"
    campaign_id: Mapped[int] = mapped_column(
        sa.ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    )
    product_id: Mapped[int] = mapped_column(
        sa.ForeignKey("products.id"), primary_key=True, index=True
    )


class CampaignItem(Versioned, Dated, Model):
    """A unit's part of a campaign: exactly one per campaign and unit, at its account of today.

    `done_on` is the day on which it was closed, however. `told` says that the unit's history has
    its line already.
    """

    __tablename__ = "campaign_items"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "unit_id"),
        sa.Index("ix_campaign_items_unit_id_status", "unit_id", "status"),
        sa.Index("ix_campaign_items_account", "campaign_id", "account_id", "id"),
        sa.Index("ix_campaign_items_status", "campaign_id", "status", "account_id", "id"),
        sa.Index("ix_campaign_items_told", "campaign_id", "told", "account_id", "id"),
        sa.Index("ix_campaign_items_account_id", "account_id", "status"),
        sa.Index(
            "ix_campaign_items_appointed_on", "appointed_on", "unit_id",
            sqlite_where=sa.text("done_on IS NULL"),
            postgresql_where=sa.text("done_on IS NULL"),
        ),
        sa.Index(
            "ix_campaign_items_waiting", "campaign_id", "unit_id",
            sqlite_where=sa.text("done_on IS NULL AND appointed_on IS NULL"),
            postgresql_where=sa.text("done_on IS NULL AND appointed_on IS NULL"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaigns.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    status: Mapped[str] = mapped_column(sa.String(9), default="open")
    done_on: Mapped[date | None] = mapped_column(sa.Date)
    appointed_on: Mapped[date | None] = mapped_column(sa.Date)
    work_order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_orders.id"), index=True)
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    told: Mapped[bool] = mapped_column(sa.Boolean, default=False)
