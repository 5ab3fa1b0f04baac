"""The files to import, and what is asked of the database afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from crm import cli
from crm.extensions import db
from crm.outbox.drain import drain
from crm.transfers.foreground import import_file
from crm.transfers.outcome import Outcome
from tests import fingerprints
from tests.transfers.samples import REAL, write_all

Import = Callable[..., Outcome]
RUNS = ("import_runs", "import_rows", "import_steps", "deal_sums", "removals")
"""What an import leaves behind, and what programs are told when it is taken back; and sums, which
stay at nothing when their deals are gone."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly when the imports ran on invented rows alone."""
    if not REAL.is_dir():
        terminalreporter.section("REAL DATA ABSENT", yellow=True)
        terminalreporter.line("Imports were tested on samples alone: no ../shared/data.")


@pytest.fixture
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder of files: the public ones, or samples of the same kinds."""
    return REAL if getattr(request, "param", "sample") == "real" else write_all(tmp_path)


@pytest.fixture
def take(app: Flask) -> Import:
    """Import one file and commit, as the command does."""

    def run(kind: str, path: Path, mapping: str | None = None) -> Outcome:
        with app.app_context():
            return import_file(kind, path, mapping)

    return run


@pytest.fixture
def command(app: Flask) -> Callable[..., Result]:
    """Type a command."""
    cli.init_app(app)
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.fixture
def fingerprint(app: Flask) -> Callable[[], str]:
    """One short text for everything that stands in the database, but for the runs themselves."""

    return lambda: fingerprints.fingerprint(app, RUNS)


@pytest.fixture
def count(app: Flask) -> Callable[..., int]:
    """How many rows of a table meet some conditions."""

    def look(model: type, *where: sa.ColumnElement[bool]) -> int:
        with app.app_context():
            statement = sa.select(sa.func.count()).select_from(model).where(*where)
            return db.session.scalar(statement) or 0

    return look


@pytest.fixture
def undone(app, api, company) -> Callable[[], dict[str, Any]]:
    """Take back the newest import that did something."""
    manager = api(company.manager)

    def run() -> dict[str, Any]:
        every = manager.get("/imports").json["items"]
        newest = next(one["id"] for one in every if one["state"] == "done" and one["changed"])
        assert manager.post(f"/imports/{newest}/undo", {}).status_code == 202
        with app.app_context():
            drain("heavy")
        found: dict[str, Any] = manager.get(f"/imports/{newest}").json
        return found

    return run
