"""Who pays, as it stood on the day a ticket was opened."""

from __future__ import annotations

from datetime import date
from typing import Any

from crm.installed_base.judging import verdicts
from crm.installed_base.verdict_words import as_json, reason


def verdict_of_the_day(row: Any, day: date) -> dict[str, Any] | None:
    """The entitlement of the unit a ticket names, to be kept with it; None without a unit."""
    if row.unit_id is None:
        return None
    verdict = verdicts([row.unit_id], day)[row.unit_id]
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
