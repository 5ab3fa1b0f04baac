"""When a lease ends and, after it, each year for which it is taken again. Pure: no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crm.installed_base.terms import last_day

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LeaseEnd:
    """`year` is 0 for the lease itself, then counts the years of the re-lease.

    `fixed` when somebody wrote the day down; else it follows from the end of the lease, as a
    re-lease is taken for a year at a time.
    """

    on: date
    year: int = 0
    fixed: bool = True


def year_end(lease_ends_on: date, year: int) -> date:
    """The last day of a year of the re-lease; of year 0 the lease's own last day."""
    return last_day(lease_ends_on + ONE, 12 * year) if year else lease_ends_on


def year_of(lease_ends_on: date, on: date) -> int:
    """In which year of the re-lease a day lies; 0 up to the end of the lease."""
    year = max(on.year - lease_ends_on.year, 0)
    while year and year_end(lease_ends_on, year - 1) >= on:
        year -= 1
    return year if year_end(lease_ends_on, year) >= on else year + 1


def lease_end(
    lease_ends_on: date | None, re_lease_ends_on: date | None, on: date
) -> LeaseEnd | None:
    """What of a lease ends next, on a day or after it; None when nothing is known of its end."""
    if lease_ends_on is None:
        known = re_lease_ends_on is not None and re_lease_ends_on >= on
        return LeaseEnd(re_lease_ends_on, 1) if known and re_lease_ends_on else None
    if lease_ends_on >= on:
        return LeaseEnd(lease_ends_on)
    if re_lease_ends_on is not None and re_lease_ends_on >= on:
        return LeaseEnd(re_lease_ends_on, year_of(lease_ends_on, re_lease_ends_on))
    year = year_of(lease_ends_on, on)
    return LeaseEnd(year_end(lease_ends_on, year), year, fixed=False)
