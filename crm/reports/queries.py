"""The pipeline as of any instant, and reports on their way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
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
    start = half_of(moment.day, fiscal_start()).first
    assert start is not None
    now, before = both(moment, version, start)
    targets = _targets(filters, start)
    return compute(now, before, filters, moment, targets, fiscal_start(), version)


def both(
    moment: Moment, version: Version | None, start: date
) -> tuple[list[DealLine], list[DealLine]]:
    """The deals at the moment, with those closed since `start`, and at what it is compared with."""
    base = base_of(moment, version)
    since = clock.local(base.until).date()
    now = states(moment.until, moment.day, closed_since=min(start, since))
    return now, states(base.until, base.day, closed_since=since)


def base_of(moment: Moment, version: Version | None) -> Moment:
    """What a report is compared with: the version, or the end of the month before."""
    if version is not None:
        return version.moment
    return Moment(moment.before, clock.start_of(moment.day.replace(day=1)))


def count_open(filters: Filters, moment: Moment) -> int:
    """How many deals the printed list would have."""
    lines = states(moment.until, moment.day, closed_since=moment.day)
    return sum(1 for line in lines if line.open and filters.holds(line))


def states(until: datetime, day: date, closed_since: date) -> list[DealLine]:
    """Every deal as it stood just before `until`: the open ones, and those won or lost on or
    after `closed_since`. `day` is the day of `until` on the company's clock.

    A deal that has not changed since then is read from its own row, so that today costs nothing
    extra; the others from the last change before.
    """
    changed = sa.select(DealChange.deal_id).where(DealChange.at >= until)
    since = clock.start_of(closed_since)
    still = sa.select(*_columns(Deal), *_facts()).where(
        Deal.id.not_in(changed), sa.or_(Deal.created_at < until, _began(until)),
        _counts(Deal, since),
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
        sa.select(*(last.c[name] for name in _STATE), *_facts())
        .select_from(last)
        .join(Deal, Deal.id == last.c.deal_id)
        .where(last.c.place == 1, _counts(last.c, since))
    )
    rows = [
        row
        for query in (still, then)
        for row in db.session.execute(query.outerjoin(Alert, Alert.id == Deal.from_alert_id))
    ]
    return _with_activity([_line(row, day) for row in rows], until, day)


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


def _targets(filters: Filters, start: date) -> dict[date, int]:
    """Yen by first of month, of whom the filters name, for the half-year that begins then."""
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
