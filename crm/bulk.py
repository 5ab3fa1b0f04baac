"""Rows into a table by the thousand: COPY on PostgreSQL, one prepared statement on SQLite.

The rows do not go through SQLAlchemy one by one: what a column makes of a value is asked once for
each column, and what is the same in every row is worked out once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crm.extensions import db

Fields = dict[str, Any]
Process = Callable[[Any], Any]
MANY = 100
"""Keys from which on an array is quicker."""
_JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Written:
    """A value of a JSON column or of an array that is written out already."""

    text: str


def insert_many(table: sa.Table, rows: Sequence[Fields], every: Fields | None = None) -> None:
    """Insert rows that all have the same columns, `every` being what all of them say beside.

    Does not commit.
    """
    if rows:
        names = tuple(rows[0])
        insert_rows(table, names, ([row[name] for name in names] for row in rows), every)


def insert_rows(
    table: sa.Table, names: Sequence[str], rows: Iterable[list[Any]], every: Fields | None = None
) -> None:
    """Insert rows given as the values of some columns. Does not commit."""
    connection = db.session.connection()
    fixed = {**_usual(table), **(every or {})}
    fixed = {name: value for name, value in fixed.items() if name not in names}
    lines = _lines(table, connection.dialect, names, rows, fixed)
    columns = (*names, *fixed)
    into = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        statement = f'INSERT INTO "{table.name}" ({into}) VALUES ({marks})'  # noqa: S608  # ours
        connection.exec_driver_sql(statement, list(map(tuple, lines)))
        return
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f'COPY "{table.name}" ({into}) FROM STDIN') as copy:
        write = copy.write_row
        for line in lines:
            write(line)


def listed(keys: Sequence[int]) -> Any:
    """Very many keys as what `column.in_` takes: PostgreSQL gets one array instead of as many
    parameters, which are slow to write and to read; SQLite gets them one by one."""
    if len(keys) < MANY or db.session.get_bind().dialect.name == "sqlite":
        return keys
    array = sa.bindparam(None, list(keys), postgresql.ARRAY(sa.BigInteger), unique=True)
    return sa.select(sa.func.unnest(array))


def _lines(
    table: sa.Table, dialect: sa.Dialect, names: Sequence[str], rows: Iterable[list[Any]],
    fixed: Fields,
) -> Iterator[list[Any]]:  # fmt: skip
    """The rows as the driver takes them, with what is the same in all of them."""
    steps = [(at, _processor(table.c[name].type, dialect)) for at, name in enumerate(names)]
    works = [(at, process) for at, process in steps if process is not None]
    same = [_through(table.c[name], value, dialect) for name, value in fixed.items()]
    for row in rows:
        for at, process in works:
            if row[at] is not None:
                row[at] = process(row[at])
        yield row + same


def _through(column: sa.Column[Any], value: Any, dialect: sa.Dialect) -> Any:
    process = _processor(column.type, dialect)
    return value if process is None or value is None else process(value)


def _usual(table: sa.Table) -> Fields:
    """What stands in the columns of which rows say nothing: a COPY knows no defaults of ours."""
    usual: Fields = {}
    for column in table.columns:
        default: Any = column.default
        if default is not None:
            usual[column.name] = default.arg if default.is_scalar else default.arg(None)
    return usual


@cache
def _processor(kind: Any, dialect: sa.Dialect) -> Process | None:
    """What a value must go through before the driver takes it."""
    if isinstance(kind, sa.JSON):
        return _json
    if isinstance(kind, sa.ARRAY):
        return _array
    found: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _array(value: Any) -> Any:
    return value.text if type(value) is Written else value


def _json(value: Any) -> str:
    return value.text if type(value) is Written else _JSON.encode(value)
