"""What the search knows of advice: question and answer, as confidential as their ticket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.advice.models import Advice
from crm.deals.models import Deal
from crm.extensions import db
from crm.search.actions import Card, headline
from crm.support.models import Ticket
from crm.support.queries import handlers_of

_A = Advice.__table__.c


def advice_cards(keys: Sequence[int]) -> list[Card]:
    """Requests by the words of question and answer; what was withdrawn is not found."""
    owner = sa.func.coalesce(Ticket.account_id, Deal.account_id)
    rows = db.session.execute(
        sa.select(
            _A.id, _A.ticket_id, _A.question, _A.answer, _A.asked_at, _A.asked_id, Ticket.subject,
            Ticket.confidential, Ticket.assignee_id, Ticket.opened_by_id, Ticket.team_id,
            Deal.title, Account.id.label("account_id"), Account.name.label("account"),
        )
        .where(_A.id.in_(keys), _A.state != "withdrawn")
        .outerjoin(Ticket, Ticket.id == _A.ticket_id)
        .outerjoin(Deal, Deal.id == _A.deal_id)
        .join(Account, Account.id == owner)
    )  # fmt: skip
    return [_card(row) for row in rows]


def _card(row: Any) -> Card:
    case = f"#{row.ticket_id} {row.subject}" if row.ticket_id else row.title
    return Card(
        "advice", row.id, headline(row.question), f"{case} {row.account}", row.account_id,
        body="\n".join(filter(None, (row.answer, row.question))), at=row.asked_at,
        owner_id=row.asked_id, handlers=handlers_of(row) if row.ticket_id else None,
    )  # fmt: skip
