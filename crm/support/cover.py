"""Who pays, as it stood on the day a ticket was opened."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from crm.installed_base.judging import verdicts
from crm.installed_base.verdict_words import as_json, reason


class _Unit(NamedTuple):
    """What of a unit says who pays."""

    id: int
    account_id: int
    site_id: int | None
    delivered_on: date | None
    installed_on: date | None
    accepted_on: date | None
    warranty_ends_on: date | None
    removed_on: date | None
    is_competitor: bool


def verdict_of_the_day(row: Any, day: date) -> dict[str, Any] | None:
    """The entitlement of the unit a ticket names, to be kept with it; None without a unit. `row`
    is what `linked` read of it."""
    if row.unit_id is None:
        return None
    unit = _Unit(
        row.unit_id, row.unit_of, row.unit_site, row.delivered_on, row.installed_on,
        row.accepted_on, row.warranty_ends_on, row.removed_on, row.is_competitor,
    )  # fmt: skip
    verdict = verdicts([unit], day)[row.unit_id]
    return as_json(verdict) | {"coverage": verdict.coverage}


def kept_hours(kept: dict[str, Any] | None) -> int | None:
    """Working hours that the contract of the day promised, if one did."""
    hours = ((kept or {}).get("sla") or {}).get("response_hours")
    return int(hours) if hours else None


def kept_repair_hours(kept: dict[str, Any] | None) -> int | None:
    """Hours until the repair that the contract of the day promised, if one did."""
    hours = ((kept or {}).get("sla") or {}).get("repair_hours")
    return int(hours) if hours else None


def kept_around_the_clock(kept: dict[str, Any] | None) -> bool:
    """Do the hours of that contract run at night and on days off as well?"""
    return bool(((kept or {}).get("sla") or {}).get("around_the_clock"))


def kept_reason(kept: dict[str, Any]) -> str:
    """Why, in the reader's language."""
    return reason(str(kept.get("code", "")), kept.get("params") or {})
