"""A run at work in the background. It may be killed at any moment: the next job goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from crm.bulk import count_rows, outgrown
from crm.crash import crashpoint
from crm.extensions import db
from crm.transfers.holding import hold, is_last_attempt, let_go
from crm.transfers.run_actions import forget_run, next_turn, turn_of
from crm.transfers.run_models import BUSY, ImportRun
from crm.transfers.running import end, parts
from crm.transfers.searching import find_some, is_behind
from crm.transfers.tidying import throw_away_strays, tidy_some
from crm.transfers.undoing import parts_back

log = structlog.get_logger()
Beat = Callable[[ImportRun], None]
ROOT = Path(__file__).parents[2]
SLICE = 60.0
"""Seconds after which other heavy work gets its turn."""
ENDED = ("done", "stopped", "failed")
LARGE = 500_000
"""Bytes of a file from which on a run has a process of its own, so that pages stay quick."""
COUNTED = (1, 10, 100)
"""Parts after which the tables may be ten times what they were; a file's first one, 0, has no rows
yet."""
POLITE = 10
"""How far it steps back behind the pages when both want the processor."""


def work(payload: dict[str, Any]) -> None:
    """Go on with a run; what is left is a message again. A run that no job can do has failed."""
    run_id, dedupe = payload["run_id"], payload["dedupe"]
    run = db.session.get(ImportRun, run_id)
    if run is None:
        return
    try:
        if run.size >= LARGE:
            db.session.rollback()
            _in_a_child(run_id, dedupe)
        else:
            work_on(run_id, dedupe)
    except Exception:
        db.session.rollback()
        if not is_last_attempt(dedupe):
            raise
        log.exception("import.failed", run=run_id)
        run = db.session.get_one(ImportRun, run_id, populate_existing=True)
        end(run, "failed", _("It could not be done: the administrator finds why in the log."))
    run = db.session.get_one(ImportRun, run_id, populate_existing=True)
    if run.state in BUSY or is_behind(run):
        next_turn(run)


def tidy(_payload: dict[str, Any]) -> None:
    """Every night: files of runs that nobody has done anything with for 30 days go."""
    last: int | None = 0
    while last is not None:
        last = tidy_some(last)
        db.session.commit()
    throw_away_strays()


def work_on(run_id: int, dedupe: str) -> None:
    """Go on with a run for a while. Commits after each part."""
    until, run = time.monotonic() + SLICE, db.session.get_one(ImportRun, run_id)
    with force_locale(run.language):
        back = run.state == "undoing"
        through(parts_back(run_id) if back else parts(run_id), lambda _run: hold(dedupe), until)
    db.session.refresh(run)
    while run.state in ENDED and time.monotonic() < until and follow_search(run_id):
        hold(dedupe)


def through(some: Iterable[ImportRun], beat: Beat, until: float | None = None) -> None:
    """Commit part after part, `beat` with each, while there is time."""
    for number, run in enumerate(some):
        beat(run)
        crashpoint("imports.before_commit")
        db.session.commit()
        crashpoint("imports.after_commit")
        if number in COUNTED:
            _count_outgrown()
        if until is not None and time.monotonic() > until:
            return


def _count_outgrown() -> None:
    """The file comes in without it too, only more slowly. Commits."""
    try:
        for table in outgrown():
            count_rows(table)
            db.session.commit()
    except DBAPIError as error:
        db.session.rollback()
        log.warning("import.not_counted", error=str(error.orig))


def follow_search(run_id: int) -> bool:
    """Let the search know some more records; False at the end. Commits."""
    left = find_some(run_id)
    db.session.commit()
    return left


def at_once(run: ImportRun, beat: Beat, trial: bool) -> float:
    """Do a run while somebody waits; returns how many seconds it took before the search followed.
    Whoever gives up waiting has stopped it: what was done can be taken back. Commits."""
    began = time.monotonic()
    db.session.commit()
    try:
        through(parts(run.id), beat)
        seconds = time.monotonic() - began
        while not trial and follow_search(run.id):
            continue
    except KeyboardInterrupt:
        db.session.rollback()
        end(run, "stopped")
        db.session.commit()
        raise
    let_go(turn_of(run))
    db.session.commit()
    return seconds


def throw_away_run(run: ImportRun) -> None:
    """Nothing came of it. Commits."""
    forget_run(run)
    db.session.commit()


def be_polite() -> None:
    """Step back behind the pages, and hold little of the database in memory.

    PostgreSQL does not wait for its disk after each part: a part is lost whole, with the note of
    how far the run has come, and what is committed after the turn waits for all of it.
    """
    os.nice(POLITE)
    sqlite = db.session.get_bind().dialect.name == "sqlite"
    wish = "PRAGMA cache_size=-4096" if sqlite else "SET synchronous_commit TO off"
    db.session.connection().exec_driver_sql(wish)
    db.session.commit()


def _in_a_child(run_id: int, dedupe: str) -> None:
    """A process of its own for this turn. Raises RuntimeError when it dies."""
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "crm.importing", str(run_id), dedupe],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()[-500:]
        raise RuntimeError(f"import {run_id}: exit {done.returncode}: {said}")
