"""The database is started anew while people work."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from crm import connections
from crm.extensions import db
from tests.emptying import NAME
from tests.people import Company

pytestmark = pytest.mark.late

END_THE_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> :kept
"""


@pytest.mark.parametrize("quiet", [connections.QUIET, -1])
def test_whoever_comes_after_the_database_was_started_anew_notices_nothing(
    app: Flask, company: Company, api: Any, monkeypatch: pytest.MonkeyPatch, quiet: int
) -> None:
    monkeypatch.setattr(connections, "QUIET", quiet)
    rep = api(company.rep)
    assert rep.get("/offices").status_code == 200
    with app.app_context():
        other = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        assert all(connection.scalars(sa.text(END_THE_OTHERS), {"kept": NAME}))
    other.dispose()
    assert rep.get("/offices").status_code == 200
    assert rep.post("/accounts", {"name": "株式会社あと"}).status_code == 201
