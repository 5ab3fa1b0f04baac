"""Ask for the company's own days; everybody who counts business days asks `workdays`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from flask import current_app

from crm.closed_days.models import ClosedDay
from crm.closed_days.rules import Stretch, stretches
from crm.errors import NotFound
from crm.extensions import at_most, db
from crm.rights import Person, may
from crm.workdays import NATIONAL, OwnDay, Workdays

FRESH = 0.5
"""Seconds for which a process believes what it read: a change reaches all within this time."""
MOST = 20_000
_D = ClosedDay.__table__.c


class Kept:
    """The calendar as this process last read it: two short reads a second, however many ask."""

    def __init__(self) -> None:
        self._days: Workdays = NATIONAL
        self._until = 0.0

    def get(self) -> Workdays:
        """The calendar, read again when it is older than `FRESH` seconds."""
        if time.monotonic() >= self._until:
            self._days = Workdays(own_days())
            self._until = time.monotonic() + FRESH
        return self._days

    def forget(self) -> None:
        """Read again at the next question."""
        self._until = 0.0


def kept() -> Kept:
    """The calendar that this application keeps in memory."""
    found: Kept = current_app.extensions.setdefault("closed_days", Kept())
    return found


def workdays() -> Workdays:
    """The company's calendar of business days, at most half a second old."""
    return kept().get()


def own_days() -> dict[date, OwnDay]:
    """What the company says of its days, as it stands in the open transaction."""
    rows = sa.select(_D.day, _D.name, _D.name_en, _D.worked).limit(at_most(MOST))
    return {row.day: OwnDay(row.name, row.name_en, row.worked) for row in db.session.execute(rows)}


def get_closed_day(key: int, user: Person, action: str = "view") -> ClosedDay:
    """The door to a day of the company. Raises NotFound."""
    found = db.session.get(ClosedDay, key)
    if found is None or not may(user, action, "closed_day", found):
        raise NotFound
    return found


def in_year(year: int) -> list[ClosedDay]:
    """What the company says of the days of a year, in their order."""
    of_year = _D.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(db.session.scalars(sa.select(ClosedDay).where(of_year).order_by(_D.day)))


def stretch_of(day: ClosedDay) -> Stretch:
    """The days in a row that are called like this one, this one among them."""
    return next(some for some in stretches(in_year(day.day.year)) if day in some.rows)


def taken(days: Sequence[date]) -> Iterable[date]:
    """Those of the days of which the company says something already, in their order."""
    rows = sa.select(_D.day).where(_D.day.in_(days)).order_by(_D.day)
    return db.session.scalars(rows)


def visits_on(first: date, last: date) -> dict[date, int]:
    """Day → how many visits to customers are planned on it and not done."""
    visits = db.metadata.tables["visits"].c
    rows = db.session.execute(
        sa.select(visits.visit_on, sa.func.count())
        .where(visits.visit_on.between(first, last), visits.state.in_(("planned", "moved")))
        .group_by(visits.visit_on)
    )
    return {row[0]: row[1] for row in rows}
