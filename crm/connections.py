"""Connections to the two databases: how they begin, what they remember, how a number is given."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from select import POLLIN, poll
from time import monotonic
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.adapt import Dumper, PyFormat
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.types.numeric import Int8, Int8Dumper, IntDumper, IntNumeric, IntNumericDumper
from sqlalchemy import event

writing: ContextVar[bool] = ContextVar("writing", default=True)
"""False while a request only reads: SQLite then begins without taking the write lock."""


def _prepare_connection(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "synchronous=NORMAL",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")


PLANNED_ANEW = {"planned_anew": True}
"""Execution options of a statement whose best plan depends on its values."""


BY_INDEX = {"by_index": True}
"""Execution options of a statement that looks at one place of an index many times: what stands
before an instant, what came last."""

_ONLY_INDEXES = tuple(f"SET LOCAL enable_{way} =" for way in ("seqscan", "bitmapscan", "sort"))
_BY_INDEX_ALONE, _AS_BEFORE = (
    "; ".join(f"{one} {to}" for one in _ONLY_INDEXES) for to in ("off", "DEFAULT")
)


class KeepingConnection(psycopg.Connection[Any]):
    """A connection to PostgreSQL that still knows its prepared statements after a rollback.

    psycopg forgets them all, in case the transaction made the tables they read. Every request ends
    with a rollback, of nothing, so that no statement would ever be prepared. Ours make no tables;
    a migration has connections of its own.
    """

    def rollback(self) -> None:
        """End the open transaction. Raises OperationalError when the server is gone."""
        with self.lock:
            if self.pgconn.transaction_status == TransactionStatus.IDLE:
                return
            done = self.pgconn.exec_(b"ROLLBACK")
        if done.status != ExecStatus.COMMAND_OK:
            raise psycopg.OperationalError(done.get_error_message())


class NumberDumper(IntDumper):
    """Gives every number as BIGINT, or as NUMERIC where it is larger.

    By itself psycopg takes the smallest type that holds a number, so that one statement becomes
    another, to be planned anew, for every mixture of small and large keys.
    """

    _bigint, _numeric = Int8Dumper(Int8), IntNumericDumper(IntNumeric)

    def upgrade(self, obj: int, format: PyFormat) -> Dumper:
        """The one who writes this number."""
        return self._bigint if -(2**63) <= obj < 2**63 else self._numeric


KEPT = 300
"""Statements of which a connection knows the plan: as many as people's days are made of. psycopg
would keep 100, and forget each before it is asked again."""


def _connect(dialect: sa.Dialect, _record: Any, args: Any, named: Any) -> Any:
    if dialect.driver != "psycopg":
        return None
    connection = KeepingConnection.connect(*args, **named)
    connection.prepared_max = KEPT
    connection.adapters.register_dumper(int, NumberDumper)
    return connection


QUIET = 30
"""Seconds after which something between us and the server may have dropped a connection that
nobody used."""


def _still_there(connection: Any, record: Any, _taken: Any) -> None:
    """Find out, mostly at no cost, whether the server has gone since a connection was last used.

    A server that ends a connection says so, and unasked it says nothing else. To ask it something
    at each turn takes longer than many a statement.
    """
    if not isinstance(connection, psycopg.Connection):
        return
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    gone = bool(waiting.poll(0))
    if not gone and monotonic() - record.info.get("last_used", 0) > QUIET:
        gone = connection.pgconn.exec_(b"").status != ExecStatus.EMPTY_QUERY
    if gone:
        raise sa.exc.DisconnectionError("the server has ended the connection")


def _given_back(_connection: Any, record: Any) -> None:
    record.info["last_used"] = monotonic()


_CHANGES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE|INTO|SHARE|nextval|setval)\b")
"""What makes a SELECT more than a look: rows locked, written on the way, numbers taken."""


@lru_cache(maxsize=1000)
def looks_only(statement: str) -> bool:
    """Does a statement read and nothing else? Where in doubt, it does not."""
    return statement.startswith(("SELECT", "WITH")) and not _CHANGES.search(statement)


@contextmanager
def _alone(cursor: Any) -> Iterator[None]:
    """What is sent meanwhile begins no transaction."""
    connection = cursor.connection
    connection.autocommit = True
    try:
        yield
    finally:
        if not connection.closed:
            connection.autocommit = False


def _execute(cursor: Any, statement: str, values: Any, context: Any) -> bool:
    """Send a statement to PostgreSQL as its options say, and no transaction begins before it must.

    To begin and to end one asks the server twice more, of which a page that only reads has nothing:
    each statement sees what was committed when it began, in a transaction or without. Whatever is
    more than a look begins one, which the looks after it belong to.

    A statement with the option `planned_anew` gets a plan for its values at every turn. A search is
    one: what suits a rare word takes a hundred times as long for a common one; the history of an
    account is another, of ten events or a hundred thousand. All others keep their plan once a
    connection has run them some times.

    A statement with the option `by_index` is answered by indexes alone, in their order. Of a table
    that has grown since PostgreSQL counted it, PostgreSQL expects a handful of rows and reads and
    sorts them all, at every look; and a plan made on that day is kept.
    """
    if context.dialect.name == "sqlite":
        return False
    options = context.execution_options
    if options.get("by_index"):
        beside = cursor.connection.cursor()
        beside.execute(_BY_INDEX_ALONE)
        cursor.execute(statement, values)
        beside.execute(_AS_BEFORE)
        return True
    prepare = False if options.get("planned_anew") else None
    if _may_stand_alone(cursor) and looks_only(statement):
        with _alone(cursor):
            cursor.execute(statement, values, prepare=prepare)
        return True
    if prepare is False:
        cursor.execute(statement, values, prepare=prepare)
    return prepare is False


def _may_stand_alone(cursor: Any) -> bool:
    """No transaction is open, and the cursor, which is not one of the server's, needs none."""
    connection = cursor.connection
    idle = connection.pgconn.transaction_status == TransactionStatus.IDLE
    return idle and not connection.autocommit and type(cursor) is psycopg.Cursor


def _begin(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def attend() -> None:
    """Have every connection of every engine begin and work as said here."""
    for when, what in (
        ("do_connect", _connect),
        ("connect", _prepare_connection),
        ("do_execute", _execute),
        ("begin", _begin),
    ):
        event.listen(sa.Engine, when, what)
    event.listen(sa.Pool, "checkout", _still_there)
    event.listen(sa.Pool, "checkin", _given_back)
