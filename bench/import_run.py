"""A large table coming in while people look at pages, and going out again: rows a second, memory,
how pages fare."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from bench.company_db import app_over, environ
from bench.driving import Client, Request, Times, browser, timed
from bench.export_run import MOST_MEGABYTES as EXPORT_MEGABYTES
from bench.export_run import Sent, exported
from bench.import_file import write_companies
from bench.people import PASSWORD
from bench.servers import Servers
from crm.extensions import db
from crm.staff import actions as staff_actions
from crm.transfers.run_models import ImportRun
from crm.transfers.searching import is_behind

ROWS, QUICK_ROWS, THERE = 100_000, 20_000, 3_000
GOALS = {"PostgreSQL": 5_000, "SQLite": 2_000}
MOST_MEGABYTES, MOST_TIMES = 200, 2.0
LOOKS = 120
MANAGER = "import@bench.test"
BOUND = "engawa-bench-boundary"
Say = Callable[[str], None]


@dataclass(slots=True)
class Told:
    """One import: rows a second until all were in, what the process weighed, pages meanwhile; and
    the files of all that is there afterwards."""

    seconds: float
    searched: float
    rows: int
    megabytes: float
    base: float
    idle: Times
    busy: Times
    files: list[Sent] = field(default_factory=list)


def run(servers: Servers, redis_url: str, rows: int, safe: bool, say: Say) -> None:
    """Import so many companies on each database, and tell."""
    _process, server = servers.postgres(safe=safe)
    with_name = f"{server}/postgres"
    for name, url in (("SQLite", f"sqlite:///{servers.home / 'import.db'}"),
                      ("PostgreSQL", with_name)):  # fmt: skip
        say(f"{name}: {rows:,} rows")
        told = _measure(servers, url, redis_url, rows)
        rate, times = told.rows / told.seconds, told.busy.p95 / told.idle.p95
        say(
            f"  {rate:,.0f} rows/s ({_met(rate >= GOALS[name])} ≥ {GOALS[name]:,}), "
            f"searched after {told.searched:.0f} s more; "
            f"{told.megabytes:.0f} MB ({_met(told.megabytes <= MOST_MEGABYTES)} ≤ "
            f"{MOST_MEGABYTES}), an idle worker {told.base:.0f}; "
            f"pages p95 {told.idle.p95:.0f} → {told.busy.p95:.0f} ms "
            f"({_met(times <= MOST_TIMES)} ≤ {MOST_TIMES:g} times); load {os.getloadavg()[0]:.1f}"
        )
        for one in told.files:
            say(
                f"  all of it as {one.form}: {one.seconds:.1f} s, {one.size:.1f} MB; the server "
                f"{one.before:.0f} → {one.most:.0f} MB ({_met(one.met)} ≤ {EXPORT_MEGABYTES} more)"
            )


def _met(reached: bool) -> str:
    return "met" if reached else "MISSED"


def _measure(servers: Servers, url: str, redis_url: str, rows: int) -> Told:
    app = app_over(url, servers.home, redis_url)
    token = _prepared(app)
    with servers.web(environ(url, servers.home, redis_url)) as web:
        program = Client(web.address, {"Authorization": f"Bearer {token}"})
        small = _sent(program, servers.home, THERE, 0)
        for _wait in _until_done(program, small):
            time.sleep(0.2)
        _until_searched(app, small)
        person = browser(web.address, MANAGER)
        idle = [_look(person, number) for number in range(LOOKS)]
        base = largest("worker")
        told = _while_it_runs(program, person, _sent(program, servers.home, rows, THERE), app)
        told.files = list(exported(program, web.process.pid))
    told.idle, told.base, told.rows = Times(tuple(idle), sum(idle) / 1000), base, rows
    return told


def _while_it_runs(program: Client, person: Client, run_id: int, app: Flask) -> Told:
    busy: list[float] = []
    most, number = 0.0, 0
    for _wait in _until_done(program, run_id):
        for _ in range(6):
            busy.append(_look(person, number))
            number += 1
        most = max(most, largest("crm.importing"))
    with app.app_context():
        done = db.session.get_one(ImportRun, run_id)
        assert done.started_at is not None and done.finished_at is not None, done.state
        assert done.new_count == done.rows, done.findings
        seconds = (done.finished_at - done.started_at).total_seconds()
    later = _until_searched(app, run_id)
    none = Times((1.0,), 1.0)
    return Told(seconds, later, 0, most, 0, none, Times(tuple(busy), sum(busy) / 1000))


def _prepared(app: Flask) -> str:
    with app.app_context():
        db.drop_all()
        db.create_all()
        manager = {"email": MANAGER, "name": "取込 太郎", "role": "manager"}
        person = staff_actions.add_staff(manager, None, PASSWORD)
        db.session.flush()
        token = staff_actions.issue_token(person, "write")
        db.session.commit()
        db.engine.dispose()
    return token


def _sent(program: Client, home: Path, rows: int, first: int) -> int:
    """Bring a file as a program does; gives the number of its run."""
    path = home / f"companies-{rows}.csv"
    write_companies(path, rows, first)
    head = [
        f"--{BOUND}\r\nContent-Disposition: form-data; name={name}\r\n\r\n{text}\r\n"
        for name, text in (("kind", "accounts"),)
    ]
    head.append(
        f"--{BOUND}\r\nContent-Disposition: form-data; name=file; filename={path.name}\r\n"
        "Content-Type: text/csv\r\n\r\n"
    )
    body = "".join(head).encode() + path.read_bytes() + f"\r\n--{BOUND}--\r\n".encode()
    headers = program.headers | {"Content-Type": f"multipart/form-data; boundary={BOUND}"}
    program.connection.request("POST", "/api/v1/imports", body, headers)
    answer = program.connection.getresponse()
    said = answer.read()
    if answer.status != 202:
        raise RuntimeError(f"{answer.status} {said[:400]!r}")
    return int(json.loads(said)["id"])


def _until_done(program: Client, run_id: int) -> Iterator[None]:
    while True:
        said = json.loads(program.ask(Request(f"/api/v1/imports/{run_id}")))
        if said["state"] not in ("running", "mapped"):
            return
        yield


def _until_searched(app: Flask, run_id: int) -> float:
    began = time.monotonic()
    with app.app_context():
        while is_behind(db.session.get_one(ImportRun, run_id, populate_existing=True)):
            db.session.rollback()
            time.sleep(0.2)
        db.session.remove()
    return time.monotonic() - began


def _look(person: Client, number: int) -> float:
    """The list of accounts, and the page of one, in turn."""
    path = "/accounts" if number % 2 else f"/accounts/{1 + number % 50}"
    return timed(lambda: person.ask(Request(path)))


def largest(word: str) -> float:
    """What the largest process with a word in its command weighed at most, in megabytes."""
    most = 0.0
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in (place / "cmdline").read_bytes():
                status = (place / "status").read_text()
                most = max(most, int(status.split("VmHWM:")[1].split()[0]) / 1024)
        except (OSError, IndexError):
            continue
    return most
