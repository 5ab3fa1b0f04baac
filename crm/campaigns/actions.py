"""Make, start and end campaigns; say what became of a unit's part. Nothing here commits."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.attributes import values
from crm.campaigns.cards import campaign_cards
from crm.campaigns.matching import product_ids
from crm.campaigns.models import CLOSED, Campaign, CampaignItem, CampaignProduct
from crm.campaigns.reaching import reach
from crm.campaigns.serials import read
from crm.clock import now, today
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base.models import Unit, WorkOrder
from crm.products.models import Product
from crm.references import refuse_if_referred_to
from crm.search.actions import forget, index_many
from crm.text.firmware import firmware_key
from crm.timeline.actions import record

Fields = dict[str, Any]
REACH = frozenset(("product_ids", "serials", "firmware_from", "firmware_to"))


def add_campaign(fields: Fields, by_id: int | None) -> Campaign:
    """Plan a campaign; nobody is told yet. Raises Invalid, and Conflict when the number is
    taken."""
    campaign = Campaign(
        kind="recall", status="planned", notice_no="", serials="", firmware_from="",
        firmware_to="", labour_percent=100, travel_percent=100, parts_percent=100,
    )  # fmt: skip
    _write(campaign, fields)
    custom = values.settle(campaign, fields.get("attributes"), True)
    db.session.add(campaign)
    if custom:
        values.keep(campaign)
    _write_products(campaign, fields)
    _index(campaign, fresh=True)
    record("campaign.added", campaign, by_id, account_id=None, **facts(campaign))
    return campaign


def change_campaign(campaign: Campaign, fields: Fields, by_id: int | None) -> None:
    """Change a campaign; a running one may reach more units, never fewer. Raises Invalid."""
    if campaign.status == "ended":
        raise Conflict(_("This campaign has ended."))
    _write(campaign, fields)
    custom = values.settle(campaign, fields.get("attributes"), False)
    if custom:
        values.keep(campaign)
    campaign.updated_at = now()
    _write_products(campaign, fields)
    if campaign.status == "running" and REACH & fields.keys():
        reach(campaign)
    _index(campaign)
    told = facts(campaign) | {"fields": list(fields), **values.facts(custom)}
    record("campaign.changed", campaign, by_id, account_id=None, **told)


def remove_campaign(campaign: Campaign, by_id: int | None) -> None:
    """Delete a campaign that was never started. Raises Conflict."""
    refuse_if_referred_to(campaign, ("events", "campaign_products"))
    told = facts(campaign)
    forget("campaign", campaign.id)
    db.session.delete(campaign)
    record("campaign.removed", campaign, by_id, account_id=None, **told)


def _write(campaign: Campaign, fields: Fields) -> None:
    with db.session.no_autoflush:
        for name, value in fields.items():
            if name not in ("product_ids", "attributes"):
                setattr(campaign, name, value)
        read(campaign.serials)
        _check(campaign)
        other = db.session.scalar(sa.select(Campaign.id).where(Campaign.number == campaign.number))
    if other is not None and other != campaign.id:
        why = _("Another campaign has this number.")
        raise Conflict(why, {"number": [why]})


def _index(campaign: Campaign, *, fresh: bool = False) -> None:
    db.session.flush()
    index_many(campaign_cards([campaign.id]), fresh=fresh)


def _check(campaign: Campaign) -> None:
    if campaign.ends_on is not None and campaign.ends_on < campaign.starts_on:
        raise Invalid({"ends_on": [_("It cannot end before it starts.")]})
    keys = [firmware_key(one) for one in (campaign.firmware_from, campaign.firmware_to)]
    typed = (campaign.firmware_from, campaign.firmware_to)
    names = ("firmware_from", "firmware_to")
    for name, text, key in zip(names, typed, keys, strict=True):
        if text and not key:
            raise Invalid({name: [_("A version has digits or letters.")]})
    if all(keys) and keys[1] < keys[0]:
        raise Invalid({"firmware_to": [_("This version comes before the first one.")]})


def _write_products(campaign: Campaign, fields: Fields) -> None:
    db.session.flush()
    if "product_ids" not in fields:
        return
    chosen = sorted(set(fields["product_ids"]))
    there = set(db.session.scalars(sa.select(Product.id).where(Product.id.in_(chosen))))
    missing = [key for key in chosen if key not in there]
    if missing or not chosen:
        why = _("There is no product %(id)s.", id=missing[0]) if missing else _("Choose one.")
        raise Invalid({"product_ids": [why]})
    if chosen == product_ids(campaign.id):
        return
    table = CampaignProduct.__table__
    db.session.execute(sa.delete(CampaignProduct).where(table.c.campaign_id == campaign.id))
    rows = [{"campaign_id": campaign.id, "product_id": one} for one in chosen]
    db.session.execute(sa.insert(CampaignProduct), rows)


def start(campaign: Campaign, by_id: int | None) -> int:
    """Write down every unit that is named and tell their owners' reps; returns how many.

    More than 20,000 are written down by messages (crm/campaigns/reaching.py).

    Starting twice changes nothing. Raises Conflict when it has ended.
    """
    if campaign.status == "ended":
        raise Conflict(_("This campaign has ended."))
    fresh = campaign.status == "planned"
    campaign.status = "running"
    db.session.flush()
    made = reach(campaign)
    if fresh:
        record("campaign.started", campaign, by_id, account_id=None, units=made, **facts(campaign))
    return made


def end(campaign: Campaign, by_id: int | None) -> None:
    """End a campaign today; parts that are open stay as they are and bear nothing any more."""
    if campaign.status != "running":
        raise Conflict(_("This campaign does not run."))
    campaign.status, campaign.reach_total, campaign.reach_after = "ended", None, None
    campaign.ends_on = min(campaign.ends_on or today(), today())
    campaign.starts_on = min(campaign.starts_on, campaign.ends_on)
    _index(campaign)
    record("campaign.ended", campaign, by_id, account_id=None, **facts(campaign))


def log_outcome(item: CampaignItem, fields: Fields, by_id: int | None) -> None:
    """Say what became of a unit's part. Raises Invalid naming the field, Conflict when the
    campaign does not run."""
    campaign = db.session.get_one(Campaign, item.campaign_id)
    if campaign.status != "running":
        raise Conflict(_("This campaign does not run."))
    unit = db.session.get_one(Unit, item.unit_id)
    status = fields["status"]
    done = (fields.get("done_on") or today()) if status in CLOSED else None
    _check_outcome(fields, unit, done)
    item.status, item.done_on, item.by_id, item.account_id = status, done, by_id, unit.account_id
    for name in ("appointed_on", "work_order_id", "note"):
        if name in fields:
            setattr(item, name, fields[name])
    record(
        "campaign.logged", unit, by_id, account_id=unit.account_id, status=status,
        note=item.note, done_on=done.isoformat() if done else None, item_id=item.id,
        **facts(campaign), **unit_facts(unit),
    )  # fmt: skip


def _check_outcome(fields: Fields, unit: Unit, done: Any) -> None:
    if done is not None and done > today():
        raise Invalid({"done_on": [_("This day has not come yet.")]})
    key = fields.get("work_order_id")
    if key is None:
        return
    work = db.session.get(WorkOrder, key)
    if work is None or work.unit_id != unit.id:
        raise Invalid({"work_order_id": [_("This work order is about another unit.")]})


def unit_facts(unit: Unit) -> Fields:
    """How a unit is called in the history."""
    product = db.session.get_one(Product, unit.product_id)
    return {
        "unit_id": unit.id, "serial_no": unit.serial_no, "product_code": product.code,
        "product": product.name,
    }  # fmt: skip


def facts(campaign: Campaign) -> Fields:
    """How a campaign is called in the history."""
    return {
        "campaign_id": campaign.id, "number": campaign.number, "campaign_kind": campaign.kind,
        "title": campaign.title,
    }  # fmt: skip
