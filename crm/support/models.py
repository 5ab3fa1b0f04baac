"""Tickets: what customers tell us, in their own words, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.attributes.models import Attributed
from crm.extensions import BigKey, Dated, Json, Model, UtcDateTime, Versioned

CHANNELS = ("phone", "mail", "web", "chat", "visit")
CATEGORIES = (
    "failure", "usage", "consumable", "inspection", "purchase", "complaint", "other",
)  # fmt: skip
SEVERITIES = ("low", "normal", "high", "critical")
STATUSES = ("open", "pending", "solved", "closed")
_UNFINISHED = sa.text("status IN ('open', 'pending')")

NOTE_KINDS = ("internal", "mail", "phone", "customer")


def _secret(column: str) -> sa.Index:
    """The confidential tickets of one person or team: few, whatever the number of tickets."""
    return sa.Index(
        f"ix_tickets_secret_{column}", column, "id",
        sqlite_where=sa.text("confidential IS 1"),
        postgresql_where=sa.text("confidential IS true"),
    )  # fmt: skip


class Ticket(Attributed, Versioned, Dated, Model):
    """One inquiry. `voice` holds the customer's own words and is never rewritten.

    `withdrawn_words` are buying words in it that the clerk took back as no sign for sales.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        sa.Index("ix_tickets_account_id_id", "account_id", "id"),
        sa.Index("ix_tickets_unit_id_id", "unit_id", "id"),
        sa.Index("ix_tickets_status_id", "status", "id"),
        sa.Index("ix_tickets_assignee_id_status", "assignee_id", "status", "id"),
        sa.Index("ix_tickets_opened_at_id", "opened_at", "id"),
        sa.Index("ix_tickets_confidential_id", "confidential", "id"),
        *(_secret(column) for column in ("assignee_id", "opened_by_id", "team_id")),
        sa.Index("ix_tickets_due_at_id", "due_at", "id"),
        sa.Index("ix_tickets_status_due_at_id", "status", "due_at", "id", "confidential"),
        sa.Index(
            "ix_tickets_unfinished", "assignee_id", "confidential", "due_at", "id",
            sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED,
        ),
        sa.Index(
            "ix_tickets_unfinished_account_id", "account_id", "id",
            sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED,
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contacts.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sites.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    channel: Mapped[str] = mapped_column(sa.String(6), default="phone")
    subject: Mapped[str] = mapped_column(sa.String(200))
    voice: Mapped[str] = mapped_column(sa.Text, default="")
    category: Mapped[str] = mapped_column(sa.String(12), default="other")
    symptom: Mapped[str] = mapped_column(sa.String(100), default="")
    severity: Mapped[str] = mapped_column(sa.String(8), default="normal")
    status: Mapped[str] = mapped_column(sa.String(8), default="open")
    assignee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_response_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    solved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolution: Mapped[str] = mapped_column(sa.Text, default="")
    entitlement: Mapped[dict[str, Any] | None] = mapped_column(Json)
    withdrawn_words: Mapped[list[str] | None] = mapped_column(Json)
    confidential: Mapped[bool] = mapped_column(sa.Boolean, default=False)

    @property
    def number(self) -> int:
        """The number people say on the telephone (#10482) is the key itself."""
        return self.id


class TicketNote(Model):
    """One entry of the conversation or one note among colleagues."""

    __tablename__ = "ticket_notes"
    __table_args__ = (sa.Index("ix_ticket_notes_ticket_id_id", "ticket_id", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("tickets.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(8), default="internal")
    body: Mapped[str] = mapped_column(sa.Text)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TicketPause(Model):
    """A span in which the clock of the ticket stands still because the customer has the ball."""

    __tablename__ = "ticket_pauses"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(
        sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True
    )
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CallDraft(Model):
    """What a clerk has typed so far, one row per call she has open."""

    __tablename__ = "call_drafts"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CallQueue(Model):
    """What the telephone system said last of one of its groups: callers who wait, seats that
    answer, seats that are signed in."""

    __tablename__ = "call_queues"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    waiting: Mapped[int] = mapped_column(sa.SmallInteger)
    answering: Mapped[int] = mapped_column(sa.SmallInteger)
    seats: Mapped[int] = mapped_column(sa.SmallInteger)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
