"""Keys of merged records that are gone for now and may come back: nobody else gets them.

A merge takes a record away, and its address goes on leading to the survivor; taken back, the record
has its old key again. PostgreSQL never gives a key twice. SQLite gives the largest key again once
its row is gone, so there the largest key that is spoken for is kept.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from crm.accounts.models import Account, Contact
from crm.extensions import BigKey, Model, db


class SpentKey(Model):
    """The largest key of a table that is not to be given again."""

    __tablename__ = "spent_keys"
    table_name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    key: Mapped[int] = mapped_column(BigKey)


def spend(table: sa.Table, key: int) -> None:
    """Keep a key of a row that is about to go."""
    known = db.session.get(SpentKey, table.name)
    if known is None:
        db.session.add(SpentKey(table_name=table.name, key=key))
    else:
        known.key = max(known.key, key)
    db.session.flush()


def spent(connection: sa.Connection, table: sa.Table) -> int:
    """The largest key that is kept; 0 when there is none."""
    kept = sa.select(SpentKey.key).where(SpentKey.table_name == table.name)
    return connection.scalar(kept) or 0


def _skip(_mapper: Any, connection: sa.Connection, record: Any) -> None:
    """A new record gets a key above those that are kept, also among many of one flush."""
    table = record.__table__
    if connection.dialect.name != "sqlite" or record.id is not None:
        return
    kept = spent(connection, table)
    if kept:
        last = connection.scalar(sa.select(sa.func.max(table.c.id))) or 0
        given = max(kept, last, connection.info.get(table.name, 0)) + 1
        record.id = connection.info[table.name] = given


def keep_spent(*models: type[Any]) -> None:
    """New records of these models get no key that is kept."""
    for model in models:
        event.listen(model, "before_insert", _skip)


keep_spent(Account, Contact)
