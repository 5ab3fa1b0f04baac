"""Copies of the database and of the files on records, and putting them into an empty place."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from crm.errors import Conflict
from crm.extensions import db
from crm.files import store
from crm.webhooks.actions import pause_restored

CONTENT = re.compile(r"[0-9a-f]{64}(\.small\.jpg)?")
"""Names of contents; what is being written has another ending."""
HEAD = b"SQLite format 3\x00"


def backup(target: Path) -> None:
    """Copy the database into a new file while people work, and the files on records beside it.

    The files come second: what the database names is there, as contents never change and are
    deleted a day late. Raises Conflict in words.
    """
    for one in (target, _files_of(target)):
        if one.exists():
            raise Conflict(f"{one} exists already; nothing was written.")
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy_database(target)
    _copy_files(_files_of(target))


def _copy_database(target: Path) -> None:
    if db.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(target)) as copy, db.engine.connect() as connection:
            connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]
        return
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}", f"--dbname={_address()}")


def restore(source: Path) -> None:
    """Put a copy into this installation's empty database; raises Conflict in words.

    Webhooks start paused: the copy may be tried out beside the installation it was made of.
    """
    if not source.is_file():
        raise Conflict(f"{source} is not a file.")
    if has_people():
        raise Conflict("This database is in use. Restore into an empty one.")
    _restore_files(_files_of(source))
    if db.engine.dialect.name == "sqlite":
        _restore_file(source)
    else:
        _run(
            "pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error",
            "--single-transaction", f"--dbname={_address()}", str(source),
        )  # fmt: skip
    with db.engine.begin() as connection:
        pause_restored(connection)


def _files_of(copy: Path) -> Path:
    """The documents and photos that belong to a copy of the database."""
    return copy.with_name(f"{copy.name}.files.tar")


def _copy_files(target: Path) -> None:
    with tarfile.open(target, "x") as archive:
        for folder, _names in store.folders():
            for path in sorted(folder.iterdir()):
                if CONTENT.fullmatch(path.name):
                    archive.add(path, f"{folder.name}/{path.name}", recursive=False)


def _restore_files(source: Path) -> None:
    """Put the files back; what is not a content under its own name is refused. Raises Conflict."""
    if not source.is_file():
        return
    with tarfile.open(source, "r:") as archive:
        for one in archive:
            folder, _slash, name = one.name.partition("/")
            ours = one.isreg() and CONTENT.fullmatch(name) and folder == name[:2]
            held = archive.extractfile(one) if ours else None
            if held is None:
                raise Conflict(f"{source} holds {one.name!r}, which is no file of ours.")
            if not store.put_back(name, held.read()):
                raise Conflict(f"{source} is damaged: {one.name} is not what it was.")


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
