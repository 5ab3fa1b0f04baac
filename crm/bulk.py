"""Rows into a table by the thousand: COPY on PostgreSQL, one prepared statement on SQLite.

The rows do not go through SQLAlchemy one by one: what a column makes of a value is asked once for
each column, and what is the same in every row is worked out once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from itertools import repeat
from typing import Any

import psycopg
import sqlalchemy as sa

from crm.extensions import UtcDateTime, db

Fields = dict[str, Any]
Values = Sequence[Any]
Process = Callable[[Any], Any]
NULL = r"\N"
_WRITTEN_PLAINLY = (int, str, float, Decimal, date)
_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False)
_MARKS = re.compile(r"[\\\t\n\r]")
_MARKED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
"""What means something to COPY, and how it is written where it does not."""


@dataclass(frozen=True, slots=True)
class Written:
    """A value of a JSON column or of an array that is written out already."""

    text: str


def insert_many(table: sa.Table, rows: Sequence[Fields], every: Fields | None = None) -> None:
    """Insert rows that all have the same columns, `every` being what all of them say beside.

    Does not commit.
    """
    if rows:
        insert_columns(table, {name: [row[name] for row in rows] for name in rows[0]}, every)


def insert_columns(
    table: sa.Table, columns: Mapping[str, Values], every: Fields | None = None
) -> None:
    """Insert rows given as the values of each column, one after another. Does not commit."""
    connection = db.session.connection()
    usual = {**_usual(table), **(every or {})}
    same = {name: value for name, value in usual.items()
            if name not in columns and not _is_nothing(table.c[name], value)}  # fmt: skip
    names = (*columns, *same)
    taken = [_taken(table.c[name], values, connection.dialect) for name, values in columns.items()]
    ends = [_taken(table.c[name], [value], connection.dialect) for name, value in same.items()]
    into = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        statement = f'INSERT INTO "{table.name}" ({into}) VALUES ({marks})'  # noqa: S608  # ours
        rows = zip(*taken, *(repeat(end) for [end] in ends), strict=False)
        connection.exec_driver_sql(statement, list(rows))
        return
    _copy(connection, f'COPY "{table.name}" ({into}) FROM STDIN', _lines(taken, ends))


@cache
def insert_once(
    table: sa.Table, names: tuple[str, ...], unique: str, returning: str = ""
) -> sa.TextClause:
    """A row whose value in the column `unique` may be there already: then nothing is written.

    Written out, as SQLAlchemy compiles ON CONFLICT anew at every turn.
    """
    into, values = ", ".join(names), ", ".join(f":{name}" for name in names)
    statement = (
        f'INSERT INTO "{table.name}" ({into}) VALUES ({values}) '  # noqa: S608  # names of ours
        f"ON CONFLICT ({unique}) DO NOTHING" + (f" RETURNING {returning}" if returning else "")
    )
    return sa.text(statement).bindparams(
        *(sa.bindparam(name, type_=table.c[name].type) for name in names)
    )


def _copy(connection: sa.Connection, statement: str, lines: str) -> None:
    """Raises what SQLAlchemy would: it does not see this, nor that the server has gone."""
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(statement) as copy:
            copy.write(lines)
    except psycopg.Error as error:
        if cursor.connection.closed:
            connection.invalidate(error)
        raise sa.exc.DBAPIError.instance(
            statement, None, error, psycopg.Error, dialect=connection.dialect
        ) from error


def _lines(columns: Sequence[Values], ends: Sequence[Values]) -> str:
    """Rows as COPY reads them; all of them end alike."""
    end = "".join(f"\t{text}" for [text] in map(_texts, ends)) + "\n"
    return end.join(map("\t".join, zip(*map(_texts, columns), strict=True))) + end


def _texts(values: Values) -> list[str]:
    """Values as COPY reads them. Raises TypeError for one that it cannot be given so."""
    if _MARKS.search("".join([one for one in values if isinstance(one, str)])):
        values = [one.translate(_MARKED) if isinstance(one, str) else one for one in values]
    return [NULL if one is None else one if type(one) is str else _plain(one) for one in values]


def _plain(value: Any) -> str:
    if not isinstance(value, _WRITTEN_PLAINLY):
        raise TypeError(f"COPY is given no {type(value).__name__}")
    return str(value)


def _taken(column: sa.Column[Any], values: Values, dialect: sa.Dialect) -> Values:
    """Values of a column as the driver takes them."""
    process = _processor(column.type, dialect)
    if process is None:
        return values
    return [None if value is None else process(value) for value in values]


def _is_nothing(column: sa.Column[Any], value: Any) -> bool:
    """Would the column hold just that if the statement did not speak of it?"""
    return value is None and column.server_default is None


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
    if isinstance(kind, UtcDateTime) and dialect.name != "sqlite":
        return _instant
    found: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=64)(found) if found and isinstance(kind, UtcDateTime) else found


@lru_cache(maxsize=64)
def _instant(value: datetime) -> str:
    """As COPY reads it: many rows have the same one, and the driver would write it for each."""
    return str(value.astimezone(UTC))


def _array(value: Any) -> Any:
    return value.text if type(value) is Written else value


def _json(value: Any) -> str:
    return value.text if type(value) is Written else _JSON.encode(value)


_OUTGROWN = sa.text(
    "SELECT relname FROM pg_class WHERE relnamespace = quote_ident(current_schema)::regnamespace"
    " AND relkind = 'r' AND pg_relation_size(oid) > 0 AND (reltuples <= 0"
    " OR pg_relation_size(oid) > 10 * greatest(relpages, 1) * 8192"
    " OR pg_stat_get_mod_since_analyze(oid) > 10 * reltuples)"
)
"""Tables with rows that PostgreSQL has not counted, or with ten times what it counted."""

_COUNT = sa.DDL("ANALYZE (SKIP_LOCKED) %(fullname)s")  # type: ignore[no-untyped-call]


def outgrown() -> list[sa.Table]:
    """The tables that have grown much since PostgreSQL counted them last; on SQLite none.

    Until it does so by itself, which takes a minute and more, it takes any index of them for as
    good as any other and keeps the plans that it made while they were small: each look for a key
    reads the whole table (0.6 s for 200 keys among 8,000, where 1 ms is enough).
    """
    if db.session.get_bind().dialect.name == "sqlite":
        return []
    named = db.session.scalars(_OUTGROWN)
    return [db.metadata.tables[one] for one in named if one in db.metadata.tables]


def count_rows(table: sa.Table) -> None:
    """Have PostgreSQL count a table now, unless somebody else is at it. Does not commit."""
    db.session.execute(_COUNT.against(table))
