"""The night's round over 100,000 plan dates, killed in the middle and finished by another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.company_db import environ
from bench.servers import ROOT
from bench.works import same

DATES = 100_000
UNITS_OF_A_PLAN = 50
MOST_SECONDS, MOST_MEGABYTES = 60, 300
PLANS = """
INSERT INTO maintenance_plans (id, account_id, name, work_kind, rule, period, every, first_due_on,
    horizon_days, active, version, created_at, updated_at)
SELECT %(first)s + a.id, a.id, '年次点検', 'inspection', 'fixed', 'months', 12, %(due)s, 60, true,
    1, now(), now() FROM accounts a
"""
LINKS = """
INSERT INTO plan_units (id, plan_id, unit_id, next_due_on, wakes_on)
SELECT %(first)s + row_number() OVER (), %(first)s + account_id, id, %(due)s, %(day)s FROM (
    SELECT id, account_id FROM units WHERE status <> 'removed' ORDER BY id LIMIT %(dates)s) u
"""
ASKED = """
import sys
from crm.app import create_app
from crm.outbox.actions import send
from crm.outbox.drain import drain, settle
from crm.extensions import db
app = create_app()
settle()
with app.app_context():
    send("maintenance.generate", "bench:" + sys.argv[1], {"day": sys.argv[1]}, "heavy")
    db.session.commit()
    drain("heavy")
    db.session.remove()
"""


@dataclass(frozen=True, slots=True)
class Night:
    """What a round took; `killed` is how many visits were there when the first was killed."""

    seconds: float
    megabytes: float
    visits: int
    killed: int

    @property
    def met(self) -> bool:
        """Are time and memory within what was promised?"""
        return self.seconds <= MOST_SECONDS and self.megabytes <= MOST_MEGABYTES


def measure(url: str, home: Path, dates: int = DATES) -> Night:
    """One whole night for the figures, then one that is killed in the middle. Leaves nothing.

    Raises WrongAnswer when a visit is missing or there twice.
    """
    alone = environ(url, home)
    with psycopg.connect(url, autocommit=True) as connection:
        with _fleet(connection, dates) as day:
            began = time.monotonic()
            megabytes = _finish(_night(alone, day))
            seconds = time.monotonic() - began
            _check(connection, dates)
        with _fleet(connection, dates) as day:
            process = _night(alone, day)
            killed = _kill(connection, process, dates)
            _free(connection)
            _finish(_night(alone, day))
            _check(connection, dates)
    return Night(seconds, megabytes, dates, killed)


@contextmanager
def _fleet(connection: psycopg.Connection[tuple[object, ...]], dates: int) -> Iterator[str]:
    """So many units under plans of which each is due once; everything is taken away again."""
    tables = ("maintenance_plans", "plan_units", "visits", "work_orders", "events", "outbox")
    before = {name: _last(connection, name) for name in tables}
    row = connection.execute("SELECT current_date, current_date + 40").fetchone()
    assert row is not None
    first = max(before.values()) + 1
    said = {"first": first, "due": row[1], "day": row[0], "dates": dates}
    connection.execute(PLANS.encode(), said)
    connection.execute(LINKS.encode(), said)
    connection.execute("ANALYZE maintenance_plans, plan_units")
    yield str(row[0])
    connection.execute("SET session_replication_role = replica")
    for name in reversed(tables):
        connection.execute(f"DELETE FROM {name} WHERE id > {before[name]}".encode())
    entries = "FROM search_entries WHERE kind = 'work_order' AND record_id > %s"
    for table in ("search_identifiers", "search_handlers"):
        query = f"DELETE FROM {table} WHERE entry_id IN (SELECT id {entries})"
        connection.execute(query.encode(), (before["work_orders"],))
    connection.execute(f"DELETE {entries}".encode(), (before["work_orders"],))
    connection.execute("SET session_replication_role = DEFAULT")
    connection.execute("VACUUM ANALYZE visits, work_orders, events, outbox")


def _night(settings: dict[str, str], day: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", ASKED, day]
    return subprocess.Popen(command, cwd=ROOT, env={**_path(), **settings})


def _path() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT)}


def _finish(process: subprocess.Popen[bytes]) -> float:
    """Wait for a night that ends well; returns the most memory it held, in megabytes."""
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"the night ended with {process.returncode}")
    return usage.ru_maxrss / 1024


def _kill(
    connection: psycopg.Connection[tuple[object, ...]], process: subprocess.Popen[bytes], dates: int
) -> int:
    """End the process without a word once a third of the visits is there."""
    while process.poll() is None:
        there = _count(connection, "SELECT count(*) FROM visits")
        if there > dates // 3:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return there


def _free(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """What the dead process had taken is free at once instead of when its lease ends."""
    connection.execute("UPDATE outbox SET lease_until = now() WHERE done_at IS NULL")


def _check(connection: psycopg.Connection[tuple[object, ...]], dates: int) -> None:
    visits = "SELECT count(*) FROM visits v JOIN work_orders w ON w.id = v.work_order_id"
    unlike = "SELECT count(*) FROM (SELECT DISTINCT plan_id, unit_id, due_on FROM visits) x"
    same("visits with a work order", _count(connection, visits), dates)
    same("different visits", _count(connection, unlike), dates)


def _count(connection: psycopg.Connection[tuple[object, ...]], query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(str(row[0]))


def _last(connection: psycopg.Connection[tuple[object, ...]], table: str) -> int:
    return _count(connection, f"SELECT coalesce(max(id), 0) FROM {table}")
