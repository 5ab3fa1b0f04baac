"""Units that a recall waits for, by their days."""

from __future__ import annotations

import sqlalchemy as sa

from crm.campaigns.models import OPEN, Campaign, CampaignItem
from crm.expiry.spans import Branches, Reading
from crm.extensions import at_most, db
from crm.installed_base.models import Unit

CAMPAIGNS, ITEMS, UNITS = Campaign.__table__, CampaignItem.__table__, Unit.__table__
C, P, U = CAMPAIGNS.c, ITEMS.c, UNITS.c
_NAME = C.number + " " + C.title
_WAITS = (P.done_on.is_(None), P.status.in_(OPEN))
_NAMED = ITEMS.join(UNITS, U.id == P.unit_id)


def recalled(reading: Reading) -> Branches:
    """Units on the day agreed; then, campaign by campaign, those of which none was agreed, which
    all wait until its last day, in the order of their keys."""
    read = _NAMED.join(CAMPAIGNS, C.id == P.campaign_id)
    running = C.status == "running"
    agreed = reading.units(read, P.appointed_on, "recall", record=C.id, name=_NAME)
    yield agreed.where(*_WAITS, running, *reading.span(P.appointed_on))
    if db.engine.dialect.name == "postgresql":
        yield _all_at_once(reading).where(running)
        return
    some = ((key, day) for key, day in reading.told.get("recall", ()) if day <= reading.ends[1])
    for campaign_id, day in some:
        found = reading.units(
            read, sa.literal(day, sa.Date), "recall", record=C.id, name=_NAME
        ).where(*_WAITS, running, P.campaign_id == campaign_id, P.appointed_on.is_(None))
        if reading.after is not None and day == reading.after[0]:
            found = found.where(U.id > reading.after[1])
        yield found.order_by(None).order_by(U.id)


def _all_at_once(reading: Reading) -> sa.Select[tuple[object, ...]]:
    """The same in one read: of each campaign the first units, by LATERAL, which SQLite has not."""
    first = (
        sa.select(U.id)
        .select_from(_NAMED)
        .where(
            *_WAITS, P.campaign_id == C.id, P.appointed_on.is_(None),
            *reading.accounts(U.account_id), *reading.wanted(),
            *reading.span(C.ends_on)[2:],
        )
        .order_by(P.unit_id)
        .limit(at_most(reading.limit))
        .correlate(CAMPAIGNS)
    )  # fmt: skip
    held = first.lateral("held")
    read = CAMPAIGNS.join(held, sa.true())
    found = reading.branch(read, C.ends_on, held.c.id, "recall", record=C.id, name=_NAME)
    return found.where(*reading.span(C.ends_on)[:2])
