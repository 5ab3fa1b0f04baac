"""A server that was started anew remembers nothing; one that people work with does."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg

WARM = """
SELECT count(pg_prewarm(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('public', 'pg_toast', 'pg_catalog') AND c.relkind IN ('r', 'i', 't')
"""


def warm(connection: psycopg.Connection[Any]) -> None:
    """Read every table and index into the memory of the server, as far as it goes.

    The filled server was stopped and begins with nothing. A small company is in memory after a few
    questions, a large one only after thousands.
    Does nothing where the role may not, or where pg_prewarm is not installed.
    """
    with suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported,
                  psycopg.errors.UndefinedFile):  # fmt: skip
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        connection.execute(WARM)
        connection.execute("DROP EXTENSION pg_prewarm")
