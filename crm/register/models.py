"""What the corporate register says of our accounts, row by row, and which files it came from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Json, Model, UtcDateTime, Versioned, key_text

KINDS = ("renamed", "moved", "closed", "absorbed", "restored", "numbered")
ASPECTS = {
    "renamed": "name", "moved": "place", "closed": "life", "absorbed": "life", "restored": "life",
    "numbered": "number",
}  # fmt: skip
"""Of one aspect of an account the latest word of the register counts."""
STATES = ("open", "accepted", "rejected", "superseded", "settled")


class RegisterFile(Dated, Model):
    """A file of the register that was read; the same content is one row, read again or not."""

    __tablename__ = "register_files"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    encoding: Mapped[str] = mapped_column(sa.String(20), default="")
    rows: Mapped[int] = mapped_column(sa.Integer, default=0)
    corrections: Mapped[int] = mapped_column(sa.Integer, default=0)
    told: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    """What the rows tell, whomever they are about: kind → number."""
    ours: Mapped[int] = mapped_column(sa.Integer, default=0)
    new: Mapped[int] = mapped_column(sa.Integer, default=0)
    updated: Mapped[int] = mapped_column(sa.Integer, default=0)
    wrong: Mapped[int] = mapped_column(sa.Integer, default=0)
    problems: Mapped[list[list[Any]]] = mapped_column(Json, default=list)
    """The first wrong lines: number and reason."""


class RegisterProposal(Versioned, Dated, Model):
    """A change that the register made to a company that is an account here.

    `rank` orders the register's words on one aspect: day of the change, day of the publication.
    An older word never replaces a newer one, whichever file comes first. A settled row is one that
    says what the account says already; a superseded one was overtaken while it was open.
    """

    __tablename__ = "register_proposals"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "aspect", "corporate_number", "rank"),
        sa.Index("ix_register_proposals_state_id", "state", "id"),
        sa.Index("ix_register_proposals_state_kind_id", "state", "kind", "id"),
        sa.Index("ix_register_proposals_account_state", "account_id", "state", "id"),
        sa.Index("ix_register_proposals_kind_id", "kind", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    corporate_number: Mapped[str] = mapped_column(key_text(13))
    kind: Mapped[str] = mapped_column(sa.String(8))
    aspect: Mapped[str] = mapped_column(sa.String(6))
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    effective_on: Mapped[date] = mapped_column(sa.Date)
    rank: Mapped[str] = mapped_column(key_text(24))
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
    said: Mapped[str] = mapped_column(sa.Text, default="")
    """What the register writes of the change in its own words."""
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("register_files.id"), index=True)
    line: Mapped[int] = mapped_column(sa.Integer)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
