"""The pipeline as of any instant, and reports on their way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from crm import clock
from crm.alerts.models import Alert
from crm.deals.models import OPEN_STAGES, Activity, Deal, DealChange, SalesTarget
from crm.errors import NotFound
from crm.extensions import db
from crm.reports.asking import fiscal_start
from crm.reports.figures import PipelineFigures, compute
from crm.reports.lines import DealLine, Filters, Moment, Version, half_of, month_after
from crm.reports.models import ReportFile, ReportJob
from crm.rights import Person, may
from crm.staff.models import Staff

MOST = 1000
"""Deals on one printed list."""
CHUNK = 500
"""Keys in one statement."""


def get_job(job_id: int, user: Person, action: str = "view") -> ReportJob:
    """The door: raises NotFound when missing or not for this person."""
    found = db.session.get(ReportJob, job_id)
    if found is None or not may(user, action, "report", found):
        raise NotFound
    return found


def get_file(job: ReportJob) -> bytes:
    """The PDF of a report that is done. Raises NotFound before that."""
    found = db.session.get(ReportFile, job.id)
    if found is None:
        raise NotFound
    return found.content


def figures(filters: Filters, moment: Moment, version: Version | None = None) -> PipelineFigures:
    """All figures, from the deals as they stood then and at the moment of the version, or else at
    the end of the month before."""
    now, before = both(moment, version)
    return compute(now, before, filters, moment, targets(filters, moment), fiscal_start(), version)


def both(
    moment: Moment, version: Version | None, among: sa.Select[tuple[int]] | None = None
) -> tuple[list[DealLine], list[DealLine]]:
    """The deals (`among` these) at the moment, with those closed since the half-year began or
    since the comparison, and at what the report is compared with."""
    base = base_of(moment, version)
    since = clock.local(base.until).date()
    there = _there(moment.until, partial(_counts, since=clock.start_of(closed_from(moment, since))))
    then = _there(base.until, partial(_counts, since=clock.start_of(since)), 1)
    rows = _read([*there, *then], among)
    now = [_line(row, moment.day) for row in rows if not row.before]
    before = [_line(row, base.day) for row in rows if row.before]
    return _with_activity(now, moment.until, moment.day), before


def closed_from(moment: Moment, since: date) -> date:
    """From when on closed deals count: for the half-year's landing, or for the bridge."""
    return min(half_start(moment), since)


def half_start(moment: Moment) -> date:
    """The day on which the half-year began."""
    start = half_of(moment.day, fiscal_start()).first
    assert start is not None
    return start


def base_of(moment: Moment, version: Version | None) -> Moment:
    """What a report is compared with: the version, or the end of the month before."""
    if version is not None:
        return version.moment
    return Moment(moment.before, clock.start_of(moment.day.replace(day=1)))


def count_open(filters: Filters, moment: Moment) -> int:
    """How many deals the printed list would have."""
    return len(open_lines(filters, moment))


def open_lines(filters: Filters, moment: Moment) -> list[DealLine]:
    """The deals that were open at the moment, of those that the filters name."""
    rows = _read(_there(moment.until, partial(_asked_for, filters=filters)), None)
    lines = [_line(row, moment.day) for row in rows]
    return _with_activity(lines, moment.until, moment.day)


def _asked_for(table: Any, filters: Filters) -> sa.ColumnElement[bool]:
    return sa.and_(table.stage.in_(OPEN_STAGES), *theirs(table, filters), *dated(table, filters))


def theirs(table: Any, filters: Filters) -> list[sa.ColumnElement[bool]]:
    """`Filters.theirs` in SQL."""
    asked = ((table.team_id, filters.team_id), (table.owner_id, filters.owner_id))
    return [column == wanted for column, wanted in asked if wanted is not None]


def dated(table: Any, filters: Filters) -> list[sa.ColumnElement[bool]]:
    """`Period.holds` in SQL."""
    if filters.period.last is None:
        return []
    expected = table.expected_close_on
    return [sa.or_(expected.is_(None), expected <= filters.period.last)]


Counts = Callable[[Any], sa.ColumnElement[bool]]


def _there(until: datetime, counts: Counts, before: int = 0) -> list[sa.Select[Any]]:
    """Every deal as it stood just before `until`, if such a state `counts`.

    A deal that has not changed since then is read from its own row, so that today costs nothing
    extra; the others from the last change before.
    """
    changed = sa.select(DealChange.deal_id).where(DealChange.at >= until)
    mark = sa.literal(before).label("before")
    still = sa.select(*_columns(Deal), *_facts(), mark).where(
        Deal.id.not_in(changed), sa.or_(Deal.created_at < until, _began(until)), counts(Deal)
    )  # fmt: skip
    last = (
        sa.select(
            DealChange.deal_id,
            *_columns(DealChange),
            sa.func.row_number()
            .over(
                partition_by=DealChange.deal_id,
                order_by=(DealChange.at.desc(), DealChange.id.desc()),
            )
            .label("place"),
        )
        .where(DealChange.at < until, DealChange.deal_id.in_(changed))
        .subquery()
    )
    then = (
        sa.select(*(last.c[name] for name in _STATE), *_facts(), mark)
        .select_from(last)
        .join(Deal, Deal.id == last.c.deal_id)
        .where(last.c.place == 1, counts(last.c))
    )
    return [still, then]


def _read(
    parts: Sequence[sa.Select[Any]], among: sa.Select[tuple[int]] | None
) -> Sequence[sa.Row[Any]]:
    if among is not None:
        parts = [part.where(Deal.id.in_(among)) for part in parts]
    joined = [part.outerjoin(Alert, Alert.id == Deal.from_alert_id) for part in parts]
    return db.session.execute(sa.union_all(*joined)).all()


def _began(until: datetime) -> sa.ColumnElement[bool]:
    """An imported deal has a history that is older than its row."""
    return sa.exists().where(DealChange.deal_id == Deal.id, DealChange.at < until)


_STATE = ("stage", "stage_since", "rank", "amount", "expected_close_on", "owner_id", "team_id")


def _columns(table: Any) -> list[Any]:
    return [getattr(table, name).label(name) for name in _STATE]


def _facts() -> list[Any]:
    return [
        Deal.id.label("id"), Deal.origin, Deal.next_step_on, Deal.last_activity_on,
        Alert.rule.label("rule"),
    ]  # fmt: skip


def _counts(table: Any, since: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(table.stage.in_(OPEN_STAGES), table.stage_since >= since)


def _line(row: sa.Row[Any], day: date) -> DealLine:
    since = clock.local(row.stage_since).date()
    return DealLine(
        id=row.id,
        stage=row.stage,
        rank=row.rank,
        amount=row.amount,
        expected_close_on=row.expected_close_on,
        owner_id=row.owner_id,
        team_id=row.team_id,
        days_in_stage=max((day - since).days, 0),
        origin=row.origin,
        rule=row.rule,
        closed_on=None if row.stage in OPEN_STAGES else since,
        closed_at=None if row.stage in OPEN_STAGES else row.stage_since,
        next_step_on=row.next_step_on,
        last_activity_on=row.last_activity_on,
    )


def _with_activity(lines: list[DealLine], until: datetime, day: date) -> list[DealLine]:
    """Activities after the moment are forgotten."""
    late = [line.id for line in lines if line.last_activity_on and line.last_activity_on > day]
    last: dict[int, datetime] = {}
    for ids in (late[i : i + CHUNK] for i in range(0, len(late), CHUNK)):
        found = db.session.execute(
            sa.select(Activity.deal_id, sa.func.max(Activity.at, type_=Activity.at.type))
            .where(Activity.deal_id.in_(ids), Activity.at < until, Activity.planned.is_(False))
            .group_by(Activity.deal_id)
        )
        last |= {row[0]: row[1] for row in found}
    changed = {key: clock.local(last[key]).date() if key in last else None for key in late}
    return [
        replace(line, last_activity_on=changed[line.id]) if line.id in changed else line
        for line in lines
    ]


def targets(filters: Filters, moment: Moment) -> dict[date, int]:
    """Yen by first of month, of whom the filters name, for the half-year of the moment."""
    start = half_start(moment)
    query = (
        sa.select(SalesTarget.month, sa.func.sum(SalesTarget.amount))
        .where(SalesTarget.month >= start, SalesTarget.month < month_after(start, 6))
        .group_by(SalesTarget.month)
    )
    if filters.owner_id is not None:
        query = query.where(SalesTarget.staff_id == filters.owner_id)
    if filters.team_id is not None:
        query = query.join(Staff, Staff.id == SalesTarget.staff_id).where(
            Staff.team_id == filters.team_id
        )
    return {row[0]: int(row[1]) for row in db.session.execute(query)}
