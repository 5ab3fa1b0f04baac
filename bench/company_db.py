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
from flask_migrate import upgrade
from psycopg import sql

from bench import fill
from bench.company import Size
from config import Settings, load_settings
from crm.app import create_app
from crm.deals.summing import mend
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


def company_in(server: str, accounts: int, home: Path, say: Say, **shape: int) -> tuple[str, Size]:
    """The address of a database with so many accounts; filled anew unless a kept one fits."""
    name = "_".join(["bench", str(accounts), *(str(one) for one in shape.values())])
    url = f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        known = fill.filled(url) if there.fetchone() else None
        if known and known["made_by"] == fill.fingerprint():
            say(f"{accounts:,} accounts: kept from an earlier run")
            _newest_schema(url, home)
            return url, fill.size_of(known)
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return url, fill_database(url, accounts, home, say, **shape)


def fill_database(url: str, accounts: int, home: Path, say: Say, **shape: int) -> Size:
    """Create the schema in an empty database and fill it."""
    size = Size(accounts, datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1), **shape)
    say(f"{accounts:,} accounts: filling")
    app = create_app(settings(url, home))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    fill.fill(url, size, say)
    with app.app_context():
        mend()  # rows were filled in with triggers switched off
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return size


def _newest_schema(url: str, home: Path) -> None:
    """Bring a kept database up to the code: tables and indexes that came or went since."""
    app = create_app(settings(url, home))
    with app.app_context():
        db.create_all()
        with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for table in db.metadata.sorted_tables:
                _newest_columns(connection, table)
                _newest_indexes(connection, table)
        db.engine.dispose()


def _newest_columns(connection: sa.Connection, table: sa.Table) -> None:
    """Add columns that came since; rows that are there get the model's own default."""
    there = {one["name"] for one in sa.inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name in there:
            continue
        kind = column.type.compile(connection.dialect)
        usual = fill.default_of(column)
        more = "" if usual is None else f" NOT NULL DEFAULT {sql.Literal(usual).as_string()}"
        connection.exec_driver_sql(
            f'ALTER TABLE {table.name} ADD COLUMN "{column.name}" {kind}{more}'
        )


def _newest_indexes(connection: sa.Connection, table: sa.Table) -> None:
    """Drop indexes that went or hold other columns by now, make those that came."""
    wanted = {str(one.name): one for one in table.indexes}
    there = {
        str(one["name"]): len(one["column_names"])
        for one in sa.inspect(connection).get_indexes(table.name)
        if not one.get("duplicates_constraint")
    }
    same = {name for name, one in wanted.items() if there.get(name) == len(one.expressions)}
    for name in there.keys() - same:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    for name in wanted.keys() - same:
        wanted[name].create(connection)


def app_over(url: str, home: Path, redis_url: str | None) -> Flask:
    """The application in this process, to count statements and to ask its own queries."""
    return create_app(settings(url, home, redis_url))


def bare(url: str) -> psycopg.Connection[Any]:
    """A plain connection, as the bare SQL is measured through; it plans as the application's."""
    options = "-c plan_cache_mode=force_custom_plan -c jit=off"
    return psycopg.connect(url, autocommit=True, prepare_threshold=1, options=options)
