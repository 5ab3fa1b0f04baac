"""A run at work in the background. It may be killed at any moment: the next job goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import structlog
from flask_babel import gettext as _

from crm.extensions import db
from crm.transfers.holding import hold, is_last_attempt
from crm.transfers.run_actions import next_turn
from crm.transfers.run_models import BUSY, ImportRun
from crm.transfers.running import Beat, end, go
from crm.transfers.searching import find_some, is_behind
from crm.transfers.undoing import undo

log = structlog.get_logger()
ROOT = Path(__file__).parents[2]
SLICE = 60.0
"""Seconds after which other heavy work gets its turn."""
ENDED = ("done", "stopped", "failed")
LARGE = 500_000
"""Bytes of a file from which on a run has a process of its own, so that pages stay quick."""
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
        end(run_id, "failed", _("It could not be done: the administrator finds why in the log."))
    run = db.session.get_one(ImportRun, run_id, populate_existing=True)
    if run.state in BUSY or is_behind(run):
        next_turn(run)


def work_on(run_id: int, dedupe: str) -> None:
    """Go on with a run for a while. Commits after each part."""
    until, run = time.monotonic() + SLICE, db.session.get_one(ImportRun, run_id)
    if run.state == "undoing":
        undo(run_id, lambda: time.monotonic() < until, _holding(dedupe))
    elif run.state in ("checking", "running"):
        go(run_id, SLICE, _holding(dedupe))
    db.session.refresh(run)
    while run.state in ENDED and time.monotonic() < until and find_some(run_id):
        hold(dedupe)


def be_polite() -> None:
    """Step back behind the pages."""
    os.nice(POLITE)


def _holding(dedupe: str) -> Beat:
    return lambda _run: hold(dedupe)


def _in_a_child(run_id: int, dedupe: str) -> None:
    """A process of its own for this turn. Raises RuntimeError when it dies."""
    words = ["work-on-import", str(run_id), dedupe]
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()[-500:]
        raise RuntimeError(f"import {run_id}: exit {done.returncode}: {said}")
