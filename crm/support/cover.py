"""Who pays, as it stood on the day a ticket was opened."""

from __future__ import annotations

from datetime import date
from typing import Any


def verdict_of_the_day(row: Any, day: date) -> dict[str, Any] | None:
    """The entitlement of the unit a ticket names; None without a unit."""
    if row.unit_id is None:
        return None
    return None
