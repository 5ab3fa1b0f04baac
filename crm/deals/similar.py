"""Deals like one deal: what became of the last ones over the same products."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.deals.models import Deal, DealLine, DealUnit
from crm.extensions import at_most, db
from crm.installed_base.models import Unit

RECENT = 200
"""So many of the newest deals over a product are looked through, however old the product is."""

SIMILAR = 100


def similar(deal_id: int, products: Iterable[int]) -> list[sa.Row[Any]]:
    """The last hundred closed deals over one of these products, the latest first."""
    wanted = sorted(set(products))
    if not wanted:
        return []
    deals = sa.union(*(sa.select(one.c.deal_id) for one in _recent(wanted)), _about(wanted))
    last = (
        sa.select(
            Deal.id, Deal.title, Deal.stage, Deal.amount, Deal.closed_on, Deal.created_at,
            Deal.won_reason, Deal.account_id,
        )
        .where(Deal.id.in_(deals), Deal.stage.in_(("won", "lost")), Deal.id != deal_id)
        .order_by(Deal.closed_on.desc(), Deal.id.desc())
        .limit(at_most(SIMILAR))
        .subquery()
    )  # fmt: skip
    return list(
        db.session.execute(
            sa.select(*(one for one in last.c if one.key != "account_id"), Account.name)
            .join(Account, Account.id == last.c.account_id)
            .order_by(last.c.closed_on.desc(), last.c.id.desc())
        )
    )


def _recent(products: list[int]) -> list[sa.Subquery]:
    """Deals that have a line with a product, the newest of each product."""
    return [
        sa.select(DealLine.deal_id)
        .where(DealLine.product_id == one)
        .order_by(DealLine.deal_id.desc())
        .limit(at_most(RECENT))
        .subquery()
        for one in products
    ]


def _about(products: list[int]) -> sa.Select[tuple[int]]:
    """Deals about an installed unit of a product."""
    return (
        sa.select(DealUnit.deal_id)
        .join(Unit, Unit.id == DealUnit.unit_id)
        .where(Unit.product_id.in_(products))
    )
