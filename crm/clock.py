"""The one place that knows what time it is."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def zone() -> ZoneInfo:
    """The company's time zone."""
    found: ZoneInfo = current_app.config["ZONE"]
    return found


_day: tuple[ZoneInfo, float, float, date] | None = None
"""A time zone's day with the instants at which it begins and ends: a page asks for it often."""


def today() -> date:
    """The calendar day in the company's time zone."""
    global _day
    place, kept = zone(), _day
    if kept is None or kept[0] is not place or not kept[1] <= time.time() < kept[2]:
        day = now().astimezone(place).date()
        begins, ends = (start_of(one).timestamp() for one in (day, day + timedelta(days=1)))
        _day = kept = (place, begins, ends, day)
    return kept[3]


def local(instant: datetime) -> datetime:
    """The same instant on the company's clock."""
    return instant.astimezone(zone())


def start_of(day: date) -> datetime:
    """Midnight at which `day` begins in the company's time zone, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone()).astimezone(UTC)
