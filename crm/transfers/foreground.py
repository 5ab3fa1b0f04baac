"""An import that somebody waits for: in this process, at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_babel import get_locale
from flask_babel import gettext as _

from crm.clock import now
from crm.extensions import db
from crm.sheets.tables import Choice
from crm.transfers.choosing import choose, named_mapping
from crm.transfers.holding import hold, let_go
from crm.transfers.kinds.table import KINDS
from crm.transfers.opening import as_kept
from crm.transfers.outcome import Outcome, outcome_of
from crm.transfers.refusals import Refusal
from crm.transfers.run_actions import forget_run, has_steps, next_turn, turn_of
from crm.transfers.run_models import ImportRun
from crm.transfers.running import Beat, go, silent
from crm.transfers.searching import find_some
from crm.transfers.storing import store


def import_file(
    kind: str,
    path: Path,
    mapping: str | None = None,
    encoding: str | None = None,
    fresh_by: int | None = None,
    *,
    trial: bool = False,
    beat: Beat = silent,
    guarded: bool = False,
) -> Outcome:
    """Take over the rows of a file. Raises Refusal when the file or its mapping cannot be used.

    Commits after every part. What is imported is the past and no rule hears of it, but for
    readings that a person (`fresh_by`) brings as news. A trial leaves nothing behind. `guarded`:
    when this process is killed, a worker goes on after a little while.
    """
    began = time.monotonic()
    named = named_mapping(mapping) if mapping is not None else None
    found, _table = choose(KINDS[kind], path, named, Choice(encoding=encoding))
    run = _kept(kind, path, encoding, "checking" if trial else "running")
    run.mapping, run.fresh_by_id = as_kept(mapping, found), fresh_by
    outcome = _done(run, _guarded(run, beat) if guarded else beat, trial)
    outcome.seconds += time.monotonic() - began
    return outcome


def _done(run: ImportRun, beat: Beat, trial: bool) -> Outcome:
    """What became of it. The time that the search takes to follow is not the import's."""
    db.session.commit()
    with _ended_with(run.id):
        go(run.id, beat=beat)
        began = time.monotonic()
        while not trial and find_some(run.id):
            continue
    let_go(turn_of(run))
    db.session.commit()
    outcome = outcome_of(run.id)
    outcome.seconds = began - time.monotonic()
    why = run.error
    if trial or (run.state == "failed" and not has_steps(run)):
        forget_run(run)
        db.session.commit()
    if why:
        raise Refusal(why)
    return outcome


def _guarded(run: ImportRun, beat: Beat) -> Beat:
    """The message of a job that waits, as long as this process says that it is at work."""
    db.session.flush()
    dedupe = next_turn(run)
    hold(dedupe)

    def beating(now_run: ImportRun) -> None:
        hold(dedupe)
        beat(now_run)

    return beating


def _kept(kind: str, path: Path, encoding: str | None, state: str) -> ImportRun:
    try:
        with path.open("rb") as file:
            stored = store(file, path.name)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refusal(_("%(file)s cannot be read: %(why)s.", file=path.name, why=why)) from error
    run = ImportRun(
        kind=kind, file_name=stored.name, stored=stored.folder, sha256=stored.sha256,
        size=stored.size, encoding=encoding or "", state=state, started_at=now(),
        language=str(get_locale() or "ja")[:2],
    )  # fmt: skip
    db.session.add(run)
    return run


@contextmanager
def _ended_with(run_id: int) -> Iterator[None]:
    """Whoever waits may give up: then the run is stopped, and what was done can be undone."""
    try:
        yield
    except KeyboardInterrupt:
        db.session.rollback()
        run = db.session.get_one(ImportRun, run_id)
        run.state, run.finished_at = "stopped", now()
        db.session.commit()
        raise
