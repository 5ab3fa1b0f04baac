"""People and records to try every door with."""

from __future__ import annotations

import pytest
from flask import Flask

from crm.rights import RIGHTS


@pytest.fixture(params=sorted(RIGHTS))
def role(request: pytest.FixtureRequest) -> str:
    """Each role in turn."""
    found: str = request.param
    return found


@pytest.fixture(autouse=True)
def forms_without_token(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusals here are about rights; tests/rights/test_sessions.py is about tokens."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
