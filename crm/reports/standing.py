"""The figures for the screen, however many deals are open.

Most deals stand where they stood at what the report is compared with. Those the database adds up,
in bundles of deals that the report does not tell apart; only what moved is read deal by deal. The
sums are the same to the yen as those of `queries.figures`, which reads every deal for the list.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from crm import clock
from crm.deals.models import OPEN_STAGES, RANK_WEIGHTS, Deal, DealChange
from crm.extensions import at_most, db
from crm.reports import queries
from crm.reports.asking import fiscal_start
from crm.reports.figures import PipelineFigures, compute
from crm.reports.lines import (
    ORIGINS,
    STALE_DAYS,
    WON,
    Bundle,
    DealLine,
    Filters,
    Moment,
    Wanted,
    month_after,
)

MOVED = 4_000
"""When more deals than this moved (after a large import) every deal is read."""
EPOCH, DAY = date(1970, 1, 1), 86_400
MONTHS = 7
"""Months from this one on that are told apart; what is expected later is in no forecast."""


PLACES = (MONTHS + 2) * 2 * 3
"""Numbers of `_group` for each stage and origin."""


def figures(wanted: Wanted) -> PipelineFigures:
    """The figures; `lines` are left out when they are more than can be printed."""
    filters, moment, version = wanted.filters, wanted.moment, wanted.version
    base = queries.base_of(moment, version)
    moved = moved_since(base, moment)
    if not _few(moved):
        return queries.figures(filters, moment, version)
    now, before = queries.both(moment, version, moved)
    still = _standing(filters, base, moment, moved)
    if any(lively(one, moment) for one in still):
        return queries.figures(filters, moment, version)
    won = _won_before(filters, base, moment, moved)
    found = compute(
        [*now, *still, *won], [*before, *still], filters, moment,
        queries.targets(filters, moment), fiscal_start(), version,
    )  # fmt: skip
    few = found.total.sums.count <= queries.MOST
    return replace(found, lines=tuple(queries.open_lines(filters, moment) if few else ()))


def moves(wanted: Wanted) -> tuple[list[DealLine], list[DealLine]]:
    """What moved, as it stands now and as it stood then: all that the bridge is made of."""
    moved = moved_since(queries.base_of(wanted.moment, wanted.version), wanted.moment)
    return queries.both(wanted.moment, wanted.version, moved if _few(moved) else None)


def moved_since(base: Moment, moment: Moment) -> sa.Select[tuple[int]]:
    """Keys of the deals of which the row does not say how they stood at both moments."""
    parts = [
        sa.select(DealChange.deal_id.label("id")).where(DealChange.at >= base.until),
        sa.select(Deal.id).where(Deal.updated_at >= base.until, Deal.created_at >= base.until),
    ]
    if moment.day < clock.today():
        parts.append(sa.select(Deal.id).where(Deal.last_activity_on > moment.day))
    return sa.select(sa.union(*parts).subquery().c.id)


def _few(moved: sa.Select[tuple[int]]) -> bool:
    some = moved.limit(at_most(MOVED + 1)).subquery()
    return (db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0) <= MOVED


def lively(line: DealLine, moment: Moment) -> bool:
    """Is the last activity after the moment? Of today that would be one of tomorrow."""
    return line.last_activity_on is not None and line.last_activity_on > moment.day


def _kept(
    filters: Filters, base: Moment, moved: sa.Select[tuple[int]]
) -> list[sa.ColumnElement[bool]]:
    still = [Deal.created_at < base.until, Deal.id.not_in(moved)]
    return [*still, *queries.theirs(Deal, filters)]


def _standing(
    filters: Filters, base: Moment, moment: Moment, moved: sa.Select[tuple[int]]
) -> list[Bundle]:
    """Open deals that have not changed since: they stand alike at both moments."""
    weight = sa.case(RANK_WEIGHTS, value=Deal.rank)
    group = _group(moment).label("place")
    sums = (
        sa.func.count().label("number"),
        sa.func.sum(Deal.amount).label("amount"),
        sa.func.sum(Deal.amount * weight // 100).label("worth"),
        sa.func.sum(_days(moment.day)).label("days"),
        sa.func.min(Deal.expected_close_on).label("expected"),
        sa.func.min(Deal.next_step_on).label("next"),
        sa.func.min(Deal.last_activity_on).label("last"),
    )
    rows = db.session.execute(
        sa.select(group, *sums)
        .where(Deal.stage.in_(OPEN_STAGES), *_kept(filters, base, moved))
        .where(*queries.dated(Deal, filters))
        .group_by(group)
    )
    return [_bundle(row, filters) for row in rows]


def _bundle(row: sa.Row[Any], filters: Filters) -> Bundle:
    stage, origin = divmod(row.place // PLACES, len(ORIGINS))
    return Bundle(
        id=-1 - row.place, stage=OPEN_STAGES[stage], rank="D", origin=ORIGINS[origin],
        count=row.number,
        amount=int(row.amount), worth=int(row.worth), days_in_stage=int(row.days),
        expected_close_on=row.expected, next_step_on=row.next, last_activity_on=row.last,
        team_id=filters.team_id, owner_id=filters.owner_id,
    )  # fmt: skip


def _group(moment: Moment) -> sa.ColumnElement[int]:
    """One number for what the report tells apart: the stage, the origin, the month, whether there
    is a next step, and whether the deal stands still. One number is grouped faster than five."""
    stage = sa.case({name: at for at, name in enumerate(OPEN_STAGES)}, value=Deal.stage)
    bare = sa.case((Deal.next_step_on.is_(None), 1), else_=0)
    still = moment.day - timedelta(STALE_DAYS)
    last = sa.case(
        (Deal.last_activity_on <= still, 1), (Deal.last_activity_on > moment.day, 2), else_=0
    )
    return (
        ((stage * len(ORIGINS) + _origin()) * (MONTHS + 2) + _month(moment)) * 2 + bare
    ) * 3 + last


def _origin() -> sa.ColumnElement[int]:
    """`lines.origin_of` in SQL, as its place in ORIGINS."""
    known = {name: at for at, name in enumerate(ORIGINS)}
    named = sa.case(known, value=Deal.origin, else_=known["sales"])
    return sa.case((Deal.from_alert_id.is_not(None), known["support"]), else_=named)


def _month(moment: Moment) -> sa.ColumnElement[int]:
    """How many months after this one the order is expected; what is late is expected now."""
    first = moment.day.replace(day=1)
    expected = Deal.expected_close_on
    steps = [(expected < month_after(first, count + 1), count) for count in range(MONTHS)]
    return sa.case((expected.is_(None), MONTHS + 1), *steps, else_=MONTHS)


def _days(day: date) -> Any:
    """Days from the local day on which the stage began."""
    since: Any = Deal.stage_since
    if db.session.get_bind().dialect.name == "postgresql":
        local = sa.cast(sa.func.timezone(clock.zone().key, since), sa.Date)
        return sa.cast(sa.literal(day), sa.Date) - local
    shifts = offsets(clock.zone())
    ahead: Any = shifts[0][1]
    if len(shifts) > 1:
        later = [(since >= start, seconds) for start, seconds in reversed(shifts[1:])]
        ahead = sa.case(*later, else_=ahead)
    began = (sa.cast(sa.func.strftime("%s", since), sa.Integer) + ahead) // DAY
    return (day - EPOCH).days - began


@lru_cache(maxsize=8)
def offsets(zone: ZoneInfo) -> list[tuple[datetime, int]]:
    """Since when a zone has been how many seconds ahead of UTC, from 2000 to 2100."""
    at, end = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    found = [(at, _ahead(zone, at))]
    while at < end:
        after = at + timedelta(days=7)
        if _ahead(zone, after) != found[-1][1]:
            found.append((_turn(zone, at, after), _ahead(zone, after)))
        at = after
    return found


def _turn(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first minute of the new offset."""
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2
        low, high = (middle, high) if _ahead(zone, middle) == _ahead(zone, low) else (low, middle)
    return high.replace(second=0, microsecond=0)


def _ahead(zone: ZoneInfo, at: datetime) -> int:
    return int((at.astimezone(zone).utcoffset() or timedelta()).total_seconds())


def _won_before(
    filters: Filters, base: Moment, moment: Moment, moved: sa.Select[tuple[int]]
) -> list[Bundle]:
    """What was won in the half-year and has not changed since, month by month."""
    start = queries.half_start(moment)
    firsts = [month_after(start, count) for count in range(7)]
    month = sa.case(
        *((Deal.stage_since < clock.start_of(first), count) for count, first in enumerate(firsts)),
        else_=len(firsts),
    ).label("month")
    rows = db.session.execute(
        sa.select(month, sa.func.sum(Deal.amount).label("amount"))
        .where(Deal.stage == WON, Deal.stage_since >= clock.start_of(start))
        .where(*_kept(filters, base, moved))
        .group_by(month)
    )
    return [
        Bundle(
            id=-(2**32) - row.month, stage=WON, rank="A", amount=int(row.amount),
            closed_on=firsts[row.month - 1], team_id=filters.team_id, owner_id=filters.owner_id,
        )
        for row in rows
    ]  # fmt: skip
