"""The one place that knows what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def zone() -> ZoneInfo:
    """The company's time zone."""
    found: ZoneInfo = current_app.config["ZONE"]
    return found


def today() -> date:
    """The calendar day in the company's time zone."""
    return now().astimezone(zone()).date()


def local(instant: datetime) -> datetime:
    """The same instant on the company's clock."""
    return instant.astimezone(zone())


def start_of(day: date) -> datetime:
    """Midnight at which `day` begins in the company's time zone, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone()).astimezone(UTC)
