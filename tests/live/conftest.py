"""A whole installation: gunicorn in a process of its own, and workers where there is Redis."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import redis
import rq
from flask import Flask

from crm.app import create_app
from crm.clock import now, today
from crm.extensions import db
from crm.outbox.models import Message
from crm.rooms import CLOCK
from crm.staff import actions as staff_actions
from crm.staff.models import Staff
from tests.conftest import POSTGRES, REDIS, own_postgres, settings_for
from tests.people import Company, found_company

ROOT = Path(__file__).parent.parent.parent
TOOLS = Path(sys.executable).parent
PATIENCE = 90
"""Seconds that a slow machine with all its tests at once may take for anything at all."""


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """Engawa on a port, with a database that this test may look into."""

    app: Flask
    company: Company
    environ: dict[str, str]
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE))
    """For all threads, as a client of its own for each call takes longer than the call."""

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, name: str) -> None:
        """Start `web` or `worker`."""
        commands = {
            "web": [str(TOOLS / "gunicorn"), "--bind", f"127.0.0.1:{self.port}"],
            "worker": [str(TOOLS / "flask"), "--app", "wsgi", "worker"],
        }
        self.processes[name] = subprocess.Popen(
            commands[name], cwd=ROOT, env=self.environ, start_new_session=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        if name == "web":
            self.wait_until_up()
        else:
            self.wait_until_ready()

    def wait_until_up(self) -> None:
        """Until the health check answers."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if self.client.get(f"{self.url}/healthz", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the web process did not come up")

    def wait_until_ready(self) -> None:
        """Until a worker has said in Redis that it listens."""
        until = time.monotonic() + PATIENCE
        with redis.Redis.from_url(self.environ["CRM_REDIS_URL"]) as client:
            while time.monotonic() < until:
                if rq.Worker.all(connection=client):
                    return
                time.sleep(0.05)
        raise AssertionError("the worker did not come up")

    def kill(self, name: str) -> None:
        """End a process and all it started, at once, as a power cut would."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def token(self, staff_id: int) -> str:
        """A person's token."""
        with self.app.app_context():
            token = staff_actions.issue_token(db.session.get_one(Staff, staff_id), "write")
            db.session.commit()
            return token

    def headers(self, staff_id: int) -> dict[str, str]:
        """What a program of that person sends."""
        return {"Authorization": f"Bearer {self.token(staff_id)}"}


def _quiet_clock() -> None:
    """Today's rounds are marked done, so that only the calls of a test raise alerts."""
    for kind in CLOCK:
        dedupe = f"{kind}:{today().isoformat()}"
        db.session.add(Message(kind=kind, dedupe=dedupe, payload={}, done_at=now()))
    db.session.commit()


def own_redis(worker_name: str) -> str | None:
    """A database of this test worker's own in the given Redis server, empty."""
    if not REDIS:
        return None
    number = 1 + int(worker_name.removeprefix("gw")) if worker_name.startswith("gw") else 1
    url = urlsplit(REDIS)._replace(path=f"/{number}").geturl()
    redis.Redis.from_url(url).flushdb()
    return url


@pytest.fixture
def installation(tmp_path: Path, worker_name: str) -> Iterator[Installation]:
    """Web alone on SQLite; web and a worker with Redis on PostgreSQL."""
    changes: dict[str, object] = {}
    if POSTGRES:
        changes = {"database_url": own_postgres(f"live_{worker_name}")}
        changes["redis_url"] = own_redis(worker_name)
    settings = settings_for(tmp_path, **changes)
    app = create_app(settings)
    with app.app_context():
        db.create_all()
        company = found_company()
        _quiet_clock()
    environ = os.environ | {
        "CRM_DATA_DIR": str(tmp_path), "CRM_DATABASE_URL": settings.database_url,
        "CRM_SECRET_KEY": settings.secret_key, "CRM_DEMO": "0", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    environ.pop("CRM_REDIS_URL", None)
    if settings.redis_url:
        environ["CRM_REDIS_URL"] = settings.redis_url
    here = Installation(app, company, environ, free_port())
    here.start("web")
    if REDIS:
        here.start("worker")
    yield here
    here.client.close()
    for name in list(here.processes):
        here.kill(name)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
