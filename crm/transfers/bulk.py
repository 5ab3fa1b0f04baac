"""Rows into a table by the thousand: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from crm.accounts.keys import spent
from crm.extensions import db

Fields = dict[str, Any]
Process = Callable[[Any], Any]
FEW = 20
"""So many rows are not worth a COPY."""


def insert_many(table: sa.Table, rows: Sequence[Fields]) -> None:
    """Insert rows that all have the same columns. Does not commit."""
    if not rows:
        return
    connection = db.session.connection()
    if connection.dialect.name == "sqlite" or len(rows) < FEW:
        connection.execute(sa.insert(table), list(rows))
    else:
        _copy(connection, table, rows)


def reserve(table: sa.Table, number: int) -> list[int]:
    """Keys for so many new rows: taken from the sequence, on SQLite the next free ones."""
    if not number:
        return []
    if db.session.get_bind().dialect.name == "sqlite":
        last = db.session.scalar(sa.select(sa.func.max(table.c.id))) or 0
        last = max(last, spent(db.session.connection(), table))
        return list(range(last + 1, last + 1 + number))
    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
    keys = sa.select(sa.func.nextval(sequence)).select_from(sa.func.generate_series(1, number))
    return list(db.session.scalars(keys))


def _copy(connection: sa.Connection, table: sa.Table, rows: Sequence[Fields]) -> None:
    usual = _usual(table, rows[0])
    names = (*rows[0], *usual)
    into = ", ".join(f'"{name}"' for name in names)
    cursor: Any = connection.connection.cursor()
    steps = [(name, _processor(table.c[name].type, connection.dialect)) for name in names]
    with cursor, cursor.copy(f'COPY "{table.name}" ({into}) FROM STDIN') as copy:
        for row in rows:
            whole = row | usual
            copy.write_row([
                whole[name] if process is None or whole[name] is None else process(whole[name])
                for name, process in steps
            ])  # fmt: skip


def _usual(table: sa.Table, row: Fields) -> Fields:
    """What stands in the columns of which these rows say nothing: a COPY knows no defaults."""
    usual: Fields = {}
    for column in table.columns:
        default: Any = column.default
        if column.name not in row and default is not None:
            usual[column.name] = default.arg if default.is_scalar else default.arg(None)
    return usual


@cache
def _processor(kind: Any, dialect: sa.Dialect) -> Process | None:
    """What a value must go through before the driver takes it."""
    found: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found
