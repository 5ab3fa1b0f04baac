"""The trace that every change of a deal leaves: the pipeline of any day is read from it."""

from __future__ import annotations

import sqlalchemy as sa

from crm.clock import now
from crm.deals.models import Deal, DealChange
from crm.extensions import db

TRACED = ("stage", "rank", "amount", "expected_close_on", "owner_id", "team_id")


def traced(deal: Deal) -> bool:
    """Does the deal, as it is to be written, differ in anything the reports read?"""
    state = sa.inspect(deal)
    return any(state.attrs[name].history.has_changes() for name in TRACED)


def trace(deal: Deal, by_id: int | None) -> None:
    """Write the deal's complete state as it is from now on."""
    db.session.flush()
    db.session.add(
        DealChange(
            deal_id=deal.id, at=now(), by_id=by_id, stage_since=deal.stage_since,
            **{name: getattr(deal, name) for name in TRACED},
        )
    )  # fmt: skip
