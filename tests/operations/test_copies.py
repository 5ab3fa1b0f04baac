"""A copy taken while people work comes back whole in an empty place."""

from __future__ import annotations

import hashlib
import shutil
import threading

import flask_migrate
import pytest
import sqlalchemy as sa

from crm import cli
from crm.app import create_app
from crm.extensions import db
from tests.conftest import POSTGRES, own_postgres, settings_for
from tests.people import found_company
from tests.records import an_account

LACKING = bool(POSTGRES) and shutil.which("pg_dump") is None


def installation(directory, name):
    directory.mkdir()
    changes = {"database_url": own_postgres(name)} if POSTGRES else {}
    app = create_app(settings_for(directory, **changes))
    cli.init_app(app)
    return app


def fingerprint() -> str:
    db.session.rollback()
    found = hashlib.sha256()
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            rows = connection.execute(sa.select(table)).all()
            found.update(repr(sorted(map(repr, rows))).encode())
    return found.hexdigest()


def close(app) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_copy_is_restored_into_an_empty_place(tmp_path, worker_name):
    first = installation(tmp_path / "first", f"copy_{worker_name}")
    second = installation(tmp_path / "second", f"back_{worker_name}")
    with first.app_context():
        flask_migrate.upgrade()
        company = found_company()
        an_account(company.rep, company.first_team)
        before = fingerprint()
    file = str(tmp_path / "copy")
    answer = first.test_cli_runner().invoke(args=["backup", file])
    if LACKING:
        assert "pg_dump is not installed" in answer.output
        return
    assert answer.exit_code == 0, answer.output
    again = first.test_cli_runner().invoke(args=["backup", file])
    assert again.exit_code == 1
    assert "exists already" in again.output
    assert second.test_cli_runner().invoke(args=["restore", file]).exit_code == 0
    with second.app_context():
        assert fingerprint() == before
    refused = second.test_cli_runner().invoke(args=["restore", file])
    assert refused.exit_code == 1
    assert "in use" in refused.output
    close(first)
    close(second)


def test_a_copy_taken_while_people_write_is_whole(tmp_path, worker_name):
    app = installation(tmp_path / "busy", f"busy_{worker_name}")
    back = installation(tmp_path / "quiet", f"quiet_{worker_name}")
    with app.app_context():
        flask_migrate.upgrade()
        company = found_company()
    stop = threading.Event()

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                an_account(company.rep, company.first_team)

    writer = threading.Thread(target=write)
    writer.start()
    answer = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "copy")])
    stop.set()
    writer.join()
    if not LACKING:
        assert answer.exit_code == 0, answer.output
        assert (
            back.test_cli_runner().invoke(args=["restore", str(tmp_path / "copy")]).exit_code == 0
        )
        with back.app_context(), db.engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM staff")) == 8
    close(app)
    close(back)


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7 nonsense"])
def test_what_is_no_copy_is_refused_in_words(tmp_path, worker_name, content):
    app = installation(tmp_path / "empty", f"none_{worker_name}")
    if content is not None:
        (tmp_path / "copy").write_bytes(content)
    answer = app.test_cli_runner().invoke(args=["restore", str(tmp_path / "copy")])
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    close(app)


def test_a_check_says_what_is_well_and_what_is_not(app, tmp_path):
    cli.init_app(app)
    answer = app.test_cli_runner().invoke(args=["check"])
    assert answer.exit_code == 0, answer.output
    assert "ok   database" in answer.output
