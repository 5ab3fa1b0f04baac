"""The calls a clerk has open, what the call sheet asks besides the usual, and who waits."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crm.attributes.asking import (
    Definitions,
    asked_in,
    colleagues_in,
    definitions_in,
    offered_in,
)
from crm.desk.waiting import Waiting, sums, waiting_in
from crm.extensions import at_most, db
from crm.rights import Person
from crm.support.models import CallDraft

DRAFTS_MOST = 20


@dataclass(frozen=True, slots=True)
class OpenCalls:
    """The calls a clerk has open, what is asked of tickets besides the usual, the colleagues that
    may be named there, and how many callers wait."""

    drafts: list[CallDraft]
    asked: Definitions
    colleagues: list[tuple[int, str]]
    waiting: Waiting | None


def open_calls(user: Person) -> OpenCalls:
    """The calls a clerk has open, the oldest first; one statement with all a call sheet asks."""
    always = sa.select(sa.literal(1).label("one")).subquery()
    all_groups = sums()
    rows = db.session.execute(
        sa.select(CallDraft, asked_in("ticket"), colleagues_in("ticket"), *all_groups.c)
        .select_from(always)
        .join(all_groups, sa.true())
        .outerjoin(CallDraft, CallDraft.staff_id == user.id)
        .order_by(CallDraft.id)
        .limit(at_most(DRAFTS_MOST))
    ).all()
    return OpenCalls(
        [row[0] for row in rows if row[0] is not None], definitions_in(rows[0].asked),
        offered_in(rows[0].colleagues), waiting_in(rows[0]),
    )  # fmt: skip
