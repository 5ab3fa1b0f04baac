"""What the search knows of deals and activities. No amounts: everybody may search."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm.accounts.cards import COMPANY
from crm.accounts.models import Account
from crm.deals.models import Activity, Deal, deal_number
from crm.extensions import db
from crm.search.actions import Card, headline

_D, _V = Deal.__table__.c, Activity.__table__.c


def deal_cards(keys: Sequence[int]) -> list[Card]:
    """Deals, by title, number and customer, since the day they were opened."""
    rows = db.session.execute(
        sa.select(
            _D.id, _D.account_id, _D.title, _D.competitor, _D.owner_id, _D.created_at, *COMPANY
        )
        .where(_D.id.in_(keys))
        .join(Account, Account.id == _D.account_id)
    )
    return [
        Card(
            "deal", row.id, row.title, row.company, row.account_id, names=[row.company_kana],
            identifiers=[deal_number(row.created_at, row.id)], body=row.competitor or "",
            at=row.created_at, owner_id=row.owner_id,
        )
        for row in rows
    ]  # fmt: skip


def activity_cards(keys: Sequence[int]) -> list[Card]:
    """Visits, calls and meetings: what was said, with whom, on their day."""
    rows = db.session.execute(
        sa.select(
            _V.id, _V.account_id, _V.kind, _V.summary, _V.result, _V.next_step, _V.at, _V.by_id,
            *COMPANY, _D.title,
        )
        .where(_V.id.in_(keys))
        .join(Account, Account.id == _V.account_id)
        .outerjoin(Deal, _D.id == _V.deal_id)
    )  # fmt: skip
    return [
        Card(
            "activity", row.id, headline(row.summary) or row.title or row.company,
            " ".join(filter(None, (row.company, row.title))), row.account_id,
            names=[row.company_kana], body="\n".join(filter(None, (row.summary, row.next_step))),
            at=row.at, owner_id=row.by_id,
        )
        for row in rows
    ]  # fmt: skip
