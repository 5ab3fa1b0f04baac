"""How reliable units are: failures against the time in service. Pure: rows in, figures out.

The mean time between failures is the time in service divided by the number of failures (operating
time over failures, IEC 60050-192); time in service is counted in days within the period, from the
installation to the removal, standstill not taken off.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from crm.installed_base.terms import months_after, months_between

AGES = (0, 2, 4, 6, 8, 10, 15, 20)
"""From how many years on a band of age begins; the last one is open to above."""
UNKNOWN = len(AGES)
"""The band of units whose age nobody knows."""
BANDS = len(AGES) + 1
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Group:
    """So many units of a product that began and ended on the same days."""

    product_id: int
    begun: date | None
    removed: date | None
    units: int


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure: of which unit, on which day, and whether the same day's work answered it.

    `reported` failures are tickets; the others are repairs that nobody opened a ticket for.
    """

    unit_id: int
    product_id: int
    begun: date | None
    removed: date | None
    on: date
    reported: bool = True
    met: bool = False


@dataclass(slots=True)
class Tally:
    """Failures of units, and the days they were in service; of bands of age as well."""

    units: int = 0
    failures: int = 0
    days: int = 0
    band_failures: list[int] = field(default_factory=lambda: [0] * BANDS)
    band_days: list[int] = field(default_factory=lambda: [0] * BANDS)
    last: date | None = None

    @property
    def mean(self) -> float | None:
        """Days between failures; None when nothing failed."""
        return self.days / self.failures if self.failures else None

    def rate(self, band: int) -> float | None:
        """Failures in a year of service at an age; None when no unit was of that age."""
        days = self.band_days[band]
        return self.band_failures[band] * DAYS_A_YEAR / days if days else None


@dataclass(frozen=True, slots=True)
class Reliability:
    """The figures of a period: all together, for each product, for each unit that failed."""

    total: Tally
    products: dict[int, Tally]
    units: dict[int, Tally]
    reported: int
    met: int

    @property
    def without(self) -> int:
        """Units in service that did not fail."""
        return self.total.units - len(self.units)


def reliability(
    groups: Iterable[Group], failures: Sequence[Failure], since: date, until: date
) -> Reliability:
    """The figures of a period; both days belong to it."""
    total, products = Tally(), defaultdict[int, Tally](Tally)
    for group in groups:
        days = in_service(group.begun, group.removed, since, until)
        if sum(days):
            for tally in (total, products[group.product_id]):
                _serve(tally, days, group.units)
    units: dict[int, Tally] = {}
    for one in failures:
        if one.unit_id not in units:
            units[one.unit_id] = Tally()
            _serve(units[one.unit_id], in_service(one.begun, one.removed, since, until), 1)
        band = band_of(one.begun, one.on)
        for tally in (total, products[one.product_id], units[one.unit_id]):
            tally.failures += 1
            tally.band_failures[band] += 1
            tally.last = max(tally.last or one.on, one.on)
    counts = Counter((one.reported, one.met) for one in failures)
    reported = counts[(True, True)] + counts[(True, False)]
    return Reliability(total, dict(products), units, reported, counts[(True, True)])


def _serve(tally: Tally, days: Sequence[int], units: int) -> None:
    tally.units += units
    tally.days += sum(days) * units
    for band, number in enumerate(days):
        tally.band_days[band] += number * units


def in_service(begun: date | None, removed: date | None, since: date, until: date) -> list[int]:
    """Days of a period in which one unit was in service, by band of age."""
    first, days = max(begun or since, since), [0] * BANDS
    end = min(removed or until + timedelta(days=1), until + timedelta(days=1))
    if begun is None:
        days[UNKNOWN] = max(0, (end - first).days)
        return days
    edges = [months_after(begun, 12 * years) for years in AGES]
    for band, begins in enumerate(edges):
        ends = edges[band + 1] if band + 1 < len(edges) else end
        days[band] = max(0, (min(ends, end) - max(begins, first)).days)
    return days


def band_of(begun: date | None, on: date) -> int:
    """In which band of age a unit was on a day."""
    if begun is None:
        return UNKNOWN
    years = months_between(begun, on) // 12 if on >= begun else 0
    return max(band for band, begins in enumerate(AGES) if years >= begins)
