"""One index over all records: what can be found, by which words and numbers, and by whom."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from crm.clock import now
from crm.extensions import BigKey, Model, UtcDateTime
from crm.search import marks

KINDS = (
    "account", "contact", "unit", "deal", "ticket", "contract", "product", "site",
    "work_order", "activity", "alert", "staff", "report", "document", "campaign", "note",
    "advice",
)  # fmt: skip
"""What can be indexed. Only ever append: the place of a kind is part of every entry's key."""

Ordered = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that compares by code point on both databases."""

Grams = ARRAY(sa.Integer()).with_variant(sa.Text(), "sqlite")
"""PostgreSQL holds the grams in the row, under a GIN index; SQLite in the table search_fts."""

_MASK = (1 << 62) - 1
_ODD = 0x1F83D9ABFB41BD6B
FTS = "search_fts"


class Entry(Model):
    """One record as the search sees it. `text` is folded, `label`, `sublabel`, `body` are not.

    `at` is when it happened, where a record has such an instant; `owner_id` who has it;
    `about_id` the record on whose page it stands, where it has no page of its own.
    """

    __tablename__ = "search_entries"
    __table_args__ = (
        sa.Index("ix_search_entries_label_key_id", "label_key", "id"),
        sa.Index("ix_search_entries_account_id_id", "account_id", "id"),
        sa.Index(
            "ix_search_entries_grams",
            "grams",
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 256},
        ).ddl_if(dialect="postgresql"),
        sa.Index(
            "ix_search_entries_sample",
            "grams",
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 64},
            postgresql_where=sa.column("id") < sa.literal_column(str(marks.below(marks.SAMPLED))),
        ).ddl_if(dialect="postgresql"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(20))
    record_id: Mapped[int] = mapped_column(sa.BigInteger)
    account_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    about_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    owner_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    label: Mapped[str] = mapped_column(sa.Text)
    sublabel: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(sa.Text)
    label_key: Mapped[str] = mapped_column(Ordered)
    text: Mapped[str] = mapped_column(sa.Text)
    grams: Mapped[list[int] | None] = mapped_column(Grams)
    restricted: Mapped[bool] = mapped_column(sa.Boolean)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Identifier(Model):
    """A number that names a record: serial, ticket or contract number, phone, mail address."""

    __tablename__ = "search_identifiers"
    key: Mapped[str] = mapped_column(Ordered, primary_key=True)
    entry_id: Mapped[int] = mapped_column(
        sa.ForeignKey("search_entries.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Handler(Model):
    """Who may find a restricted entry: `staff:12`, or the managers of a team, `team:3`."""

    __tablename__ = "search_handlers"
    entry_id: Mapped[int] = mapped_column(
        sa.ForeignKey("search_entries.id", ondelete="CASCADE"), primary_key=True
    )
    handler: Mapped[str] = mapped_column(sa.String(30), primary_key=True)


def entry_id(kind: str, record_id: int) -> int:
    """Give the key of a record's entry: its kind and number, shuffled one to one.

    Entries in the order of their keys are a fair sample of all entries, whatever was
    imported when: that is how a search learns from a few rows that a word is common.
    `crm/search/marks.py` says how.
    """
    key = ((KINDS.index(kind) + 1) << 54 | record_id) & _MASK
    for _ in range(2):
        key = (key ^ key >> 31) * _ODD & _MASK
    return key ^ key >> 31


def create_fts(connection: sa.Connection) -> None:
    """Create the table of grams that SQLite searches; nothing to do on PostgreSQL.

    For migrations; `db.create_all()` calls it by itself.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {FTS} "
            "USING fts5(grams, tokenize='ascii', detail=none, columnsize=0)"
        )


def drop_fts(connection: sa.Connection) -> None:
    """Drop what `create_fts` made."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {FTS}")


def _created(_table: sa.Table, connection: sa.Connection, **_options: object) -> None:
    create_fts(connection)


def _dropped(_table: sa.Table, connection: sa.Connection, **_options: object) -> None:
    drop_fts(connection)


sa.event.listen(Entry.__table__, "after_create", _created)
sa.event.listen(Entry.__table__, "before_drop", _dropped)
