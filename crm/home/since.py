"""What changed in a team's deals since last week, read from the trace of every change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.deals.models import OPEN_STAGES, Deal, DealChange
from crm.extensions import at_most, db

WEEK = timedelta(days=7)
MOST = 2000
KINDS = ("new", "won", "lost", "forward", "back", "larger", "smaller", "later")


@dataclass(slots=True)
class Change:
    """Deals that changed in one way: how many, and the yen that it is about."""

    kind: str
    count: int = 0
    amount: int = 0
    deals: list[tuple[int, str]] = field(default_factory=list)

    def add(self, deal: Any, amount: int) -> None:
        """One more deal."""
        self.count += 1
        self.amount += amount
        if len(self.deals) < 3:
            self.deals.append((deal.deal_id, deal.title))


def since_last_week(team_id: int | None) -> list[Change]:
    """Every way in which deals changed in seven days; two statements."""
    after = _latest(DealChange.at >= now() - WEEK, team_id)
    before = _states_before([row.deal_id for row in after])
    found = {kind: Change(kind) for kind in KINDS}
    for row in after:
        for kind, amount in compare(before.get(row.deal_id), row):
            found[kind].add(row, amount)
    return [change for change in found.values() if change.count]


def _latest(when: sa.ColumnElement[bool], team_id: int | None) -> Sequence[Any]:
    last = (
        sa.select(sa.func.max(DealChange.id))
        .where(when, *([DealChange.team_id == team_id] if team_id is not None else []))
        .group_by(DealChange.deal_id)
        .order_by(sa.func.max(DealChange.id).desc())
        .limit(at_most(MOST))
    )
    return db.session.execute(
        sa.select(*_columns(), Deal.title)
        .join(Deal, Deal.id == DealChange.deal_id)
        .where(DealChange.id.in_(last))
    ).all()


def _states_before(deals: Sequence[int]) -> Mapping[int, Any]:
    if not deals:
        return {}
    last = (
        sa.select(sa.func.max(DealChange.id))
        .where(DealChange.deal_id.in_(deals), DealChange.at < now() - WEEK)
        .group_by(DealChange.deal_id)
    )
    rows = db.session.execute(sa.select(*_columns()).where(DealChange.id.in_(last)))
    return {row.deal_id: row for row in rows}


def _columns() -> list[Any]:
    return [
        DealChange.deal_id, DealChange.stage, DealChange.amount, DealChange.expected_close_on,
    ]  # fmt: skip


def compare(before: Any, after: Any) -> list[tuple[str, int]]:
    """In which ways a deal changed, each with its yen."""
    if before is None:
        return [("new", after.amount)] + ([(after.stage, after.amount)] if _closed(after) else [])
    if after.stage != before.stage and _closed(after):
        return [(after.stage, after.amount)]
    ways: list[tuple[str, int]] = []
    if after.stage != before.stage and not _closed(after):
        there = OPEN_STAGES.index(after.stage)
        here = OPEN_STAGES.index(before.stage) if before.stage in OPEN_STAGES else len(OPEN_STAGES)
        ways.append(("forward" if there > here else "back", after.amount))
    if after.amount != before.amount:
        difference = after.amount - before.amount
        ways.append(("larger" if difference > 0 else "smaller", difference))
    days = (before.expected_close_on, after.expected_close_on)
    if None not in days and days[1].replace(day=1) > days[0].replace(day=1):
        ways.append(("later", after.amount))
    return ways


def _closed(row: Any) -> bool:
    return row.stage not in OPEN_STAGES
