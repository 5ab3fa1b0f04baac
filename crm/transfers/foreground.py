"""An import that somebody waits for: in this process, at once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from crm.clock import now
from crm.extensions import db
from crm.sheets.tables import Choice
from crm.transfers.choosing import choose, named_mapping
from crm.transfers.holding import hold
from crm.transfers.jobs import Beat, at_once, throw_away_run
from crm.transfers.kinds import Kind
from crm.transfers.kinds.table import KINDS
from crm.transfers.opening import as_kept
from crm.transfers.outcome import Outcome, outcome_of
from crm.transfers.refusals import Refusal
from crm.transfers.run_actions import has_steps, next_turn
from crm.transfers.run_models import ImportRun
from crm.transfers.storing import store
from crm.transfers.unmapped import understood


def silent(_run: ImportRun) -> None:
    """Nobody listens."""


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
    kept = _mapping(KINDS[kind], path, mapping, Choice(encoding=encoding))
    found_in = time.monotonic() - began
    run = _kept(kind, path, encoding, "checking" if trial else "running")
    run.mapping, run.fresh_by_id = kept, fresh_by
    seconds = at_once(run, _guarded(run, beat) if guarded else beat, trial)
    outcome = outcome_of(run.id)
    outcome.seconds = seconds + found_in
    outcome.fields = outcome.fields if mapping is None else {}
    why = run.error
    if trial or (run.state == "failed" and not has_steps(run)):
        throw_away_run(run)
    if why:
        raise Refusal(why)
    return outcome


def _mapping(kind: Kind, path: Path, mapping: str | None, choice: Choice) -> dict[str, Any]:
    """How the run keeps the mapping that was named, or the one that fits. Raises Refusal."""
    if mapping is None:
        return understood(kind, path, choice)[1]
    found, _table = choose(kind, path, named_mapping(mapping), choice)
    return as_kept(mapping, found)


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
