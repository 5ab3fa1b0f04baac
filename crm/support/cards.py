"""What the search knows of tickets and of what was written under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm.accounts.models import Account
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.products.models import Product
from crm.search.actions import Card, headline
from crm.support import queries
from crm.support.links import unit_label
from crm.support.models import Ticket, TicketNote

_T, _N = Ticket.__table__.c, TicketNote.__table__.c


def ticket_cards(keys: Sequence[int]) -> list[Card]:
    """Tickets, by number and subject, in the customer's own words."""
    rows = db.session.execute(
        sa.select(
            *_T, Account.name, Unit.serial_no, Product.name.label("product"),
            Product.code.label("product_code"),
        )
        .where(_T.id.in_(keys))
        .join(Account, Account.id == _T.account_id)
        .outerjoin(Unit, Unit.id == _T.unit_id)
        .outerjoin(Product, Product.id == Unit.product_id)
    )  # fmt: skip
    return [ticket_card(row, row) for row in rows]


def ticket_card(ticket: Any, row: Any) -> Card:
    """One ticket; `row` says whose it is and about which unit."""
    return Card(
        "ticket", ticket.id, f"#{ticket.id} {ticket.subject}", row.name, ticket.account_id,
        names=[unit_label(row), ticket.symptom], identifiers=[str(ticket.id)],
        body=ticket.voice, handlers=queries.handlers_of(ticket), at=ticket.opened_at,
        owner_id=ticket.assignee_id,
    )  # fmt: skip


def note_cards(keys: Sequence[int]) -> list[Card]:
    """What was written under a ticket, as confidential as the ticket is."""
    rows = db.session.execute(
        sa.select(
            _N.id.label("note_id"), _N.body, _N.at, _N.by_id, *_T, Account.name,
        )
        .where(_N.id.in_(keys))
        .join(Ticket, _T.id == _N.ticket_id)
        .join(Account, Account.id == _T.account_id)
    )  # fmt: skip
    return [
        Card(
            "note", row.note_id, headline(row.body), f"#{row.id} {row.subject} {row.name}",
            row.account_id, body=row.body, handlers=queries.handlers_of(row), at=row.at,
            owner_id=row.by_id, about_id=row.id,
        )
        for row in rows
    ]  # fmt: skip


def note_keys(ticket_id: int) -> list[int]:
    """Keys of what was written under a ticket."""
    return list(db.session.scalars(sa.select(_N.id).where(_N.ticket_id == ticket_id)))
