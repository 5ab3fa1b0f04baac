"""Who took which records out, and the files that were made for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Json, Model, UtcDateTime, Versioned

FORMATS = ("csv", "xlsx")
COLUMNS = ("all", "shown")
STATES = ("direct", "queued", "running", "done", "failed", "refused")


class Export(Versioned, Dated, Model):
    """One export. The row is the record of who took what, and is kept when its file is not.

    `filters` are those of the list's address. A `direct` one is read and sent at each download; a
    longer one is a job. `odd` are the characters (with line and column) for which it was refused;
    `error` is a code: "encoding", "rows", "rights", "filters".
    """

    __tablename__ = "exports"
    __table_args__ = (
        sa.Index("ix_exports_requested_by_id", "requested_by_id", "id"),
        sa.Index("ix_exports_finished_at", "finished_at"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    format: Mapped[str] = mapped_column(sa.String(4))
    encoding: Mapped[str] = mapped_column(sa.String(6), default="utf-8")
    columns: Mapped[str] = mapped_column(sa.String(5), default="all")
    names: Mapped[str] = mapped_column(sa.String(6), default="words")
    filters: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    language: Mapped[str] = mapped_column(sa.String(2), default="ja")
    requested_by_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(sa.String(7), default="queued")
    progress: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    row_count: Mapped[int | None] = mapped_column(sa.BigInteger)
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    error: Mapped[str | None] = mapped_column(sa.String(10))
    odd: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExportPart(Model):
    """A piece of a finished file, in the database so that any machine can hand it out."""

    __tablename__ = "export_parts"
    export_id: Mapped[int] = mapped_column(
        sa.ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
