"""Rows of an import into their tables by the thousand, with keys that are known beforehand."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crm.accounts.keys import spent
from crm.bulk import Written, insert_columns, insert_many
from crm.extensions import db

__all__ = ["Written", "insert_columns", "insert_many", "reserve"]


def reserve(table: sa.Table, number: int) -> list[int]:
    """Keys for so many new rows: taken from the sequence, on SQLite the next free ones."""
    if not number:
        return []
    if db.session.get_bind().dialect.name == "sqlite":
        last = db.session.scalar(sa.select(sa.func.max(table.c.id))) or 0
        last = max(last, spent(db.session.connection(), table))
        return list(range(last + 1, last + 1 + number))
    named = sa.cast(sa.func.pg_get_serial_sequence(table.name, "id"), postgresql.REGCLASS)
    sequence = sa.select(named).scalar_subquery()  # looked up once, not for every key
    keys = sa.func.array_agg(sa.func.nextval(sequence))
    some = sa.select(keys).select_from(sa.func.generate_series(1, number))
    return list(db.session.execute(some).scalar_one())
