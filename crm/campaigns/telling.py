"""Write the lines of the history for units that a campaign names, and keep their parts in step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.campaigns.actions import end, facts, unit_facts
from crm.campaigns.models import OPEN, Campaign, CampaignItem, CampaignProduct
from crm.campaigns.reaching import reach_now
from crm.crash import crashpoint
from crm.extensions import at_most, db
from crm.installed_base.models import Unit, WorkOrder
from crm.products.models import Product
from crm.timeline.actions import record, record_many

Fields = dict[str, Any]
BATCH = 500
"""Units whose lines are written in one transaction."""

_ITEMS = db.metadata.tables[CampaignItem.__tablename__]
ITEM = _ITEMS.c
UNTOUCHED = sa.and_(
    ITEM.version == 1, ITEM.status == "open", ITEM.appointed_on.is_(None),
    ITEM.work_order_id.is_(None), ITEM.note == "",
)  # fmt: skip
"""Parts of units that nobody has done anything about."""


def tell_some(campaign: Campaign) -> int | None:
    """Write the lines of the next units; returns the first of those that are left."""
    rows = db.session.execute(
        sa.select(
            ITEM.id, ITEM.unit_id, ITEM.account_id, Unit.serial_no, Product.code,
            Product.name.label("product"),
        )
        .join(Unit, Unit.id == ITEM.unit_id)
        .join(Product, Product.id == Unit.product_id)
        .where(ITEM.campaign_id == campaign.id, ITEM.told.is_(False))
        .order_by(ITEM.account_id, ITEM.id)
        .limit(at_most(BATCH))
    ).all()  # fmt: skip
    if not rows:
        return None
    about = facts(campaign)
    db.session.execute(
        sa.update(_ITEMS).where(ITEM.id.in_([row.id for row in rows])).values(told=True)
    )
    record_many("campaign.listed", "units", [_line(row, about) for row in rows])
    _tell_owners(rows, about)
    crashpoint("campaigns.told")
    left = sa.select(sa.func.min(ITEM.id)).where(
        ITEM.campaign_id == campaign.id, ITEM.told.is_(False)
    )
    return db.session.scalar(left)


def _line(row: Any, about: Fields) -> tuple[int, int | None, Fields]:
    said = {
        "unit_id": row.unit_id, "serial_no": row.serial_no, "product_code": row.code,
        "product": row.product,
    }  # fmt: skip
    return row.unit_id, row.account_id, about | said


def _tell_owners(rows: Any, about: Fields) -> None:
    """One event for each account: whoever looks after it is told by the rules."""
    held: dict[int, int] = defaultdict(int)
    for row in rows:
        held[row.account_id] += 1
    happened = [(key, None, about | {"units": number}) for key, number in held.items()]
    record_many("campaign.reached", Account.__tablename__, happened)


def join_unit(unit: Unit) -> None:
    """A unit was entered, changed or moved: running campaigns that name it have it, at its
    account of today."""
    db.session.execute(
        sa.update(_ITEMS)
        .where(ITEM.unit_id == unit.id, ITEM.account_id != unit.account_id)
        .values(account_id=unit.account_id)
    )
    running = (
        sa.select(Campaign)
        .join(CampaignProduct, CampaignProduct.campaign_id == Campaign.id)
        .where(Campaign.status == "running", CampaignProduct.product_id == unit.product_id)
        .order_by(Campaign.id)
    )
    for campaign in db.session.scalars(running).all():
        reach_now(campaign, unit.id)


def cared_for(unit_ids: Collection[int]) -> set[int]:
    """Those of some units about whose part of a campaign somebody has done something."""
    rows = sa.select(ITEM.unit_id).where(ITEM.unit_id.in_(unit_ids), ~UNTOUCHED)
    return set(db.session.scalars(rows)) if unit_ids else set()


def leave(unit_ids: Collection[int]) -> None:
    """Before units are removed: their parts of campaigns go, but for those somebody cared for."""
    db.session.execute(sa.delete(_ITEMS).where(ITEM.unit_id.in_(unit_ids), UNTOUCHED))


def sweep(day: date) -> None:
    """Every night: units that came in by file join, and campaigns whose last day is past end."""
    running = sa.select(Campaign).where(Campaign.status == "running").order_by(Campaign.id)
    for campaign in db.session.scalars(running.with_for_update()).all():
        if campaign.ends_on is not None and campaign.ends_on < day:
            end(campaign, None)
        elif campaign.reach_after is None:
            reach_now(campaign)


def work_done(work: WorkOrder) -> None:
    """Work was done: it closes the parts that name it, and, as a recall, the unit's one open
    part."""
    running = sa.select(Campaign.id).where(Campaign.status == "running")
    open_ = sa.select(CampaignItem).where(
        ITEM.unit_id == work.unit_id, ITEM.status.in_(OPEN), ITEM.campaign_id.in_(running)
    )
    found = db.session.scalars(open_.order_by(ITEM.id)).all()
    alone = work.kind == "recall" and len(found) == 1
    for item in found:
        if item.work_order_id == work.id or (alone and item.work_order_id is None):
            _close(item, work)


def _close(item: CampaignItem, work: WorkOrder) -> None:
    campaign = db.session.get_one(Campaign, item.campaign_id)
    item.status, item.done_on, item.work_order_id = "done", work.done_on, work.id
    unit = db.session.get_one(Unit, work.unit_id)
    record(
        "campaign.logged", unit, None, account_id=unit.account_id, status="done", note=item.note,
        done_on=work.done_on.isoformat() if work.done_on else None, item_id=item.id,
        **facts(campaign), **unit_facts(unit),
    )  # fmt: skip
