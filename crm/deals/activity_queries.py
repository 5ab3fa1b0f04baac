"""What the form of an activity offers, and a person's calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.clock import start_of, today
from crm.deals.models import OPEN_STAGES, Activity, Deal
from crm.extensions import among, at_most, db
from crm.rights import Person


def calendar(user: Person, first: date, last: date) -> Sequence[sa.Row[Any]]:
    """A person's activities of some days, both ends included, in their order."""
    return db.session.execute(
        sa.select(
            Activity.id, Activity.kind, Activity.at, Activity.planned, Activity.summary,
            Account.name, Account.name_core, Activity.deal_id, Activity.account_id,
        )
        .join(Account, Account.id == Activity.account_id)
        .where(
            Activity.by_id == user.id,
            Activity.at >= start_of(first),
            Activity.at < start_of(last + timedelta(days=1)),
        )
        .order_by(Activity.at, Activity.id)
        .limit(at_most(200))
    ).all()  # fmt: skip


def deals_at_hand(user: Person, limit: int = 12) -> Sequence[sa.Row[Any]]:
    """A person's open deals whose next step comes first: what an activity is most likely about."""
    return db.session.execute(
        sa.select(Deal.id, Deal.title, Deal.rank, Account.name, Account.name_core)
        .join(Account, Account.id == Deal.account_id)
        .where(Deal.owner_id == user.id, among(Deal.stage, OPEN_STAGES))
        .order_by(Deal.next_step_on.is_(None), Deal.next_step_on, Deal.id)
        .limit(at_most(limit))
    ).all()


def planned_today(user: Person, account_id: int) -> Activity | None:
    """What stands in a person's calendar for today with a customer."""
    return db.session.scalar(
        sa.select(Activity)
        .where(
            Activity.by_id == user.id,
            Activity.account_id == account_id,
            Activity.planned.is_(True),
            Activity.at >= start_of(today()),
            Activity.at < start_of(today() + timedelta(days=1)),
        )
        .order_by(Activity.at)
        .limit(at_most(1))
    )
