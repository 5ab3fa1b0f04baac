"""What a run writes is taken away again, so that a kept database stays what it was filled with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

WRITTEN = ("idempotency_keys", "alerts", "outbox", "events", "tickets", "sign_ins", "api_tokens")
"""Tables that a run writes to, in an order in which their rows can go."""


@contextmanager
def kept(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Delete every row of the written tables that was not there before."""
    before = {name: _last(connection, name) for name in WRITTEN}
    yield
    connection.execute("SET session_replication_role = replica")
    for name, last in before.items():
        query = sql.SQL("DELETE FROM {} WHERE id > %s").format(sql.Identifier(name))
        connection.execute(query, (last,))
    newer = sql.SQL(
        "SELECT id FROM search_entries WHERE record_id > %s AND kind IN ('ticket', 'bench')"
    )
    for table, key in (
        ("search_identifiers", "entry_id"),
        ("search_handlers", "entry_id"),
        ("search_entries", "id"),
    ):
        names = sql.Identifier(table), sql.Identifier(key)
        query = sql.SQL("DELETE FROM {} WHERE {} IN ({})").format(*names, newer)
        connection.execute(query, (before["tickets"],))
    connection.execute("SET session_replication_role = DEFAULT")
    for name in (*WRITTEN, "search_entries"):
        connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(name)))


def _last(connection: psycopg.Connection[Any], table: str) -> int:
    query = sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table))
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
