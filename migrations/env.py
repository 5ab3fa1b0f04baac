"""How Alembic reaches the application's own database; run by `bin/crm db …`."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from crm.extensions import db

FULL_TEXT = "search_fts"
"""SQLite's full-text tables begin so; PostgreSQL has the GIN index below instead."""
COMPARED_ON_POSTGRES = ("ix_search_entries_grams", "ix_events_account_at", "ix_events_subject")
"""Indexes that SQLite does not have, or cannot say the direction of."""


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Leave what one of the two databases does not have out of comparisons."""
    if kind == "index" and name in COMPARED_ON_POSTGRES:
        return db.engine.dialect.name == "postgresql"
    return not (kind == "table" and name is not None and name.startswith(FULL_TEXT))


def run() -> None:
    """Run the migrations on a connection of the application, each in its own transaction."""
    arguments = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=db.metadata, include_object=ours,
            transaction_per_migration=True, **arguments,
        )  # fmt: skip
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()


run()
