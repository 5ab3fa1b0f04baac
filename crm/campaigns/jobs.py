"""What waits in the outbox for campaigns. Each job may run twice and leaves the same database."""

from __future__ import annotations

from datetime import date
from typing import Any

from crm.campaigns import reaching, telling
from crm.campaigns.models import Campaign
from crm.extensions import db
from crm.installed_base.models import WORK_ENDED, Unit, WorkOrder
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.timeline.queries import event


def tell(payload: dict[str, Any]) -> None:
    """Write the lines of some units that a campaign names; the rest is another message."""
    campaign = db.session.get(Campaign, payload["campaign_id"], with_for_update=True)
    left = telling.tell_some(campaign) if campaign is not None else None
    if campaign is not None and left is not None:
        said = {"campaign_id": campaign.id}
        send("campaigns.tell", f"campaigns.tell:{campaign.id}:{left}:more", said, HEAVY)


def reach(payload: dict[str, Any]) -> None:
    """Write down the next units of a large campaign; the rest is another message."""
    campaign = db.session.get(Campaign, payload["campaign_id"], with_for_update=True)
    if campaign is not None:
        reaching.reach_some(campaign, payload["after"])


def join(payload: dict[str, Any]) -> None:
    """A unit was entered, changed or moved."""
    heard = event(payload["event_id"])
    unit = db.session.get(Unit, heard.subject_id) if heard is not None else None
    if unit is not None:
        telling.join_unit(unit)


def sweep(payload: dict[str, Any]) -> None:
    """Once a day: what came in by file joins, what is past its last day ends."""
    telling.sweep(date.fromisoformat(payload["day"]))


def follow(payload: dict[str, Any]) -> None:
    """Work was done: the part of a campaign that it was for is closed."""
    heard = event(payload["event_id"])
    work = db.session.get(WorkOrder, heard.subject_id) if heard is not None else None
    if work is not None and work.status in WORK_ENDED and work.done_on is not None:
        telling.work_done(work)
