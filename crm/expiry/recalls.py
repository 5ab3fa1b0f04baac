"""Units that a recall waits for, by their days."""

from __future__ import annotations

import sqlalchemy as sa

from crm.campaigns.models import OPEN, Campaign, CampaignItem
from crm.expiry.spans import Branches, Reading
from crm.installed_base.models import Unit

C, P, U = Campaign.__table__.c, CampaignItem.__table__.c, Unit.__table__.c


_NAME = C.number + " " + C.title


def recalled(reading: Reading) -> Branches:
    """Units on the day agreed; then, campaign by campaign, those of which none was agreed, which
    all wait until its last day, in the order of their keys."""
    read = CampaignItem.__table__.join(Campaign.__table__, C.id == P.campaign_id).join(
        Unit.__table__, U.id == P.unit_id
    )
    waits = [P.done_on.is_(None), P.status.in_(OPEN), C.status == "running"]
    agreed = reading.units(read, P.appointed_on, "recall", record=C.id, name=_NAME)
    yield agreed.where(*waits, *reading.span(P.appointed_on))
    for campaign_id, day in reading.told.get("recall", ()):
        found = reading.units(
            read, sa.literal(day, sa.Date), "recall", record=C.id, name=_NAME
        ).where(*waits, P.campaign_id == campaign_id, P.appointed_on.is_(None))
        if reading.after is not None and day == reading.after[0]:
            found = found.where(U.id > reading.after[1])
        yield found.order_by(None).order_by(U.id)
