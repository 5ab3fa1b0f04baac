"""One change of many records, and what became of each of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Json, Model, UtcDateTime, Versioned

STATES = ("queued", "running", "done", "returning", "returned", "failed")
BUSY = ("queued", "running", "returning")
ITEM_STATES = ("waiting", "changed", "same", "refused", "returned", "kept")


class MassChange(Versioned, Dated, Model):
    """What somebody asked to be changed: `fields` are new values as the API takes them, `filters`
    those of the list's address, nothing where records were picked one by one."""

    __tablename__ = "mass_changes"
    __table_args__ = (
        sa.Index("ix_mass_changes_requested_by_id", "requested_by_id", "id"),
        sa.Index("ix_mass_changes_finished_at", "finished_at"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    list: Mapped[str] = mapped_column(sa.String(20))
    filters: Mapped[dict[str, str] | None] = mapped_column(Json)
    fields: Mapped[dict[str, Any]] = mapped_column(Json)
    language: Mapped[str] = mapped_column(sa.String(2), default="ja")
    requested_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(sa.String(9), default="queued")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MassChangeItem(Model):
    """One record of a mass change, written down when it was asked for. `before` are its values
    until then; `reason` says why it was refused, or why it was not put back (`kept`)."""

    __tablename__ = "mass_change_items"
    __table_args__ = (
        sa.Index("ix_mass_change_items_state", "change_id", "state", "record_id"),
    )  # fmt: skip
    change_id: Mapped[int] = mapped_column(
        sa.ForeignKey("mass_changes.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    record_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(sa.String(8), default="waiting")
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
