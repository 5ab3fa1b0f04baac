"""The list of expiries: month by month, in each month rep by rep; its pages and its sums.

Up to 1,000 units the whole list is read, so that its order is the organisation's and its sums are
exact. A longer one is read page by page in the order of the days, and says that it is longer.
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import BadRequest
from crm.expiry.asking import Asked
from crm.expiry.candidates import Candidate, candidates
from crm.expiry.crowding import crowded
from crm.expiry.lines import Line, lines
from crm.extensions import db
from crm.staff.models import Staff, Team
from crm.typed import LARGEST_KEY

MOST = 1000
"""Units of which the whole list is read and printed."""

Place = tuple[int, ...]
Chair = tuple[int | None, int | None]
"""Team and owner of an account: what a seat is found by."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Units, how many have an open deal, and yen."""

    count: int = 0
    with_deal: int = 0
    repairs: int = 0
    fees: int = 0


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose a line is: a rep, with the team of the account, in the organisation's order."""

    owner_id: int | None
    rep: str
    team: str
    order: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of a rep in a month."""

    seat: Seat
    lines: Sequence[Line]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Month:
    """A month with its reps; the sums are those of what is in it."""

    first: date
    groups: Sequence[Group]
    sums: Sums


@dataclass(frozen=True, slots=True)
class House:
    """Teams and people in the organisation's order, and where the owners of lines sit."""

    teams: Sequence[tuple[int, str]]
    people: Sequence[tuple[int, str]]
    seats: Mapping[Chair, Seat]


@dataclass(frozen=True, slots=True)
class Book:
    """One page of the list. `every` has all lines, or is None above 1,000 units."""

    page: Sequence[Line]
    next: str | None
    house: House
    every: Sequence[Line] | None

    def months(self, some: Iterable[Line] | None = None) -> list[Month]:
        """The page, or other lines, as the paper has them."""
        return list(_months(self.page if some is None else some, self.house.seats))

    def sums(self) -> dict[date, Sums] | None:
        """First day of a month → what is in it; None when the list is too long to know."""
        if self.every is None:
            return None
        ordered = sorted(self.every, key=lambda line: line.month)
        return {first: total(some) for first, some in groupby(ordered, lambda line: line.month)}

    @property
    def total(self) -> Sums | None:
        return None if self.every is None else total(self.every)


def total(some: Iterable[Line]) -> Sums:
    """The sums of lines in yen."""
    every = list(some)
    return Sums(
        len(every), sum(1 for line in every if line.deal), sum(line.repairs for line in every),
        sum(line.fee for line in every),
    )  # fmt: skip


def read(asked: Asked, today: date, limit: int, cursor: str | None = None) -> Book:
    """One page of the list; at most nine statements. Raises BadRequest for a foreign cursor."""
    after = _decode(cursor)
    if after is not None and len(after) == 2:
        return _by_day(asked, today, limit, (date.fromordinal(after[0]), after[1]))
    if crowded(asked, MOST):
        return _by_day(asked, today, limit, None)
    some, cut = candidates(asked, MOST + 1)
    if cut or len({one.unit_id for one in some}) > MOST:
        return _by_day(asked, today, limit, None, some[: limit + 1])
    every = lines(some, asked.kinds, asked.month, asked.last, today)
    house = _house(every)
    seats = house.seats
    ordered = sorted(every, key=lambda line: _place(line, seats))
    start = bisect_right(ordered, after, key=lambda line: _place(line, seats)) if after else 0
    shown = ordered[start : start + limit]
    more = start + limit < len(ordered)
    return Book(shown, _encode(_place(shown[-1], seats)) if more else None, house, ordered)


def _by_day(
    asked: Asked,
    today: date,
    limit: int,
    after: tuple[date, int] | None,
    some: Sequence[Candidate] = (),
) -> Book:
    """A page in the order of the days. A unit whose earlier day was on a page before is left out,
    so a page may be shorter than asked; the next one begins where this one looked last."""
    some = some or candidates(asked, limit + 1, after)[0]
    looked = some[:limit]
    wanted = {one.place for one in looked}
    found = lines(looked, asked.kinds, asked.month, asked.last, today, every=after is None)
    shown = [line for line in found if (line.expiry.on, line.unit.id) in wanted]
    shown.sort(key=lambda line: (line.expiry.on, line.unit.id))
    more = len(some) > limit and looked
    follow = _encode((looked[-1].on.toordinal(), looked[-1].unit_id)) if more else None
    return Book(shown, follow, _house(shown), None)


def _house(some: Iterable[Line]) -> House:
    """All teams, who works here, and the seats of accounts' owners; one statement."""
    chairs = {(line.unit.team_id, line.unit.owner_id) for line in some}
    owners = [owner for _team, owner in chairs if owner is not None]
    team = sa.select(
        sa.literal("team").label("kind"), Team.id, Team.name, Team.position, sa.true().label("here")
    )
    person = (
        sa.select(sa.literal("staff"), Staff.id, Staff.name, Team.position, Staff.active)
        .outerjoin(Team, Team.id == Staff.team_id)
        .where(sa.or_(Staff.active.is_(True), Staff.id.in_(owners)))
    )
    rows = db.session.execute(sa.union_all(team, person)).all()
    ordered = sorted(rows, key=lambda row: (row.position is None, row.position, row.id))
    named = {(row.kind, row.id): row for row in rows}
    return House(
        [(row.id, row.name) for row in ordered if row.kind == "team"],
        [(row.id, row.name) for row in ordered if row.kind == "staff" and row.here],
        {chair: _seat(*chair, named) for chair in chairs},
    )


def _seat(team_id: int | None, owner_id: int | None, named: Mapping[Any, Any]) -> Seat:
    team, rep = named.get(("team", team_id)), named.get(("staff", owner_id))
    order = (team.position, team.id) if team else (2**31, 0)
    return Seat(
        owner_id, rep.name if rep else "", team.name if team else "", (*order, owner_id or 2**52)
    )


def _place(line: Line, seats: Mapping[Any, Seat]) -> Place:
    seat = seats[line.unit.team_id, line.unit.owner_id]
    return line.month.toordinal(), *seat.order, line.expiry.on.toordinal(), line.unit.id


def _months(some: Iterable[Line], seats: Mapping[Any, Seat]) -> Iterator[Month]:
    ordered = sorted(some, key=lambda line: _place(line, seats))
    for first, of_month in groupby(ordered, lambda line: line.month):
        held = list(of_month)
        groups = []
        for seat, of_rep in groupby(
            held, lambda line: seats[line.unit.team_id, line.unit.owner_id]
        ):
            own = list(of_rep)
            groups.append(Group(seat, own, total(own)))
        yield Month(first, groups, total(held))


def _encode(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _decode(cursor: str | None) -> Place | None:
    if not cursor:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = json.loads(base64.urlsafe_b64decode(padded))
        whole = [one for one in found if type(one) is int and 0 <= one <= LARGEST_KEY]
        if not isinstance(found, list) or len(whole) != len(found) or len(found) not in (2, 6):
            raise ValueError(cursor)
        date.fromordinal(found[0])
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadRequest(
            _("This page address is not valid any more."), {"cursor": [_("Not a valid cursor.")]}
        ) from error
    return tuple(found)
