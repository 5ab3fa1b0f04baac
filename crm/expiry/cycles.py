"""Walks over the days that follow from intervals and cycles (`unit_dues`).

What comes back every so many days has no one day to look for: its next day depends on the first
day of the list. But its days always have the same place in their cycle, so a walk over the places
meets the units in the order of their next days, from any day on, whatever the year.
"""

from __future__ import annotations

from datetime import timedelta

from crm.expiry.models import UnitDue
from crm.expiry.spans import Branches, Reading
from crm.installed_base.models import Unit

D, U = UnitDue.__table__.c, Unit.__table__.c
_READ = UnitDue.__table__.join(Unit.__table__, U.id == D.unit_id)


def for_the_first_time(reading: Reading, kind: str) -> Branches:
    """Units whose first day by an interval or a cycle is a day of the list."""
    found = reading.units(_READ, D.due_on, kind)
    yield found.where(D.kind == kind, *reading.span(D.due_on))


def again(reading: Reading, every: int) -> Branches:
    """Units that have been there before and come back in the list, of one length of cycle.

    Of a list longer than the cycle only the next time counts. A walk over the places begins with
    the first day's and goes round once, so it is cut in two where the places begin anew.
    """
    first, last = reading.ends
    begins = max(first, reading.after[0]) if reading.after else first
    ends = min(last, first + timedelta(days=every - 1))
    low, high = begins.toordinal(), ends.toordinal()
    while low <= high:
        top = min(high, low + every - 1 - low % every)
        found = reading.units(_READ, D.due_on, "consumable", shift=every).where(
            D.every_days == every, D.phase.between(low % every, top % every), D.due_on < first
        )
        if reading.after is not None and low == begins.toordinal() == reading.after[0].toordinal():
            found = found.where((D.phase > low % every) | (D.unit_id > reading.after[1]))
        yield found.order_by(None).order_by(D.phase, D.unit_id)
        low = top + 1
