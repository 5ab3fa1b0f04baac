"""Gather what R21 asks about an account that a campaign names, and raise its alert."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.alerts.facts import CampaignFacts, Facts, OldUnit
from crm.alerts.jobs import judge
from crm.campaigns.models import OPEN, Campaign, CampaignItem
from crm.clock import local
from crm.extensions import at_most, db
from crm.installed_base.models import Unit
from crm.installed_base.terms import months_between
from crm.products.models import Product
from crm.timeline.queries import event

OLDEST = 3
"""Units that the alert names: those that are longest in use."""


def reached(payload: dict[str, Any]) -> None:
    """A campaign names units of an account: whoever looks after it hears of it once."""
    heard = event(payload["event_id"])
    if heard is None:
        return
    facts = about_account(heard.facts["campaign_id"], heard.subject_id, local(heard.at).date())
    if facts is not None:
        judge(facts, "campaign", heard.id)


def about_account(campaign_id: int, account_id: int, day: date) -> Facts | None:
    """What is known of a campaign at an account; None when the campaign is gone."""
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        return None
    item = CampaignItem.__table__.c
    mine = sa.and_(
        item.campaign_id == campaign_id, item.account_id == account_id, item.status.in_(OPEN)
    )
    number = db.session.scalar(sa.select(sa.func.count()).where(mine)) or 0
    rows = db.session.execute(
        sa.select(Unit.id, Unit.serial_no, Unit.installed_on, Product.code)
        .join(CampaignItem, item.unit_id == Unit.id)
        .join(Product, Product.id == Unit.product_id)
        .where(mine)
        .order_by(Unit.installed_on.is_(None), Unit.installed_on, Unit.id)
        .limit(at_most(OLDEST))
    )
    oldest = tuple(
        OldUnit(
            row.id, f"{row.code} {row.serial_no}",
            max(0, months_between(row.installed_on, day)) // 12 if row.installed_on else 0,
        )
        for row in rows
    )  # fmt: skip
    told = CampaignFacts(
        campaign.id, campaign.number, campaign.kind, campaign.title, campaign.starts_on,
        campaign.ends_on, number, oldest,
    )  # fmt: skip
    return Facts(day, account_id, campaign=told)
