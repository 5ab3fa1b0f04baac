"""What the search knows of recalls and field campaigns."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm.campaigns.models import Campaign
from crm.clock import start_of
from crm.extensions import db
from crm.search.actions import Card

_C = Campaign.__table__.c


def campaign_cards(keys: Sequence[int]) -> list[Card]:
    """Campaigns, by title, number and the maker's notice, on the day they begin."""
    return [
        Card(
            "campaign", row.id, f"{row.number} {row.title}", row.notice_no,
            identifiers=[one for one in (row.number, row.notice_no) if one],
            at=start_of(row.starts_on),
        )
        for row in db.session.execute(sa.select(*_C).where(_C.id.in_(keys)))
    ]  # fmt: skip
