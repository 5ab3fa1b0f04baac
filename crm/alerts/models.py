"""What a support event means to sales, addressed to one person, with its reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Json, Model, UtcDateTime, Versioned

STATES = ("open", "accepted", "dismissed", "snoozed", "held", "expired")
UNDECIDED = ("open",)
WAITING = ("open", "snoozed", "held")
"""Nobody has decided yet."""
FACT_CHANGED = "fact_changed"
"""Stands as the dismissal of an alert that expired because what it rested on was taken back."""
DISMISSALS = ("not_now", "already_talking", "not_wanted", "wrong_fact", "other")


class Alert(Versioned, Dated, Model):
    """One opportunity or duty. `dedupe` (rule, subject, window) is unique: one alert for each."""

    __tablename__ = "alerts"
    __table_args__ = (
        sa.Index("ix_alerts_owner_state", "owner_id", "state", "id"),
        sa.Index("ix_alerts_team_state", "team_id", "state", "id"),
        sa.Index("ix_alerts_subject_rule", "subject", "rule"),
        sa.Index("ix_alerts_account_id", "account_id", "id"),
        sa.Index("ix_alerts_rule_raised", "rule", "rule_version", "raised_at"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(8))
    rule_version: Mapped[int] = mapped_column(sa.SmallInteger)
    dedupe: Mapped[str] = mapped_column(sa.String(120), unique=True)
    subject: Mapped[str] = mapped_column(sa.String(40))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_contracts.id"))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id"))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id"))
    reason: Mapped[dict[str, str]] = mapped_column(Json)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    voice: Mapped[str] = mapped_column(sa.Text, default="")
    offer: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    estimated_value: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    dismissal: Mapped[str | None] = mapped_column(sa.String(16))
    dismissal_note: Mapped[str] = mapped_column(sa.String(300), default="")
    deal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deals.id"), index=True)
