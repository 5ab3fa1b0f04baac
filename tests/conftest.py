"""A real database for every test: SQLite, or the PostgreSQL that CRM_TEST_DATABASE_URL names."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Browser, Page, Response, sync_playwright
from sqlalchemy import event
from werkzeug.test import TestResponse

from bench.counting import counted
from config import Settings
from crm.app import create_app
from crm.closed_days.queries import kept
from crm.extensions import db
from crm.outbox.drain import drain
from crm.staff import actions as staff_actions
from crm.staff.models import Staff
from crm.webhooks.actions import listen_again
from tests import compiled, emptying
from tests.people import Company, found_company

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

POSTGRES = os.environ.get("CRM_TEST_DATABASE_URL", "")
REDIS = os.environ.get("CRM_TEST_REDIS_URL") or None
CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
"""Chromium without windows does the same with a quarter less processor time."""


@event.listens_for(sa.Engine, "connect")
def backwards(connection: Any, _record: Any) -> None:
    """SQLite gives rows that were asked for in no order last one first: PostgreSQL gives them in
    one that changes with what was written, so that whoever counts on the first fails here."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


def settings_for(directory: Path, **changes: object) -> Settings:
    """Settings of a test installation in a directory."""
    url = f"sqlite:///{directory / 'engawa.db'}"
    values: dict[str, object] = {
        "data_dir": directory, "database_url": url, "secret_key": "test" * 10, "demo": False,
        "testing": True, "embedded_worker": False,
    }  # fmt: skip
    return Settings(**(values | changes))  # type: ignore[arg-type]


def own_postgres(worker_id: str) -> str:
    """A database of this test worker's own in the given cluster."""
    url = sa.make_url(POSTGRES.replace("postgresql://", "postgresql+psycopg://"))
    name = f"engawa_{worker_id}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """Which of the parallel test processes this is."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory: pytest.TempPathFactory, worker_name: str) -> Iterator[Flask]:
    """One application with its tables for the whole run of a test process."""
    directory = tmp_path_factory.mktemp("installation")
    changes = {"database_url": own_postgres(worker_name)} if POSTGRES else {}
    app = create_app(settings_for(directory, **changes))
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


@contextmanager
def emptied(app: Flask) -> Iterator[Callable[[], None]]:
    """Takes away all rows of an application; keys begin at 1 again."""
    with app.app_context():
        url, tables = db.engine.url, [one.name for one in reversed(db.metadata.sorted_tables)]
    connect = emptying.of_sqlite if url.drivername == "sqlite" else emptying.of_postgres
    with connect(url, tables) as delete:

        def run() -> None:
            with app.app_context():
                kept().forget()
                listen_again()
                db.session.remove()
                delete()

        yield run


@pytest.fixture(scope="session")
def empty(whole_app: Flask) -> Iterator[Callable[[], None]]:
    """Takes away all rows of the application that tests call."""
    with emptied(whole_app) as run:
        yield run


@pytest.fixture
def app(whole_app: Flask, empty: Callable[[], None]) -> Flask:
    """An application with an empty database."""
    whole_app.config["WTF_CSRF_ENABLED"] = True
    empty()
    return whole_app


@pytest.fixture
def company(app: Flask) -> Company:
    """Two sales teams, a call centre, a service team, and who works there (keys, not objects)."""
    with app.app_context():
        return found_company()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[int], FlaskClient]:
    """Sign a person in (by key) and get her browser; CSRF stays on in the browser tests only."""

    def signed(staff_id: int) -> FlaskClient:
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        with app.app_context():
            token = staff_actions.sign_in(db.session.get_one(Staff, staff_id), 1)
            db.session.commit()
        with client.session_transaction() as session:
            session["sign_in"] = token
        return client

    return signed


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once for all tests of a process; each opens a context of its own.

    A page that was gone to hears its keys, whose scripts come after the load event: unless a
    test names another event to wait for.
    """
    load = Page.goto

    def goto(page: Page, url: str, **how: Any) -> Response | None:
        answer = load(page, url, **how)
        if "wait_until" not in how and page.query_selector("script[src$='/js/app.js']"):
            page.wait_for_selector("html[data-ready]", state="attached")
        return answer

    with sync_playwright() as play, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "goto", goto)
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Api:
    """A program with a person's token."""

    def __init__(self, app: Flask, staff_id: int, scope: str = "write") -> None:
        with app.app_context():
            person = db.session.get_one(Staff, staff_id)
            self.token = staff_actions.issue_token(person, scope)
            db.session.commit()
        self.client = app.test_client(use_cookies=False)

    def __call__(self, method: str, path: str, json: object = None, **headers: str) -> TestResponse:
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.open(
            f"/api/v1{path}", method=method, json=json,
            headers={"Authorization": f"Bearer {self.token}", **named},
        )  # fmt: skip

    def get(self, path: str, **headers: str) -> TestResponse:
        return self("GET", path, None, **headers)

    def post(self, path: str, json: object, **headers: str) -> TestResponse:
        return self("POST", path, json, **headers)

    def patch(
        self, path: str, json: object, version: int | None = None, **headers: str
    ) -> TestResponse:
        if version is not None:
            headers["If_Match"] = f'"{version}"'
        return self("PATCH", path, json, **headers)

    def delete(self, path: str, version: int | None = None) -> TestResponse:
        return self("DELETE", path, **({"If_Match": f'"{version}"'} if version else {}))


@pytest.fixture
def api(app: Flask) -> Callable[..., Api]:
    """Make a program with a person's token: `api(company.rep)`."""
    return lambda staff_id, scope="write": Api(app, staff_id, scope)


@pytest.fixture
def drained(app: Flask) -> Callable[[], int]:
    """Do what waits in the outbox, in this process."""

    def run() -> int:
        with app.app_context():
            return drain("fast")

    return run


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements this thread has sent since the list was last cleared."""
    with counted(app) as sent:
        yield sent


def pytest_sessionstart(session: pytest.Session) -> None:
    """Templates are compiled once, by whoever comes first."""
    if hasattr(session.config, "cache"):
        compiled.share(session.config.cache.mkdir("templates"))


def pytest_collection_finish() -> None:
    """From here on Python looks for rubbish again, but not in what was loaded."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # what thousands of answers leave is looked through seldom
    gc.enable()


def pytest_sessionfinish() -> None:
    """What is left of the whole run is not looked through once more."""
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """No test is in neither pass of bin/test, and what knows no database is in the first alone;
    of those that are chosen the longest come first."""
    marked = [(item, {mark.name for mark in item.iter_markers()}) for item in items]
    if never := [item.nodeid for item, marks in marked if {"once", "late"} <= marks]:
        raise pytest.UsageError(f"in neither pass: {never}")
    if POSTGRES:
        left = [item for item, marks in marked if "late" not in marks and not _has_database(item)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]
    yield
    _spread(items)


def _has_database(item: pytest.Item) -> bool:
    """Whoever opens one asks in which process this is."""
    return "worker_name" in getattr(item, "fixturenames", ())


def _spread(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that nobody waits for it at the end: each of the
    parallel processes, which take equal parts of the list, finds its share at the beginning."""
    slow = [item for item in items if item.get_closest_marker("slow")]
    quick = iter([item for item in items if not item.get_closest_marker("slow")])
    processes, left = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")), len(items)
    ordered: list[pytest.Item] = []
    for number in range(processes):
        first, size = slow[number::processes], left // (processes - number)
        ordered += [*first, *islice(quick, max(0, size - len(first)))]
        left -= size
    items[:] = [*ordered, *quick]
