"""The pipeline as PDF: from asking until the file is there, and what setting it weighs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from bench.company_db import app_over, company_in, environ
from bench.driving import Client, Request
from bench.servers import Servers
from crm.extensions import db
from crm.staff import actions as staff_actions
from crm.staff.models import Staff

COMPANIES = {1_200: 6.0, 3_500: 15.0}
"""Accounts, each with a deal, a quarter of which are open: about 300 and just below the 1,000 that
are printed at most → seconds it may take."""
MOST_MEGABYTES = 500
TIMES = 3
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Printed:
    """One PDF: seconds from asking to the last byte, its bytes, the megabytes of what sets it."""

    seconds: float
    size: int
    megabytes: float


def run(servers: Servers, redis_url: str, safe: bool, say: Say) -> None:
    """Print companies with so many open deals, and tell."""
    process, server = servers.postgres(safe=False)
    urls = {many: company_in(server, many, servers.home, say)[0] for many in COMPANIES}
    servers.stop(process)
    _process, server = servers.postgres(safe=safe)
    for many, url in urls.items():
        own = f"{server}/{url.rpartition('/')[2]}"
        app = app_over(own, servers.home, redis_url)
        token = _token(app)
        with servers.web(environ(own, servers.home, redis_url)) as web:
            program = Client(web.address, {"Authorization": f"Bearer {token}"})
            _printed(program)  # not told: the worker is still starting
            done = [_printed(program) for _ in range(TIMES)]
            figures = json.loads(program.ask(Request("/api/v1/reports/figures?kind=pipeline")))
            deals = figures["total"]["count"]
        slowest, most = max(one.seconds for one in done), max(one.megabytes for one in done)
        met = slowest <= COMPANIES[many] and most <= MOST_MEGABYTES
        said = ", ".join(f"{one.seconds:.1f}" for one in done)
        say(
            f"{deals:,} deals as PDF: {said} s; what sets it {most:.0f} MB, the file "
            f"{done[0].size / 1000:.0f} kB: {'met' if met else 'MISSED'} (≤ {COMPANIES[many]:g} s, "
            f"≤ {MOST_MEGABYTES} MB)"
        )


def _token(app: Flask) -> str:
    with app.app_context():
        manager = sa.select(Staff).where(Staff.role == "manager").order_by(Staff.id).limit(1)
        token = staff_actions.issue_token(db.session.scalars(manager).one(), "write")
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return token


def _printed(program: Client) -> Printed:
    began, most = time.monotonic(), 0.0
    job = json.loads(program.ask(Request("/api/v1/reports", "POST", {"kind": "pipeline"}), 202))
    path = f"/api/v1/reports/{job['id']}"
    while job["state"] in ("queued", "running"):
        time.sleep(0.2)
        most = max(most, _weighs("crm.reports.pdf"))
        job = json.loads(program.ask(Request(path)))
    if job["state"] != "done":
        raise RuntimeError(f"no report came of it: {job}")
    content = program.ask(Request(f"{path}.pdf"))
    return Printed(time.monotonic() - began, len(content), most)


def _weighs(word: str) -> float:
    """What all processes with a word in their command hold now, in megabytes; what they share is
    counted once."""
    held = 0.0
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in (place / "cmdline").read_bytes():
                held += int((place / "smaps_rollup").read_text().split("Pss:")[1].split()[0]) / 1024
        except (OSError, IndexError):
            continue
    return held
