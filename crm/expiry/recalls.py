"""Recalls that wait for units. Their room may be missing: its tables are asked for by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm.expiry.dates import Due
from crm.extensions import db

OPEN = ("open", "informed", "appointed")
"""Of a unit's part of a campaign."""


def recalls(unit_ids: Sequence[int] | sa.Select[Any]) -> dict[int, list[Due]]:
    """Unit → the recalls it waits for, on the day agreed, else on the last day; one statement.

    A campaign that has neither day stands in no calendar.
    """
    found: dict[int, list[Due]] = defaultdict(list)
    tables = db.metadata.tables
    if "campaign_items" not in tables:
        return found
    item, campaign = tables["campaign_items"].c, tables["campaigns"].c
    on = sa.func.coalesce(item.appointed_on, campaign.ends_on)
    rows = db.session.execute(
        sa.select(item.unit_id, campaign.id, on, campaign.number, campaign.title)
        .join(tables["campaigns"], campaign.id == item.campaign_id)
        .where(
            item.unit_id.in_(unit_ids), item.status.in_(OPEN), campaign.status == "running",
            on.is_not(None),
        )
        .order_by(item.unit_id, campaign.id)
    )  # fmt: skip
    for unit_id, key, day, number, title in rows:
        found[unit_id].append(Due("campaign", key, day, "recall", f"{number} {title}"))
    return found
