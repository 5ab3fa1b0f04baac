"""The index of a very large company alone: the entries of its customers and tickets, by COPY."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import sqlalchemy as sa
from psycopg import sql

from bench import company, fill, happenings
from bench.company import Size
from bench.fill import CHUNK, PROCESSES, Say, copy_made
from crm.extensions import db
from crm.search.actions import Card
from crm.search.models import Entry, Handler, Identifier
from crm.search.rebuild_models import Rebuild

TABLES = (Entry, Identifier, Handler, Rebuild)
TICKETS_EACH = 2
END = datetime(2026, 11, 20, tzinfo=UTC)
MAKERS = {"accounts": company.account, "tickets": happenings.ticket}


def filled(server: str, accounts: int, say: Say) -> str:
    """The address of a database with the entries of so many accounts and twice as many tickets;
    one that was filled by the same code is used again."""
    name, made_by = f"bench_search_{accounts}", f"{accounts}:{fill.fingerprint()}"
    url = f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        there = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        known = connection.execute(there, (name,)).fetchone()
        if known and known[0] == made_by:
            return url
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        _fill(url, accounts, say)
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(comment.format(sql.Identifier(name), sql.Literal(made_by)))
    return url


def size_of(accounts: int) -> Size:
    """The company that the entries are of."""
    return Size(accounts, END)


def _fill(url: str, accounts: int, say: Say) -> None:
    began = time.monotonic()
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    db.metadata.create_all(engine, tables=[db.metadata.tables[t.__tablename__] for t in TABLES])
    engine.dispose()
    with psycopg.connect(url, autocommit=True) as connection:
        indexes = fill.drop_indexes(connection)
    jobs = list(_jobs(url, accounts))
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        for done, _ in enumerate(pool.imap(_one_job, jobs), 1):
            if done % 50 == 0 or done == len(jobs):
                say(f"  {done} of {len(jobs)} parts, {time.monotonic() - began:.0f} s")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '1GB'")
        for definition in indexes:
            connection.execute(definition.encode())
        connection.execute("VACUUM (ANALYZE)")
    say(f"  filled in {time.monotonic() - began:.0f} s")


def _jobs(url: str, accounts: int) -> Iterator[tuple[str, int, str, int, int]]:
    for kind, many in (("accounts", accounts), ("tickets", TICKETS_EACH * accounts)):
        for first in range(1, many + 1, CHUNK):
            yield url, accounts, kind, first, min(first + CHUNK - 1, many)


def _one_job(job: tuple[str, int, str, int, int]) -> None:
    url, accounts, kind, first, last = job
    size = size_of(accounts)
    made = (one for key in range(first, last + 1) for one in MAKERS[kind](size, key))
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        copy_made(connection, (one for one in made if isinstance(one, Card)))
