"""An application served to a real browser once for all tests of a process, and people in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from crm.app import create_app
from crm.extensions import db
from crm.staff import actions
from crm.staff.models import Staff
from tests.conftest import emptied, settings_for
from tests.serving import served


@dataclass(frozen=True, slots=True)
class Office:
    """An application apart from the one that tests call themselves, as the threads of its server
    hold on to their database."""

    app: Flask
    address: str
    empty: Callable[[], None]


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Served as long as this process tests."""
    app = create_app(settings_for(tmp_path_factory.mktemp("office")))
    with app.app_context():
        db.create_all()
    with emptied(app) as empty, served(app) as address:
        yield Office(app, address, empty)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(office: Office) -> Flask:
    """The served application with an empty database."""
    office.app.config["WTF_CSRF_ENABLED"] = True
    office.empty()
    return office.app


@pytest.fixture
def address(office: Office, app: Flask) -> str:
    """Where the application answers."""
    return office.address


def signed(browser: Browser, app: Flask, address: str, staff_id: int, **screen: Any) -> Page:
    """A person's screen, signed in, of 1440 by 900 unless said otherwise."""
    with app.app_context():
        token = actions.sign_in(db.session.get_one(Staff, staff_id), 1)
        db.session.commit()
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie: Any = {"name": "engawa", "value": serializer.dumps({"sign_in": token}), "url": address}
    context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | screen))
    context.add_cookies([cookie])
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page
