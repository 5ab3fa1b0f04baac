"""Change what the company says of its own days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.closed_days import queries, rules
from crm.closed_days.models import ClosedDay
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.look import day as say_day
from crm.timeline.actions import record

Fields = dict[str, Any]


def add_day(fields: Fields, by_id: int | None) -> ClosedDay:
    """Say something of one day. Raises Conflict when it is said already, Invalid."""
    said = {name: value for name, value in fields.items() if name != "day"}
    return _add([ClosedDay(day=fields["day"], **said)], "day", by_id)


def add_days(fields: Fields, by_id: int | None) -> ClosedDay:
    """Say the same of every day of a range; returns the first. Raises Conflict and Invalid."""
    first = fields["starts_on"]
    last = fields.get("ends_on") or first
    if last < first:
        raise Invalid({"ends_on": [_("The end is before the start.")]})
    if (last - first).days >= rules.LONGEST:
        raise Invalid({"ends_on": [_("%(n)s days at most.", n=rules.LONGEST)]})
    said = {name: fields[name] for name in ("name", "name_en", "worked") if name in fields}
    days = rules.days_between(first, last)
    return _add([ClosedDay(day=day, **said) for day in days], "starts_on", by_id)


def copy_year(year: int, by_id: int | None) -> ClosedDay:
    """Close the same days as in the year before; returns the first that is new.

    Days that are worked are not copied: in another year they are no Saturdays. Raises Invalid when
    nothing is left to copy.
    """
    wanted = {}
    for row in queries.in_year(year - 1):
        day = rules.same_day_in(year, row.day)
        if day is not None and not row.worked:
            wanted[day] = row
    there = set(queries.taken(list(wanted)))
    made = [
        ClosedDay(day=day, name=row.name, name_en=row.name_en)
        for day, row in wanted.items()
        if day not in there
    ]
    if not made:
        why = _("%(year)s has no closed days that %(next)s has not.", year=year - 1, next=year)
        raise Invalid({"year": [why]})
    return _add(made, "year", by_id)


def change_day(closed: ClosedDay, fields: Fields, by_id: int | None) -> None:
    """Say something else of a day. Raises Conflict when the new day has been spoken of, Invalid."""
    day = fields.get("day", closed.day)
    if day != closed.day:
        _check_free([day], "day")
    years = {closed.day.year, day.year}
    for name, value in fields.items():
        setattr(closed, name, value)
    _check_years(years, "day")
    record(
        "closed_day.changed", closed, by_id, account_id=None,
        fields=list(fields), **_facts([closed]),
    )  # fmt: skip


def remove_days(days: Sequence[ClosedDay], by_id: int | None) -> None:
    """The company says nothing of these days any more."""
    facts, first = _facts(days), days[0]
    for one in days:
        db.session.delete(one)
    _check_years({one.day.year for one in days}, "_schema")
    record("closed_day.removed", first, by_id, account_id=None, **facts)


def _add(made: Sequence[ClosedDay], name: str, by_id: int | None) -> ClosedDay:
    _check_free([one.day for one in made], name)
    db.session.add_all(made)
    _check_years({one.day.year for one in made}, name)
    record("closed_day.added", made[0], by_id, account_id=None, **_facts(made))
    return made[0]


def _check_free(days: Sequence[date], name: str) -> None:
    there = next(iter(queries.taken(days)), None)
    if there is not None:
        why = _("There is an entry for %(day)s already.", day=say_day(there))
        raise Conflict(why, {name: [why]})


def _check_years(years: set[int], name: str) -> None:
    """Every year keeps enough business days; what this process remembers is read anew."""
    db.session.flush()
    queries.kept().forget()
    short = rules.too_short(queries.own_days(), years)
    if short is not None:
        why = _("%(year)s would have fewer than %(n)s business days.", year=short, n=rules.FEWEST)
        raise Invalid({name: [why]})


def _facts(days: Sequence[ClosedDay]) -> Fields:
    first, last = days[0], days[-1]
    return {
        "from": first.day.isoformat(), "until": last.day.isoformat(), "number": len(days),
        "name": first.name, "worked": bool(first.worked),
    }  # fmt: skip
