"""What was imported from where: the memory that makes a second import change nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Json, Model, UtcDateTime, key_text


class ImportKey(Model):
    """One row of a source and the record it became. `said` is what the file said last."""

    __tablename__ = "import_keys"
    __table_args__ = (
        sa.UniqueConstraint("source", "kind", "key"),
        sa.Index("ix_import_keys_kind_record_id", "kind", "record_id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    source: Mapped[str] = mapped_column(key_text(60))
    kind: Mapped[str] = mapped_column(key_text(20))
    key: Mapped[str] = mapped_column(key_text(200))
    record_id: Mapped[int] = mapped_column(BigKey)
    digest: Mapped[str] = mapped_column(sa.String(64))
    said: Mapped[dict[str, Any]] = mapped_column(Json)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportMapping(Dated, Model):
    """How the columns of a kind of file become fields, kept under a name; `mapping` is what a
    mapping file says. A file whose columns have the same `fingerprint` is found to be of it."""

    __tablename__ = "import_mappings"
    __table_args__ = (
        sa.UniqueConstraint("kind", "name"),
        sa.Index("ix_import_mappings_kind_fingerprint", "kind", "fingerprint"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(key_text(30))
    name: Mapped[str] = mapped_column(key_text(80))
    fingerprint: Mapped[str] = mapped_column(sa.String(40))
    mapping: Mapped[dict[str, Any]] = mapped_column(Json)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
