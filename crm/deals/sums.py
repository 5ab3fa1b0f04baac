"""What a customer has ordered."""

from __future__ import annotations

import sqlalchemy as sa

from crm.deals.models import Deal
from crm.extensions import db


def won_amount(account_id: int) -> int:
    """All orders of a customer so far, in yen without tax."""
    won = sa.select(sa.func.sum(Deal.amount)).where(
        Deal.account_id == account_id, Deal.stage == "won"
    )
    return int(db.session.scalar(won) or 0)
