"""Advice that somebody who works on a ticket or a deal asks of a colleague, and what came of it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.advice import reach
from crm.extensions import BigKey, Dated, Model, UtcDateTime, Versioned
from crm.rights import Person

CASES = ("ticket_id", "deal_id")
STATES = ("open", "answered", "declined", "returned", "withdrawn")
"""`returned`: the colleague left, or may not see the case any more; it is the asker's again."""
BACK = ("declined", "returned")
"""Without an answer at the asker, who may ask somebody else."""
TOLD = ("answered", *BACK)
"""What the asker is to hear of."""
OUTCOMES = ("helped", "unsolved", "unused")

_OPEN = sa.text("state = 'open'")
_UNSEEN = sa.text("seen_at IS NULL AND state IN ('answered', 'declined', 'returned')")


class Advice(Versioned, Dated, Model):
    """One question about exactly one ticket or deal, to one colleague.

    `asked_at` is when the colleague who has it now was asked, `handed_by_id` who handed it on;
    `settled_at` when it was answered, declined, returned or withdrawn; `word` what was said with
    it when it was declined or handed on. `seen_at` is when the asker took note of what came back.
    `outcome` says whether the answer helped, `outcome_word` what was done.
    """

    __tablename__ = "advice"
    __table_args__ = (
        sa.CheckConstraint(
            " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in CASES) + " = 1",
            name="one_case",
        ),
        sa.Index("ix_advice_ticket_id_id", "ticket_id", "id"),
        sa.Index("ix_advice_deal_id_id", "deal_id", "id"),
        sa.Index(
            "ix_advice_open", "asked_id", "asked_at", "id",
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        sa.Index(
            "ix_advice_unseen", "asker_id", "settled_at", "id",
            sqlite_where=_UNSEEN, postgresql_where=_UNSEEN,
        ),
        sa.Index("ix_advice_asker_id_asked_at", "asker_id", "asked_at", "id"),
        sa.Index("ix_advice_asked_id_asked_at", "asked_id", "asked_at", "id"),
        sa.Index("ix_advice_state_asked_at", "state", "asked_at", "id"),
        sa.Index("ix_advice_asked_at_id", "asked_at", "id"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tickets.id"))
    deal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deals.id"))
    asker_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    asked_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    question: Mapped[str] = mapped_column(sa.Text)
    wanted_on: Mapped[date | None] = mapped_column(sa.Date)
    state: Mapped[str] = mapped_column(sa.String(9), default="open")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    word: Mapped[str] = mapped_column(sa.String(300), default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(sa.String(8))
    outcome_word: Mapped[str] = mapped_column(sa.String(300), default="")
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def case(self) -> tuple[str, int]:
        """The column that says on what it hangs, and that record's key."""
        name = "ticket_id" if self.ticket_id is not None else "deal_id"
        return name, getattr(self, name)

    def lets(self, user: Person, action: str) -> bool:
        """May this person do this to it? The scope `case` of crm/rights.py."""
        return reach.lets(self, user, action)

    @classmethod
    def within(cls, user: Person) -> sa.ColumnElement[bool]:
        """Which rows this person may see, as a predicate."""
        return reach.within(user, cls.ticket_id, cls.deal_id)
