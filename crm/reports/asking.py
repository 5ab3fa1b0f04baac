"""What a report is asked for, made sense of: the moment, the filters, and whose deals they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from crm import clock
from crm.errors import Invalid, named
from crm.reports.lines import ALL, Filters, Moment, Period, half_year, year_of
from crm.rights import Person, scope
from crm.staff import queries as staff

EARLIEST = date(2000, 2, 1)


def fiscal_start() -> int:
    """The month in which the company's year begins."""
    month: int = current_app.config["FISCAL_YEAR_START_MONTH"]
    return month


def moment(text: str | None) -> Moment:
    """A day means its end, an instant itself. Raises Invalid for what is no time or not yet."""
    if not text:
        return _end_of(clock.today())
    try:
        if len(text) == 10:
            found = _end_of(date.fromisoformat(text))
        else:
            until = datetime.fromisoformat(text)
            if until.tzinfo is None:
                raise ValueError(text)
            found = Moment(clock.local(until).date(), until, whole_day=False)
    except (ValueError, OverflowError) as error:
        raise Invalid({"as_of": [_("Not a day or an instant.")]}) from error
    late = found.day > clock.today() if found.whole_day else found.until > clock.now()
    if late or found.day < EARLIEST:
        raise Invalid({"as_of": [_("Give a day between February 2000 and today.")]})
    return found


def _end_of(day: date) -> Moment:
    if day.year > 9998:
        raise ValueError(day)
    return Moment(day, clock.start_of(day + timedelta(days=1)))


def period(code: str) -> Period:
    """Reads "all", "2026" and "2026H2"; the schema has checked the form."""
    if code == "all":
        return ALL
    year = int(code[:4])
    half = int(code[5:]) if "H" in code else 0
    return half_year(year, half, fiscal_start()) if half else year_of(year, fiscal_start())


def filters(asked: Mapping[str, Any], user: Person) -> Filters:
    """What is asked for, within what this person may see: a rep sees his own deals.

    Raises Invalid naming a team or a person that is missing, or that a rep may not ask for.
    """
    team_id, owner_id = asked.get("team_id"), asked.get("owner_id")
    if team_id is not None:
        with named("team_id"):
            staff.get_team(team_id, user)
    if owner_id is not None:
        with named("owner_id"):
            staff.get_staff(owner_id, user)
    if scope(user, "view", "report") == "own":
        if owner_id not in (None, user.id):
            raise Invalid({"owner_id": [_("You can ask for your own deals only.")]})
        owner_id = user.id
    return Filters(team_id, owner_id, period(asked.get("period") or "all"))
