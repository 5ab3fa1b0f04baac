"""Write down the units that a campaign names: a few at once, very many window by window.

Writing down a million units takes more seconds than a request may. Above `LARGE` the request only
counts them; the rest is a chain of messages, each of which writes what is named among the next
`WINDOW` keys, moves `reach_after` on, and sends the one behind it, in one transaction. So a job
that is done twice, or dies, or is overtaken by a change of the campaign, writes nothing twice.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from crm.campaigns.matching import named, product_ids, write_items
from crm.campaigns.models import Campaign, CampaignItem
from crm.crash import crashpoint
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.outbox.actions import send
from crm.outbox.models import HEAVY

LARGE = 20_000
"""Units that are written down in the request itself."""

WINDOW = 20_000
"""Keys of units that are looked through in one transaction."""

_CAMPAIGNS = db.metadata.tables[Campaign.__tablename__]


def reach(campaign: Campaign, only_unit: int | None = None) -> int:
    """Write down units that are named and not there; their owners are told by a message.

    Returns how many there are to write down; of more than `LARGE` only the first step is sent.
    """
    if only_unit is None:
        number = _number(campaign)
        if number > LARGE:
            _mark(campaign, number, 0)
            _go_on(campaign, 0)
            return number
    return reach_now(campaign, only_unit)


def reach_now(campaign: Campaign, only_unit: int | None = None) -> int:
    """The same at once, however many they are."""
    made = write_items(campaign, only_unit)
    if made:
        _tell(campaign)
    return made


def reach_some(campaign: Campaign, after: int) -> None:
    """The units among the next keys behind one; a step that was taken already takes none."""
    if campaign.status != "running" or campaign.reach_after != after:
        return
    write_items(campaign, between=(after, after + WINDOW))
    crashpoint("campaigns.reached")
    last = db.session.scalar(sa.select(sa.func.max(Unit.id))) or 0
    if after + WINDOW < last:
        _mark(campaign, campaign.reach_total, after + WINDOW)
        _go_on(campaign, after + WINDOW)
    else:
        _mark(campaign, None, None)
        _tell(campaign)


def _number(campaign: Campaign) -> int:
    units = named(campaign, product_ids(campaign.id)).subquery("reached")
    return db.session.scalar(sa.select(sa.func.count()).select_from(units)) or 0


def _mark(campaign: Campaign, total: int | None, after: int | None) -> None:
    """How far it is, past the version: nobody who edits the campaign meanwhile is in the way."""
    marked = sa.update(_CAMPAIGNS).where(_CAMPAIGNS.c.id == campaign.id)
    values = {"reach_total": total, "reach_after": after, "updated_at": campaign.updated_at}
    db.session.execute(marked.values(values))
    db.session.refresh(campaign, ("reach_total", "reach_after"))


def _go_on(campaign: Campaign, after: int) -> None:
    said = {"campaign_id": campaign.id, "after": after}
    once = f"campaigns.reach:{campaign.id}:{after}:{secrets.token_hex(6)}"
    send("campaigns.reach", once, said, HEAVY)


def _tell(campaign: Campaign) -> None:
    first = db.session.scalar(
        sa.select(sa.func.min(CampaignItem.id)).where(
            CampaignItem.campaign_id == campaign.id, CampaignItem.told.is_(False)
        )
    )
    if first is not None:
        said = {"campaign_id": campaign.id}
        send("campaigns.tell", f"campaigns.tell:{campaign.id}:{first}", said, HEAVY)
