"""Pairs that may be one record, merges, and what each merge moved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, column_property, mapped_column

from crm.accounts.models import Account
from crm.clock import now
from crm.extensions import BigKey, Json, Model, UtcDateTime

KINDS = ("account", "contact", "product", "unit")
STATES = ("open", "later", "different", "merged")
WAITING = ("open", "later")
"""Nobody has decided; the comparison may still take the proposal back."""


class Pair(Model):
    """Two records that may be one, the older key on the left. What people decided stays for ever.

    The keys are plain numbers: a pair is a remark about records, no part of them, and outlives
    one of the two when they are merged. The accounts of two products, which are nobody's, are 0.
    """

    __tablename__ = "doubles"
    __table_args__ = (
        sa.UniqueConstraint("kind", "left_id", "right_id"),
        sa.Index("ix_doubles_kind_right", "kind", "right_id"),
        sa.Index("ix_doubles_state_score", "state", "score", "id"),
        sa.Index("ix_doubles_found_at", "updated_at", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    left_id: Mapped[int] = mapped_column(BigKey)
    right_id: Mapped[int] = mapped_column(BigKey)
    left_account_id: Mapped[int] = mapped_column(BigKey)
    right_account_id: Mapped[int] = mapped_column(BigKey)
    score: Mapped[int] = mapped_column(sa.SmallInteger)
    reasons: Mapped[list[str]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    updated_at: Mapped[datetime] = mapped_column(
        "found_at", UtcDateTime, key="updated_at", default=now, onupdate=now
    )
    """When it was found, or since then judged anew, decided, merged or given back."""
    again_on: Mapped[date | None] = mapped_column(sa.Date)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))

    @property
    def version(self) -> int:
        """What an ETag is made of: programs read a pair, they do not edit it."""
        return round(self.updated_at.timestamp() * 1_000_000)


_left, _right = Account.__table__.alias("left_account"), Account.__table__.alias("right_account")
Pair.owner_id = column_property(
    sa.select(sa.case((_left.c.owner_id == _right.c.owner_id, _left.c.owner_id)))
    .where(_left.c.id == Pair.left_account_id, _right.c.id == Pair.right_account_id)
    .correlate_except(_left, _right)
    .scalar_subquery()
)
"""Whose pair it is: both accounts are hers."""


class Round(Model):
    """The last comparison of everything: when it was, and how much was read."""

    __tablename__ = "double_rounds"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    accounts: Mapped[int] = mapped_column(sa.Integer)
    contacts: Mapped[int] = mapped_column(sa.Integer)
    proposed: Mapped[int] = mapped_column(sa.Integer)


class Merge(Model):
    """One record taken into another, with all that is needed to take it back.

    `row` is the lost record as it was, `parts` what the survivor's fields were before and became,
    `marks` the largest key of every table that refers to such records, `counts` what moved.
    """

    __tablename__ = "merges"
    __table_args__ = (
        sa.Index("ix_merges_kind_lost", "kind", "lost_id"),
        sa.Index("ix_merges_kind_survivor", "kind", "survivor_id"),
        sa.Index("ix_merges_at", "at"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    survivor_id: Mapped[int] = mapped_column(BigKey)
    lost_id: Mapped[int] = mapped_column(BigKey)
    lost_name: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    row: Mapped[dict[str, Any]] = mapped_column(Json)
    parts: Mapped[dict[str, Any]] = mapped_column(Json)
    marks: Mapped[dict[str, int]] = mapped_column(Json)
    counts: Mapped[dict[str, int]] = mapped_column(Json)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    left_over: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)


class Move(Model):
    """One row that a merge touched: `moved` (its column), `removed` or `changed` (`row` as it was),
    `named` (by a custom field), `added` (it goes when the merge is taken back).

    Kept for 30 days, as long as a merge can be taken back.
    """

    __tablename__ = "merge_moves"
    __table_args__ = (
        sa.Index("ix_merge_moves_place", "merge_id", "table_name", "column_name", "row_id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    merge_id: Mapped[int] = mapped_column(sa.ForeignKey("merges.id"))
    table_name: Mapped[str] = mapped_column(sa.String(60))
    column_name: Mapped[str] = mapped_column(sa.String(60))
    what: Mapped[str] = mapped_column(sa.String(8))
    row_id: Mapped[int | None] = mapped_column(BigKey)
    row: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
