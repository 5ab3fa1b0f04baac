"""What the search knows of documents: their names and captions, and on what they hang."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.deals.models import Deal
from crm.extensions import db
from crm.files.models import Attachment
from crm.installed_base.models import Unit, WorkOrder
from crm.products.models import Product
from crm.search.actions import Card
from crm.support.models import Ticket
from crm.support.queries import handlers_of

_F = Attachment.__table__.c


def document_cards(keys: Sequence[int]) -> list[Card]:
    """Documents; one on a confidential ticket is as confidential as the ticket."""
    owner = sa.func.coalesce(
        _F.account_id, Unit.account_id, WorkOrder.account_id, Ticket.account_id, Deal.account_id
    )
    rows = db.session.execute(
        sa.select(
            _F.id, _F.name, _F.caption, _F.at, _F.by_id, owner.label("account"),
            Account.name.label("company"), _F.work_order_id, Unit.serial_no, Product.code,
            _F.ticket_id, Ticket.subject, Deal.title, Ticket.confidential, Ticket.assignee_id,
            Ticket.opened_by_id, Ticket.team_id,
        )
        .where(_F.id.in_(keys))
        .outerjoin(WorkOrder, WorkOrder.id == _F.work_order_id)
        .outerjoin(Unit, Unit.id == sa.func.coalesce(_F.unit_id, WorkOrder.unit_id))
        .outerjoin(Product, Product.id == Unit.product_id)
        .outerjoin(Ticket, Ticket.id == _F.ticket_id)
        .outerjoin(Deal, Deal.id == _F.deal_id)
        .outerjoin(Account, Account.id == owner)
    )  # fmt: skip
    return [_card(row) for row in rows]


def _card(row: Any) -> Card:
    return Card(
        "document", row.id, row.name, " ".join(filter(None, (_hangs_on(row), row.company))),
        row.account, body=row.caption, at=row.at, owner_id=row.by_id,
        handlers=handlers_of(row) if row.ticket_id else None,
    )  # fmt: skip


def _hangs_on(row: Any) -> str:
    if row.ticket_id:
        return f"#{row.ticket_id} {row.subject}"
    work = f"WO-{row.work_order_id}" if row.work_order_id else ""
    unit = f"{row.code} {row.serial_no}".strip() if row.code else ""
    return " ".join(filter(None, (row.title, work, unit)))
