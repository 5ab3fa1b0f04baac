"""Visits that follow from meters: at every so many counts, and when a gauge is out of bounds.

A counter's visit is the one of a multiple: of every 500 hours the first is that of 500, the next
that of 1,000. It falls due on the day on which the forecast reaches the multiple. A gauge's visit
is the one of an episode, which is named by its first reading. The key (plan, unit, occasion) lets
each be made once, and a unit has one open visit of such a plan at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from crm.clock import local, start_of, zone
from crm.crash import crashpoint
from crm.extensions import db
from crm.maintenance.generation import Draft, links_where, make_visits, say_next
from crm.maintenance.models import METERED, OPEN, MaintenancePlan, Visit
from crm.maintenance.queries import unit_facts
from crm.maintenance.schedule import wakes_on
from crm.readings import trends
from crm.readings.models import Meter
from crm.readings.outlook import Standing, standings
from crm.readings.queries import chunks, out_of_bounds
from crm.text.normal import search_key

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Before:
    """The visits of a unit under a plan so far."""

    occasion: int = 0
    done_on: date | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """The visit that is to come: on which day it falls due, and of which occasion it is."""

    due_on: date
    occasion: int


def arrange_metered(day: date, which: sa.ColumnElement[bool]) -> int:
    """Look at the meters under some plans as of a day and make what visits are due; returns how
    many."""
    links = links_where(sa.and_(which, MaintenancePlan.rule.in_(METERED)))
    if not links:
        return 0
    before, meters = _before(links), _meters(links, day)
    drafts: list[Draft] = []
    later: list[tuple[int, date | None, date | None]] = []
    for link in links:
        past = before.get((link.plan_id, link.unit_id), Before())
        standing = meters.get((link.unit_id, search_key(link.meter)[:120]))
        found = None if past.open or standing is None else _next(link, standing, past)
        if found is None:
            later.append((link.id, None, None))
        elif wakes_on(found.due_on, link.horizon_days) <= day:
            drafts.append(Draft(link, found.due_on, found.occasion))
            later.append((link.id, None, None))
        else:
            later.append((link.id, found.due_on, wakes_on(found.due_on, link.horizon_days)))
    say_next(later)
    if not drafts:
        return 0
    units = unit_facts({one.link.unit_id for one in drafts})
    made = make_visits(drafts, units, day)
    crashpoint("maintenance.after_metered_visits")
    return made


def _next(link: Any, standing: Standing, past: Before) -> Next | None:
    if link.rule == "gauge":
        since = start_of(past.done_on + ONE) if past.done_on else None
        begun = out_of_bounds(standing.meter.id, link.threshold, link.above, link.in_a_row, since)
        return Next(local(begun.at).date(), begun.id) if begun is not None else None
    return next_multiple(link, standing, past)


def next_multiple(link: Any, standing: Standing, past: Before) -> Next | None:
    """The multiple after the last visit's, and the day on which the counter gets there; None when
    nobody can say.

    A visit that came late counts for the multiples it passed; those are not visited any more.
    """
    counts = link.counts
    begins = _total(standing, past.done_on + ONE if past.done_on else link.first_due_on)
    occasion = max(past.occasion, int(begins // counts)) + 1
    ahead = trends.forecast(standing.points, counts * occasion, zone())
    return Next(ahead.on, occasion) if ahead.on is not None else None


def _total(standing: Standing, day: date) -> Any:
    """The total when a day began; the first one known when it was not read before."""
    began = start_of(day)
    known = [one for one in standing.points if one[0] < began]
    total = trends.at(standing.points, began)
    return (known or standing.points[:1])[-1][1] if total is None else total


def _before(links: Sequence[Any]) -> dict[tuple[int, int], Before]:
    found: dict[tuple[int, int], Before] = {}
    plans = {link.plan_id for link in links}
    for some in chunks(sorted({link.unit_id for link in links})):
        rows = db.session.execute(
            sa.select(
                Visit.plan_id, Visit.unit_id, sa.func.max(Visit.occasion),
                sa.func.max(Visit.done_on),
                sa.func.max(sa.case((Visit.state.in_(OPEN), 1), else_=0)),
            )
            .where(Visit.unit_id.in_(some), Visit.plan_id.in_(plans))
            .group_by(Visit.plan_id, Visit.unit_id)
        )  # fmt: skip
        for plan, unit, occasion, done_on, is_open in rows:
            found[(plan, unit)] = Before(occasion or 0, done_on, bool(is_open))
    return found


def _meters(links: Sequence[Any], day: date) -> dict[tuple[int, str], Standing]:
    """(unit, key of the meter's name) → how the meter stands."""
    names = {search_key(link.meter)[:120] for link in links}
    found: dict[tuple[int, str], Standing] = {}
    for some in chunks(sorted({link.unit_id for link in links})):
        meters = db.session.execute(
            sa.select(*Meter.__table__.columns).where(
                Meter.unit_id.in_(some), Meter.name_key.in_(names)
            )
        ).all()
        for one in standings(meters, day):
            found[(one.meter.unit_id, one.meter.name_key)] = one
    return found
