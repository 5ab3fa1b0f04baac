"""How the meters of a unit stand on a day, for whoever judges or plans by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from crm.clock import local, start_of
from crm.readings import queries, trends
from crm.readings.trends import Growth, Point


@dataclass(frozen=True, slots=True)
class Standing:
    """A meter with its last reading before the end of a day; `total` runs on over resets."""

    meter: Any
    points: Sequence[Point]
    total: Decimal
    read_on: date
    reading_id: int
    growth: Growth | None


def standings(meters: Sequence[Any], as_of: date) -> list[Standing]:
    """Every meter that was read, as it stood on the evening of `as_of`; two statements."""
    end = start_of(as_of + timedelta(days=1))
    instants: list[datetime] = trends.instants(end - timedelta(microseconds=1))
    found = queries.thinned([meter.id for meter in meters], instants)
    stood = []
    for meter in meters:
        known = found[meter.id]
        if known:
            counter = meter.kind == "counter"
            points = [(one.at, one.total if counter else one.value) for one in known]
            last = known[-1]
            growth = trends.growth(points) if counter else None
            on = local(last.at).date()
            stood.append(Standing(meter, points, points[-1][1], on, last.id, growth))
    return stood
