"""What people do with a run: begin it, stop it, take it back, throw it away."""

from __future__ import annotations

from typing import Any, BinaryIO

import sqlalchemy as sa
from flask_babel import get_locale
from flask_babel import gettext as _

from crm.clock import now
from crm.errors import Conflict
from crm.extensions import db
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.timeline.actions import record
from crm.transfers.run_models import BUSY, ImportRow, ImportRun, ImportStep
from crm.transfers.storing import Stored, store, throw_away

COUNTS = ("rows", "rows_done", "line_done", "step_done", "new_count", "changed_count",
          "same_count", "conflict_count", "refused_count", "junk_count", "undone_count",
          "kept_count", "found_step")  # fmt: skip
MOST_BYTES = 200 * 1024 * 1024


def receive(kind: str, content: BinaryIO, name: str, by_id: int) -> ImportRun:
    """A file has come: it lies here, nothing else has happened yet."""
    return enter(kind, store(content, name), by_id)


def enter(kind: str, stored: Stored, by_id: int | None) -> ImportRun:
    """Write down a file that lies here already."""
    run = ImportRun(
        kind=kind, file_name=stored.name, stored=stored.folder, sha256=stored.sha256,
        size=stored.size, started_by_id=by_id, language=str(get_locale() or "ja")[:2],
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    return run


def start_check(run: ImportRun, by_id: int) -> None:
    """Begin the dry run. Raises Conflict when the run has gone further than that."""
    if run.state not in ("mapped", "checked", "failed") or not run.mapping:
        raise Conflict(_("A dry run needs a file whose columns are mapped."))
    _begin(run, "checking")
    record("import.checked", run, by_id, account_id=None, **_facts(run))


def start(run: ImportRun, by_id: int) -> None:
    """Begin the import. Raises Conflict when it has begun already."""
    if run.state not in ("mapped", "checked") or not run.mapping:
        raise Conflict(_("This import has begun already."))
    _begin(run, "running")
    record("import.started", run, by_id, account_id=None, **_facts(run))


def go_on(run: ImportRun, by_id: int) -> None:
    """Go on with an import that was stopped. Raises Conflict when it was not."""
    if run.state != "stopped" or db.session.scalar(_undone_steps(run)) is not None:
        raise Conflict(_("Only an import that was stopped can go on."))
    run.state, run.stop, run.finished_at = "running", False, None
    next_turn(run)
    record("import.started", run, by_id, account_id=None, **_facts(run))


def stop(run: ImportRun, by_id: int) -> None:
    """Ask a job to end after the rows at hand. Raises Conflict when none is at work."""
    if run.state not in BUSY:
        raise Conflict(_("Nothing is at work on this import."))
    run.stop = True
    record("import.stopped", run, by_id, account_id=None, **_facts(run))


def start_undo(run: ImportRun, by_id: int) -> None:
    """Begin to take back what an import did. Raises Conflict when there is nothing to take back."""
    if run.state not in ("done", "stopped", "failed", "undone") or not has_steps(run):
        raise Conflict(_("There is nothing to take back."))
    run.state, run.stop, run.step_done, run.error = "undoing", False, 0, ""
    ended = {"ended": run.finished_at.isoformat()} if run.finished_at else {}
    run.kept_count, run.finished_at = 0, None
    left = {name: one for name, one in run.findings.items() if name != "undone_before"}
    run.findings = left | ended
    db.session.execute(
        sa.update(ImportStep)
        .where(ImportStep.run_id == run.id, ImportStep.outcome.in_(("kept", "again")))
        .values(outcome="", why="")
    )
    next_turn(run)
    record("import.undone", run, by_id, account_id=None, **_facts(run))


def remove(run: ImportRun, by_id: int) -> None:
    """Throw away a file that nothing came of. Raises Conflict when records came of it."""
    if run.state in BUSY or has_steps(run):
        raise Conflict(_("Records came of this import: it stays, so that it can be taken back."))
    facts = _facts(run)
    record("import.removed", run, by_id, account_id=None, **facts)
    forget_run(run)


def forget_run(run: ImportRun) -> None:
    """A run that left nothing behind is no longer known."""
    throw_away(run.stored)
    db.session.execute(sa.delete(ImportRow).where(ImportRow.run_id == run.id))
    db.session.execute(sa.delete(ImportStep).where(ImportStep.run_id == run.id))
    db.session.delete(run)


def has_steps(run: ImportRun) -> bool:
    """Is there a record that it made or changed and that was not taken back?"""
    steps = sa.select(ImportStep.id).where(
        ImportStep.run_id == run.id, ImportStep.outcome != "undone"
    )
    return db.session.scalar(steps.limit(1)) is not None


def next_turn(run: ImportRun) -> str:
    """Write the message of the run's next job; returns what makes it unique."""
    run.turn += 1
    dedupe = turn_of(run)
    send("imports.work", dedupe, {"run_id": run.id, "dedupe": dedupe}, HEAVY)
    return dedupe


def turn_of(run: ImportRun) -> str:
    """What makes the message of the run's present job unique."""
    return f"import:{run.id}:{run.turn}"


def _begin(run: ImportRun, state: str) -> None:
    for name in COUNTS:
        setattr(run, name, 0)
    run.state, run.stop, run.error, run.findings = state, False, "", {}
    run.started_at, run.finished_at = now(), None
    db.session.execute(sa.delete(ImportRow).where(ImportRow.run_id == run.id))
    next_turn(run)


def _undone_steps(run: ImportRun) -> sa.Select[tuple[int]]:
    undone = sa.select(ImportStep.id).where(ImportStep.run_id == run.id)
    return undone.where(ImportStep.outcome == "undone").limit(1)


def _facts(run: ImportRun) -> dict[str, Any]:
    return {"name": run.file_name, "import_kind": run.kind}
