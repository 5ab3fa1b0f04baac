"""Words in Japanese, without a database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from crm import language


@pytest.fixture
def words() -> Iterator[None]:
    """Let refusals be said; nothing else of the application is there."""
    app = Flask("tables", static_folder=None)
    app.config["BABEL_DEFAULT_LOCALE"] = "ja"
    language.init_app(app)
    with app.app_context():
        yield
