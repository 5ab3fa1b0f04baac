"""What a contract costs and how its next term follows. Pure.

Price: `annual_amount` is yen a year and always the amount per cycle times the cycles of a year
(12, 4, 2 or 1). A year's amount that is given must divide into whole yen; nothing is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from crm.errors import Invalid
from crm.installed_base.terms import last_day, months_between
from crm.look import day as written

CYCLES = (1, 3, 6, 12)
"""Months of a cycle."""
ONE = timedelta(days=1)
CATCH_UP = timedelta(days=60)
"""A contract that ended so long ago is not renewed any more: nobody thinks that it runs."""

Fields = dict[str, Any]


def annual(fields: Fields, cycle_months: int, annual_amount: int) -> int:
    """Yen a year, of what is given and what stands. Raises Invalid when they do not fit."""
    cycle = fields.get("cycle_months", cycle_months)
    given = fields.get("annual_amount")
    if "cycle_amount" in fields:
        year = int(fields["cycle_amount"]) * (12 // cycle)
        if given not in (None, year):
            why = _("The amounts per cycle add up to %(n)s yen a year.", n=f"{year:,}")
            raise Invalid({"annual_amount": [why]})
        return year
    year = annual_amount if given is None else given
    if year * cycle % 12:
        why = _("This cannot be divided into whole yen per cycle: give the amount per cycle.")
        raise Invalid({"cycle_months" if given is None else "annual_amount": [why]})
    return year


def next_term(starts_on: date, ends_on: date) -> tuple[date, date]:
    """The term that follows, just as long: whole months where it was, else as many days."""
    first = ends_on + ONE
    months = months_between(starts_on, first)
    for many in (months, months + 1):
        if many > 0 and last_day(starts_on, many) == ends_on:
            return first, last_day(first, many)
    return first, first + (ends_on - starts_on)


@dataclass(frozen=True, slots=True)
class Renewing:
    """What of a contract decides whether it renews by itself."""

    ends_on: date
    notice_days: int
    auto_renew: bool
    cancelled_on: date | None = None
    notice_given_on: date | None = None

    @property
    def deadline(self) -> date:
        """The last day on which notice can be given."""
        return self.ends_on - timedelta(days=self.notice_days)

    def falls_due(self, on: date) -> bool:
        """Has the notice day passed without notice?"""
        if not self.auto_renew or self.cancelled_on or self.notice_given_on:
            return False
        return self.deadline < on <= self.ends_on + CATCH_UP


def next_number(number: str, place: int) -> list[str]:
    """Numbers for a renewal, the best first: M-1 is followed by M-1-2, that by M-1-3."""
    stem = number
    head, dash, tail = number.rpartition("-")
    if dash and place > 2 and tail == str(place - 1):
        stem = head
    return [f"{stem[:35]}-{place + more}" for more in range(20)]


def gap(last_on: date, starts_on: date) -> tuple[date, date] | None:
    """The days that no term covers between one and the next."""
    if starts_on <= last_on + ONE:
        return None
    return last_on + ONE, starts_on - ONE


def check_notice(deadline: date, on: date, confirmed: bool) -> str | None:
    """Why a notice is too late to end the contract, unless it is accepted all the same."""
    if on <= deadline or confirmed:
        return None
    return _(
        "Notice was due by %(day)s. Say that it is accepted all the same.", day=written(deadline)
    )
