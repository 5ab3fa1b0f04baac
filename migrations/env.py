"""How Alembic reaches the application's own database; run by `bin/crm db …`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from crm.extensions import db

FULL_TEXT = "search_fts"
"""SQLite's full-text tables begin so; PostgreSQL has the GIN indexes below instead."""
COMPARED_ON_POSTGRES = (
    "ix_search_entries_grams", "ix_search_entries_sample", "ix_events_account_at",
    "ix_events_subject",
)  # fmt: skip
"""Indexes that SQLite does not have, or cannot say the direction of."""


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Leave what one of the two databases does not have out of comparisons."""
    if kind == "index" and name in COMPARED_ON_POSTGRES:
        return db.engine.dialect.name == "postgresql"
    return not (kind == "table" and name is not None and name.startswith(FULL_TEXT))


@contextmanager
def tables_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it and dropping the old one; with foreign keys on, that
    would delete the rows of every table below. They are off meanwhile, and checked at the end.

    Raises RuntimeError when a row refers to one that is not there.
    """
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        lost = raw.execute("PRAGMA foreign_key_check").fetchone()
        if lost is not None:
            raise RuntimeError(f"after the migration a row of {lost[0]} refers to nothing")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Run the migrations on a connection of the application, each in its own transaction."""
    arguments = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection, tables_rebuilt(connection):
        context.configure(
            connection=connection, target_metadata=db.metadata, include_object=ours,
            transaction_per_migration=True, **arguments,
        )  # fmt: skip
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()


run()
