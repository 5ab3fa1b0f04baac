"""Copies of the whole database, and putting one into an empty place."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from crm.errors import Conflict
from crm.extensions import db

HEAD = b"SQLite format 3\x00"


def backup(target: Path) -> None:
    """Copy the database into a new file while people work; raises Conflict in words."""
    if target.exists():
        raise Conflict(f"{target} exists already; nothing was written.")
    target.parent.mkdir(parents=True, exist_ok=True)
    if db.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(target)) as copy, db.engine.connect() as connection:
            connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]
        return
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}", f"--dbname={_address()}")


def restore(source: Path) -> None:
    """Put a copy into this installation's empty database; raises Conflict in words."""
    if not source.is_file():
        raise Conflict(f"{source} is not a file.")
    if has_people():
        raise Conflict("This database is in use. Restore into an empty one.")
    if db.engine.dialect.name == "sqlite":
        _restore_file(source)
        return
    _run(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error",
        "--single-transaction", f"--dbname={_address()}", str(source),
    )  # fmt: skip


def has_people() -> bool:
    """Does anybody work in this database?"""
    with db.engine.connect() as connection:
        if not sa.inspect(connection).has_table("staff"):
            return False
        return connection.scalar(sa.text("SELECT count(*) FROM staff")) != 0


def _restore_file(source: Path) -> None:
    with source.open("rb") as file:
        if file.read(len(HEAD)) != HEAD:
            raise Conflict(f"{source} is not a copy of an SQLite database.")
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise Conflict(f"{source} is damaged: {verdict}.")
        with db.engine.connect() as connection:
            copy.backup(connection.connection.driver_connection)  # type: ignore[arg-type]


def _address() -> str:
    """The database's address without its password, which `ps` would show to everybody."""
    url = db.engine.url
    return sa.URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    ).render_as_string(hide_password=False)


def _environ() -> dict[str, str]:
    password = db.engine.url.password
    return dict(os.environ) | ({"PGPASSWORD": password} if password else {})


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise Conflict(f"{program} is not installed; it comes with the PostgreSQL client.")
    command = [found, *arguments]
    told = _environ()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=told)  # noqa: S603  # a fixed program
    if done.returncode:
        raise Conflict(f"{program} failed: {done.stderr.strip()[-500:]}")
