"""A program that listens, as it may be: well, refusing, silent, sending elsewhere."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask

from crm.extensions import db
from crm.outbox.drain import drain
from crm.webhooks import actions
from crm.webhooks.models import Delivery, Webhook


class Receiver:
    """A real server; `answers` are the next statuses, 204 when there is none left."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.heard.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(told.answers.pop(0) if told.answers else 204)
                self.send_header("Location", told.url)
                self.end_headers()
                self.wfile.write(b"" if self.command == "HEAD" else b"thank you")

            def log_message(self, format: str, *args: Any) -> None:
                return

        return Handler


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """The company runs receivers on its own machine."""
    before = app.extensions["settings"]
    app.extensions["settings"] = dataclasses.replace(before, webhook_networks=("127.0.0.0/8",))
    yield
    app.extensions["settings"] = before


@pytest.fixture
def listening(app: Flask, inside: None) -> Callable[..., int]:
    """Enter an address: `listening(url, "ticket.opened", …)`; answers its key."""

    def enter(url: str, *kinds: str) -> int:
        with app.app_context():
            made = actions.add_webhook({"label": url, "url": url, "kinds": list(kinds)}, None)
            db.session.commit()
            return made.id

    return enter


@pytest.fixture
def told(app: Flask) -> Callable[[], list[Any]]:
    """Send what is due, and say how it went: (kind, state, status, error) of every message."""

    def run() -> list[Any]:
        with app.app_context():
            drain("hooks")
            rows = db.session.query(Delivery).order_by(Delivery.id).all()
            return [(one.kind, one.state, one.status, one.error) for one in rows]

    return run


@pytest.fixture
def hook(app: Flask) -> Callable[[int], Webhook]:
    """An address as it stands now."""

    def read(key: int) -> Webhook:
        with app.app_context():
            return db.session.get_one(Webhook, key)

    return read
