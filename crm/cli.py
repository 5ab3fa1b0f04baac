"""The commands: `bin/crm …` is the Flask command inside the environment."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
import redis
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from rq import Queue, SimpleWorker
from rq.timeouts import TimerDeathPenalty
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from crm.alerts import jobs as alerts_jobs
from crm.clock import today
from crm.deals.cli import deals_group
from crm.demo import load as demo
from crm.extensions import db
from crm.operations import commands as operations
from crm.outbox.actions import send
from crm.outbox.drain import drain, settle, start_threads
from crm.outbox.models import LANES
from crm.register.cli import register_command
from crm.search import rebuilding
from crm.search.cli import search_group
from crm.staff.cli import staff_group, token_group
from crm.transfers import foreground as transfers
from crm.transfers.kinds.table import KINDS
from crm.transfers.refusals import Refusal
from crm.transfers.rejected import rejected_path, writable, write_rejected
from crm.transfers.run_models import ImportRun
from crm.transfers.wording import report

log = structlog.get_logger()

TOLD_AGAIN = 60.0
"""Seconds after which a worker says once more that Redis does not answer."""


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in (staff_group, token_group, worker, clock, drain_command, demo_command,
                    import_command, register_command, alerts_group, search_group,
                    deals_group, bench_command, operations.backup, operations.restore,
                    operations.check):  # fmt: skip
        app.cli.add_command(command)


@click.command("demo")
@with_appcontext
def demo_command() -> None:
    """Load the demo company when the database is empty."""
    if not demo.is_empty():
        return
    demo.load()
    db.session.commit()


class _Refused(click.ClickException):
    """A file that cannot be taken: its reason in words, nothing written."""

    exit_code = 2


@click.command("import")
@click.argument("kind", type=click.Choice(tuple(KINDS)))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", default=None, help="A mapping file, or the name of one that is shipped.")
@click.option("--encoding", default=None, help="Found by itself when it is left out.")
@click.option("--rejected", type=click.Path(path_type=Path), help="Where refused rows are written.")
@click.option("--dry-run", is_flag=True, help="Say what would be; write nothing.")
@with_appcontext
def import_command(
    kind: str, file: Path, mapping: str | None, encoding: str | None, rejected: Path | None,
    dry_run: bool,
) -> None:  # fmt: skip
    """Take over records from a table."""
    settings: Settings = current_app.extensions["settings"]
    path = rejected or (None if dry_run else rejected_path(file, settings.data_dir))
    with force_locale(settings.language):
        try:
            with writable(path):
                outcome = transfers.import_file(
                    kind, file, mapping, encoding, trial=dry_run, beat=_progress, guarded=True
                )
                write_rejected(path, outcome)
        except Refusal as error:
            db.session.rollback()
            raise _Refused(str(error)) from error
        for line in report(outcome, dry_run, path):
            click.echo(line)


def _progress(run: ImportRun) -> None:
    """How far it has come, for whoever looks at a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\r{run.rows_done:,} / {run.rows:,}", nl=False, err=True)


@click.group("alerts")
def alerts_group() -> None:
    """What the rules find."""


@alerts_group.command("run")
@click.option("--as-of", type=click.DateTime(("%Y-%m-%d",)), required=True)
@with_appcontext
def run_alerts(as_of: datetime) -> None:
    """Judge every unit as it stood on a day; each 500 units are one transaction."""
    settings: Settings = current_app.extensions["settings"]
    counts: Counter[str] = Counter()
    for first in range(0, alerts_jobs.last_unit() + 1, alerts_jobs.CHUNK):
        raised = alerts_jobs.judge_units(as_of.date(), first)
        db.session.commit()
        for alert in raised:
            counts[alert.rule] += 1
            click.echo(f"{alert.rule} {alert.subject} {alert.reason[settings.language]}")
    for rule, number in sorted(counts.items()):
        click.echo(f"{rule}: {number}")
    click.echo(f"{counts.total()} alerts as of {as_of:%Y-%m-%d}")


@click.command("drain")
@with_appcontext
def drain_command() -> None:
    """Do everything that waits in the outbox, once."""
    click.echo(f"{sum(drain(lane) for lane in LANES)} done")


@click.command("worker")
@click.option("--lane", type=click.Choice(LANES), multiple=True)
@with_appcontext
def worker(lane: tuple[str, ...]) -> None:
    """Drain the outbox at every ring of Redis and every half second without it."""
    lanes = lane or LANES
    proxy: Any = current_app
    app: Flask = proxy._get_current_object()
    settle()
    stop = start_threads(app, lanes)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings: Settings = app.extensions["settings"]
    if settings.redis_url:
        threading.Thread(
            target=_answer_bell, args=(app, settings.redis_url, lanes, stop), daemon=True
        ).start()
    while not stop.wait(0.5):
        pass


class _Worker(SimpleWorker):
    """A worker inside a thread: no signals, no fork, the application is loaded already."""

    death_penalty_class = TimerDeathPenalty

    def _install_signal_handlers(self) -> None:
        pass


def _answer_bell(app: Flask, url: str, lanes: tuple[str, ...], stop: threading.Event) -> None:
    told = -TOLD_AGAIN
    while not stop.is_set():
        try:
            with app.app_context():
                client = redis.Redis.from_url(url)
                queues = [Queue(one, connection=client) for one in lanes]
                _Worker(queues, connection=client).work(logging_level="WARNING")
        except (redis.RedisError, OSError) as error:
            if time.monotonic() - told >= TOLD_AGAIN:
                told = time.monotonic()
                log.warning("worker.bell_lost", error=str(error))
        stop.wait(0.5)


@click.command("clock")
@click.option("--once", is_flag=True, help="Write today's messages and end.")
@with_appcontext
def clock(once: bool) -> None:
    """Write what is due by the calendar into the outbox: once a day and subject, whoever asks."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if once:
        tick()
        return
    proxy: Any = current_app
    while not stop.is_set():
        look_at_calendar(proxy._get_current_object())
        stop.wait(60)


def look_at_calendar(app: Flask) -> None:
    """A tick that outlives a database that is away: the next one is a minute later."""
    try:
        with app.app_context():
            tick()
    except SQLAlchemyError as error:
        log.warning("clock.database", error=str(error))


def tick() -> None:
    """One look at the calendar. Commits."""
    day = today().isoformat()
    for kind in current_app.extensions["clock"]:
        send(kind, f"{kind}:{day}", {"day": day})
    rebuilding.ask()
    db.session.commit()


def start_clock(app: Flask, stop: threading.Event) -> None:
    """The clock as a thread of the one process of a small installation."""

    def run() -> None:
        while not stop.is_set():
            look_at_calendar(app)
            stop.wait(timedelta(minutes=1).total_seconds())

    threading.Thread(target=run, name="clock", daemon=True).start()


@click.command("bench", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench_command(arguments: tuple[str, ...]) -> None:
    """Measure over a large company, on servers of its own; `bench --help` says how."""
    # A process of its own: the benchmark stands above the application and starts others.
    command = [sys.executable, "-m", "bench", *arguments]
    raise SystemExit(subprocess.call(command))  # noqa: S603  # our own program and arguments
