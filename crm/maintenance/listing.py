"""What the addresses of the list and the calendar of visits ask for."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crm.errors import BadRequest
from crm.filters import key_in, word_in
from crm.look import language
from crm.maintenance.models import OPEN, STATES, Visit
from crm.typed import FIRST_DAY, LAST_DAY
from crm.workdays import Workdays

V = Visit.__table__.c
IN_LIST = ("who", "month", "state", "sort")
"""What of the address goes along from the list to a visit."""
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says."""

    who: int | None = None
    month: date | None = None
    state: str = "all"
    usual: str = "all"

    @property
    def any(self) -> bool:
        """Is anything filtered that is not by itself?"""
        return bool(self.who or self.month or self.state != self.usual)

    @property
    def where(self) -> list[sa.ColumnElement[bool]]:
        """The same as conditions."""
        found: list[sa.ColumnElement[bool]] = []
        if self.who:
            found.append(V.assignee_id == self.who)
        if self.month:
            found.append(V.visit_on.between(self.month, last_of(self.month)))
        if self.state == "open":
            found.append(V.state.in_(OPEN))
        elif self.state != "all":
            found.append(V.state == self.state)
        return found


def read(args: MultiDict[str, str], usual: str) -> Asked:
    """The address in terms of the list; `usual` is the state when it names none.

    Raises BadRequest for what it does not know.
    """
    who, month = key_in(args, "who"), month_of(args.get("month", ""))
    return Asked(who, month, word_in(args, "state", ("all", "open", *STATES)) or usual, usual)


def month_of(text: str) -> date | None:
    """`2026-11` as the first day of that month. Raises BadRequest."""
    if not text:
        return None
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        day = None
    if day is None or len(text) != 7 or not FIRST_DAY <= day <= LAST_DAY:
        raise BadRequest(_("There is no such filter."), {"month": [_("A month, as 2026-11.")]})
    return day


def last_of(month: date) -> date:
    """The last day of a month given by its first."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


@dataclass(frozen=True, slots=True)
class Square:
    """One day of the calendar."""

    day: date
    outside: bool
    closed: bool
    holiday: str = ""
    visits: list[Any] = field(default_factory=list)


def squares(month: date, visits: dict[date, list[Any]], days: Workdays) -> Iterator[Square]:
    """The days of the weeks of a month, from Monday to Sunday."""
    day, last = month - ONE * month.weekday(), last_of(month)
    while day <= last or day.weekday():
        yield Square(
            day, day.month != month.month, not days.is_business_day(day),
            days.name(day, language()), visits.get(day, []),
        )  # fmt: skip
        day += ONE
