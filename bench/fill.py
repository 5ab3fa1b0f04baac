"""Fill a PostgreSQL database with a large company: COPY, several processes, indexes at the end."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from bench import people
from bench.company import PRODUCTS, Row, Size
from bench.happenings import MAKERS
from crm.extensions import db
from crm.rooms import MODELS
from crm.search import folding
from crm.search.actions import Card

SHAPE = ("units_each", "work_each", "hot_share")
CHUNK = 5_000
PROCESSES = 2
Say = Callable[[str], None]


def fingerprint() -> str:
    """What a filled database must have been made by to be used again: the same records."""
    size = Size(1000, datetime(2026, 1, 1, tzinfo=UTC))
    made = [str(one) for make in MAKERS.values() for key in range(1, 6) for one in make(size, key)]
    return hashlib.sha256("\n".join(made).encode()).hexdigest()[:16]


def filled(url: str) -> dict[str, Any] | None:
    """What a database says of its own fill; None when it is empty."""
    with psycopg.connect(url) as connection:
        known = connection.execute("SELECT to_regclass('bench_company')").fetchone()
        if known is None or known[0] is None:
            return None
        row = connection.execute("SELECT said FROM bench_company").fetchone()
        return dict(row[0]) if row else None


def size_of(said: dict[str, Any]) -> Size:
    """The size that a filled database says of itself."""
    shape = {name: said[name] for name in SHAPE if name in said}
    return Size(said["accounts"], datetime.fromisoformat(said["end"]), **shape)


def fill(url: str, size: Size, say: Say, processes: int = PROCESSES) -> None:
    """Fill the empty tables behind a plain PostgreSQL address."""
    began = time.monotonic()
    with psycopg.connect(url, autocommit=True) as connection:
        indexes = drop_indexes(connection)
        copy_made(connection, people.rows(size))
    jobs = [(url, size, kind, first, last) for kind, first, last in _ranges(size)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for done, _ in enumerate(pool.imap(_one_job, jobs), 1):
            if done % 20 == 0 or done == len(jobs):
                say(f"  {done} of {len(jobs)} parts, {time.monotonic() - began:.0f} s")
    with psycopg.connect(url, autocommit=True) as connection:
        _finish(connection, indexes, size)
    say(f"  filled in {time.monotonic() - began:.0f} s")


def _ranges(size: Size) -> Iterator[tuple[str, int, int]]:
    for kind in MAKERS:
        many = PRODUCTS if kind == "products" else size.count(kind)
        for first in range(1, many + 1, CHUNK):
            yield kind, first, min(first + CHUNK - 1, many)


def _one_job(job: tuple[str, Size, str, int, int]) -> None:
    url, size, kind, first, last = job
    made = (one for key in range(first, last + 1) for one in MAKERS[kind](size, key))
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        copy_made(connection, made)


def copy_made(connection: psycopg.Connection[Any], made: Iterable[tuple[str, Row] | Card]) -> None:
    """Write rows and cards, one COPY for each table."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for one in made:
        if isinstance(one, Card):
            _entry(one, rows)
        else:
            rows[one[0]].append(one[1])
    for table, some in rows.items():
        copy_rows(connection, table, some)


def copy_rows(connection: psycopg.Connection[Any], table: str, rows: list[Row]) -> None:
    """COPY rows; columns that they do not name get the model's own defaults."""
    assert MODELS, "a process that fills has to know every table"
    columns = db.metadata.tables[table].columns
    names = [
        c.name for c in columns if c.name in rows[0] or default_of(c) is not None
    ]  # fmt: skip
    usual = {name: default_of(columns[name]) for name in names}
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row([row.get(name, usual[name]) for name in names])


def default_of(column: sa.Column[Any]) -> Any:
    """The value that the model gives to a column that nobody names."""
    if column.default is None or not hasattr(column.default, "arg"):
        return None
    value = column.default.arg
    if not callable(value):
        return value
    made = value(None)
    return json.dumps(made) if isinstance(made, dict | list) else made


def _entry(card: Card, rows: dict[str, list[Row]]) -> None:
    """What index_many would write of a card."""
    text = card.text
    grams = card.array(card.grams(text))
    rows["search_entries"].append(card.row(text) | {"grams": grams})
    keys = set().union(*map(folding.identifier_keys, card.identifiers))
    rows["search_identifiers"] += [{"key": key, "entry_id": card.key} for key in sorted(keys)]
    rows["search_handlers"] += [
        {"entry_id": card.key, "handler": one} for one in dict.fromkeys(card.handlers or ())
    ]
    if not rows["search_handlers"]:
        del rows["search_handlers"]
    if not rows["search_identifiers"]:
        del rows["search_identifiers"]


def drop_indexes(connection: psycopg.Connection[Any]) -> list[str]:
    """Drop every index that no constraint needs; returns how to make them again."""
    found = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "JOIN pg_class ON pg_class.oid = indexrelid "
        "WHERE relnamespace = 'public'::regnamespace AND NOT EXISTS "
        "(SELECT FROM pg_constraint WHERE conindid = indexrelid)"
    ).fetchall()
    for name, _definition in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [definition for _name, definition in found]


def _finish(connection: psycopg.Connection[Any], indexes: list[str], size: Size) -> None:
    """Indexes, counters of keys, statistics, and the mark of what this is."""
    connection.execute("SET maintenance_work_mem = '1GB'")
    for definition in indexes:
        connection.execute(definition.encode())
    serials = connection.execute(
        "SELECT c.relname, pg_get_serial_sequence(quote_ident(c.relname), 'id') FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id' "
        "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
    ).fetchall()
    for table, sequence in serials:
        if sequence is not None:
            query = sql.SQL("SELECT setval(%s, greatest(1, (SELECT max(id) FROM {})))")
            connection.execute(query.format(sql.Identifier(table)), (sequence,))
    connection.execute("VACUUM (ANALYZE)")
    connection.execute("CREATE TABLE bench_company (said jsonb)")
    said = {name: getattr(size, name) for name in ("accounts", *SHAPE)}
    said |= {"end": size.end.isoformat(), "made_by": fingerprint()}
    connection.execute("INSERT INTO bench_company VALUES (%s)", (json.dumps(said),))
