"""Databases with a large company in them: made once, kept, and used again while they fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from flask import Flask

from bench import fill
from bench.company import Size
from config import Settings, load_settings
from crm.app import create_app
from crm.extensions import db

SECRET = "bench-" * 8
Say = Callable[[str], None]


def settings(url: str, home: Path, redis_url: str | None = None) -> Settings:
    """Settings of the application over one of the databases."""
    return replace(load_settings(environ(url, home, redis_url)), testing=False)


def environ(url: str, home: Path, redis_url: str | None = None) -> dict[str, str]:
    """The same as an environment, for gunicorn and the worker."""
    said = {
        "CRM_DATABASE_URL": url, "CRM_DATA_DIR": str(home / "var"), "CRM_SECRET_KEY": SECRET,
        "CRM_DEMO": "0", "CRM_EMBEDDED_WORKER": "0",
    }  # fmt: skip
    return said | ({"CRM_REDIS_URL": redis_url} if redis_url else {})


def company_in(server: str, accounts: int, home: Path, say: Say) -> tuple[str, Size]:
    """The address of a database with so many accounts; filled anew unless a kept one fits."""
    name = f"bench_{accounts}"
    url = f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        known = fill.filled(url) if there.fetchone() else None
        if known and known["made_by"] == fill.fingerprint():
            say(f"{accounts:,} accounts: kept from an earlier run")
            _newest_schema(url, home)
            return url, Size(accounts, datetime.fromisoformat(known["end"]))
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return url, fill_database(url, accounts, home, say)


def fill_database(url: str, accounts: int, home: Path, say: Say) -> Size:
    """Create the schema in an empty database and fill it."""
    size = Size(accounts, datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1))
    say(f"{accounts:,} accounts: filling")
    app = create_app(settings(url, home))
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    fill.fill(url, size, say)
    return size


def _newest_schema(url: str, home: Path) -> None:
    """Bring a kept database up to the code: tables and indexes that came or went since."""
    app = create_app(settings(url, home))
    with app.app_context():
        db.create_all()
        _newest_indexes(db.engine)
        db.engine.dispose()


def _newest_indexes(engine: sa.Engine) -> None:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        reading = sa.inspect(connection)
        for table in db.metadata.sorted_tables:
            wanted = {str(one.name): one for one in table.indexes}
            there = {
                str(one["name"])
                for one in reading.get_indexes(table.name)
                if not one.get("duplicates_constraint")
            }
            for name in there - wanted.keys():
                connection.execute(sa.text(f'DROP INDEX "{name}"'))
            for name in wanted.keys() - there:
                wanted[name].create(connection)


def app_over(url: str, home: Path, redis_url: str | None) -> Flask:
    """The application in this process, to count statements and to ask its own queries."""
    return create_app(settings(url, home, redis_url))


def bare(url: str) -> psycopg.Connection[Any]:
    """A plain connection, as the bare SQL is measured through."""
    return psycopg.connect(url, autocommit=True, prepare_threshold=1)
