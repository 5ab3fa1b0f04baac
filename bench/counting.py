"""SQL statements of one request: counted in this process, under the same code and database."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bench.driving import Client, Request
from crm.extensions import db

AROUND = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")
"""What SQLite is told as statements and PostgreSQL is not."""


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Every statement that this thread sends while the block runs: no other thread's, and no
    beginning or end of a transaction."""
    sent: list[str] = []
    mine = threading.get_ident()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if threading.get_ident() == mine and not statement.startswith(AROUND):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def statements(app: Flask, who: Client, request: Request, expected: int = 200) -> list[str]:
    """The statements of one request, sign-in and rights among them."""
    client = app.test_client(use_cookies=False)
    body = None if request.body is None else json.dumps(request.body)
    headers = who.headers | ({} if body is None else {"Content-Type": "application/json"})
    with counted(app) as sent:
        answer = client.open(request.path, method=request.method, data=body, headers=headers)
    if answer.status_code != expected:
        raise RuntimeError(f"{request.path}: {answer.status_code} {answer.text[:400]}")
    return sent
