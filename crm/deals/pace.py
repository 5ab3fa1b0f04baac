"""How long deals usually stay in a stage, measured once a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby, pairwise
from statistics import median
from typing import Any

import sqlalchemy as sa

from crm.clock import now, today
from crm.deals.models import OPEN_STAGES, DealChange, StagePace
from crm.extensions import db

TWO_YEARS = timedelta(days=730)


def measure_pace() -> dict[str, int]:
    """Write the median days of the stays that ended in the last two years, stage by stage.

    Does not commit. Can run twice: the day's figures replace the ones before.
    """
    columns = DealChange.__table__.columns
    rows = db.session.execute(
        sa.select(columns.deal_id, columns.stage, columns.stage_since)
        .where(columns.at >= now() - TWO_YEARS)
        .order_by(columns.deal_id, columns.at, columns.id)
        .execution_options(yield_per=5000)
    )
    stays: dict[str, list[int]] = {stage: [] for stage in OPEN_STAGES}
    for stage, days in ended_stays(rows):
        if stage in stays:
            stays[stage].append(days)
    found = {stage: max(1, round(median(days))) for stage, days in stays.items() if days}
    db.session.execute(sa.delete(StagePace))
    for stage, days in found.items():
        db.session.add(
            StagePace(stage=stage, median_days=days, stays=len(stays[stage]), measured_on=today())
        )
    db.session.flush()
    return found


def ended_stays(rows: Iterable[Any]) -> Iterator[tuple[str, int]]:
    """(stage, days) of every stay that the next row of the same deal ends.

    A move that was undone gives the deal the beginning it had before; neither the stay that the
    move seemed to end nor the one it seemed to begin is a stay.
    """
    for _deal, changes in groupby(rows, key=lambda row: row.deal_id):
        yield from _stays_of_one(changes)


def _stays_of_one(changes: Iterable[Any]) -> list[tuple[str, int]]:
    ended: list[tuple[str, int]] = []
    for before, row in pairwise(changes):
        if row.stage == before.stage:
            continue
        if row.stage_since < before.stage_since:
            del ended[-1:]
        else:
            ended.append((before.stage, (row.stage_since - before.stage_since).days))
    return ended
