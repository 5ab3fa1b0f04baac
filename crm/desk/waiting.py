"""Callers who wait and seats that answer, as the telephone system reports them by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import at_most, db
from crm.support.models import CallQueue

FRESH = timedelta(minutes=2)
"""A group that was silent for longer says nothing of now."""

FORGOTTEN = timedelta(days=1)
"""A group that was silent for longer is none any more."""

MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """All groups together: callers who wait, seats that answer, seats that are signed in."""

    waiting: int
    answering: int
    seats: int


def sums() -> sa.Subquery:
    """One row with the sums of the groups that reported lately; nulls when none did."""
    names = ("waiting", "answering", "seats")
    return (
        sa.select(*(sa.func.sum(getattr(CallQueue, name)).label(name) for name in names))
        .where(CallQueue.reported_at > now() - FRESH)
        .subquery()
    )


def waiting_in(row: Any) -> Waiting | None:
    """The sums that a row of `sums` holds; None when nothing was reported lately."""
    if row.seats is None:
        return None
    return Waiting(int(row.waiting), int(row.answering), int(row.seats))


def waiting() -> Waiting | None:
    """How it stands now; None when nothing was reported within two minutes."""
    return waiting_in(db.session.execute(sa.select(sums())).one())


def groups() -> Sequence[sa.Row[Any]]:
    """Every group with what it said last and when, by name."""
    return db.session.execute(
        sa.select(*CallQueue.__table__.columns).order_by(CallQueue.name).limit(at_most(MOST))
    ).all()
