"""Empties a database before every test, so it goes past all that makes statements out of models."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa

NAME = "emptying"
"""What the connection is called in PostgreSQL."""

LARGE = 8 * 1024 * 1024
"""Bytes of a table that gets new files after all: else every test that follows reads past its dead
rows, for minutes where an index leads to them."""

BEGIN_AT_1 = """
SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL
"""


@contextmanager
def of_postgres(url: sa.URL, tables: Sequence[str]) -> Iterator[Callable[[], None]]:
    """Ten times as quick as TRUNCATE, which makes new files for every table.

    Only this connection looks at no references: to change one's mind about that makes a connection
    forget all its plans.
    """
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    unlinked = "-c session_replication_role=replica"
    with psycopg.connect(
        plain, autocommit=True, options=unlinked, application_name=NAME
    ) as connection:

        def delete() -> None:
            sizes = connection.execute(_sizes(tables)).fetchone() or ()
            held = [
                f"TRUNCATE {name} CASCADE" if size > LARGE else f"DELETE FROM {name}"
                for name, size in zip(tables, sizes, strict=True)
                if size
            ]
            connection.execute(";".join([*held, BEGIN_AT_1]))

        yield delete


@contextmanager
def of_sqlite(url: sa.URL, tables: Sequence[str]) -> Iterator[Callable[[], None]]:
    """Keys begin at 1 by themselves where no row is left."""
    connection = sqlite3.connect(url.database or "", isolation_level=None, timeout=30)

    def delete() -> None:
        connection.execute("BEGIN IMMEDIATE")
        found = connection.execute(_looks(tables)).fetchone()
        held = [name for name, holds in zip(tables, found, strict=True) if holds]
        for name in (*held, "search_fts"):
            connection.execute(f"DELETE FROM {name}")
        connection.execute("COMMIT")

    yield delete
    connection.close()


def _looks(tables: Sequence[str]) -> str:
    return "SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {name})" for name in tables)


def _sizes(tables: Sequence[str]) -> str:
    """The bytes of each table that holds a row, else 0."""
    size = "CASE WHEN EXISTS (SELECT 1 FROM {0}) THEN pg_relation_size('{0}') ELSE 0 END"
    return "SELECT " + ", ".join(size.format(name) for name in tables)
