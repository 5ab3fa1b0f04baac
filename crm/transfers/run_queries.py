"""Ask for runs of an import, for what became of their rows, and for the file of refused rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import pgettext

from crm.errors import Forbidden, NotFound
from crm.extensions import at_most, db
from crm.rights import Person, may
from crm.sheets.writing import CP932, UTF8, Column, Written, csv_parts
from crm.transfers.kinds.table import KINDS
from crm.transfers.run_models import ImportRow, ImportRun, ImportStep
from crm.transfers.tables import table_of

ROWS, STEPS = table_of(ImportRow), table_of(ImportStep)
LISTED = 50
REFUSED = ("refused", "conflict")
MADE_OF = {
    "plan": "maintenance", "reading": "unit", "error": "unit", "closed_day": "closed_day",
}  # fmt: skip
"""Kinds that the rights know by another name."""


def get_run(run_id: int, user: Person, action: str = "view") -> ImportRun:
    """The door to a run: whoever may not make such records may not see them come either."""
    found = db.session.get(ImportRun, run_id)
    if found is None or not may(user, action, "import") or not may_import(user, found.kind):
        raise NotFound
    return found


def may_import(user: Person, kind: str) -> bool:
    """May this person make and change every record of a kind?"""
    record = KINDS[kind].record
    needed = MADE_OF.get(record, record)
    return all(may(user, action, needed) for action in ("create", "edit"))


def check_kind(user: Person, kind: str) -> None:
    """Raises Forbidden when this person may not import records of a kind."""
    if not may_import(user, kind):
        raise Forbidden


def kinds_for(user: Person) -> list[str]:
    """The kinds that somebody may import."""
    return [name for name in KINDS if may_import(user, name)]


def runs_of(user: Person, before: int | None = None, limit: int = LISTED) -> Sequence[sa.Row[Any]]:
    """The newest runs that somebody may see."""
    runs = table_of(ImportRun)
    older = runs.c.id < before if before else sa.true()
    return db.session.execute(
        sa.select(runs)
        .where(runs.c.kind.in_(kinds_for(user)), older)
        .order_by(runs.c.id.desc())
        .limit(at_most(limit))
    ).all()


def rows_of(
    run: ImportRun, verdict: str | None = None, after: int = 0, limit: int = LISTED
) -> Sequence[sa.Row[Any]]:
    """What is to be said of single rows, in the order in which they were judged."""
    which = ROWS.c.verdict == verdict if verdict else sa.true()
    return db.session.execute(
        sa.select(ROWS)
        .where(ROWS.c.run_id == run.id, which, ROWS.c.id > after)
        .order_by(ROWS.c.id)
        .limit(at_most(limit))
    ).all()


def examples(run: ImportRun, verdict: str, limit: int) -> Sequence[sa.Row[Any]]:
    """The first rows of a verdict, by their lines."""
    return db.session.execute(
        sa.select(ROWS)
        .where(ROWS.c.run_id == run.id, ROWS.c.verdict == verdict)
        .order_by(ROWS.c.line, ROWS.c.id)
        .limit(at_most(limit))
    ).all()


def remarks(run: ImportRun, limit: int = LISTED) -> Sequence[sa.Row[Any]]:
    """Rows that were taken, but not quite as they stand."""
    return db.session.execute(
        sa.select(ROWS)
        .where(ROWS.c.run_id == run.id, ROWS.c.verdict.in_(("new", "changed", "same")))
        .where(ROWS.c.reason != "")
        .order_by(ROWS.c.line, ROWS.c.id)
        .limit(at_most(limit))
    ).all()


def kept_steps(run: ImportRun, after: int = 0, limit: int = LISTED) -> Sequence[sa.Row[Any]]:
    """Records that an undo left as they are, with the reason."""
    return db.session.execute(
        sa.select(STEPS)
        .where(STEPS.c.run_id == run.id, STEPS.c.outcome == "kept", STEPS.c.id > after)
        .order_by(STEPS.c.id)
        .limit(at_most(limit))
    ).all()


def undoable(run: ImportRun) -> dict[str, int]:
    """How many records an undo would remove (new) and put back (changed)."""
    counted = db.session.execute(
        sa.select(STEPS.c.what, sa.func.count())
        .where(STEPS.c.run_id == run.id, STEPS.c.outcome != "undone")
        .group_by(STEPS.c.what)
    )
    return {"new": 0, "changed": 0} | dict(counted.tuples().all())


def refused_parts(run: ImportRun) -> Iterator[bytes]:
    """The rows that were not taken as a file: the columns of the file, before them the line and
    the reason. As the file was written, where its characters allow it, else in UTF-8."""
    encoding = CP932 if run.encoding.lower() in ("cp932", "shift_jis") else UTF8
    yield from _parts(run, encoding)


def _parts(run: ImportRun, encoding: str) -> Iterator[bytes]:
    written = Written()
    parts = csv_parts(_columns(run), _refused(run), encoding, written)
    if encoding == UTF8:
        yield from parts
        return
    whole = list(parts)
    yield from _parts(run, UTF8) if written.odd else iter(whole)


def _columns(run: ImportRun) -> list[Column]:
    said = [pgettext("import", "Line"), pgettext("import", "Reason")]
    return [Column(name) for name in (*said, *run.header)]


def _refused(run: ImportRun) -> Iterator[list[Any]]:
    """Row by row, some hundred at a time; blank ones fill up what a broken line lacks."""
    line, last = 0, 0
    while True:
        rows = db.session.execute(
            sa.select(ROWS.c.id, ROWS.c.line, ROWS.c.reason, ROWS.c.cells)
            .where(ROWS.c.run_id == run.id, ROWS.c.verdict.in_(REFUSED))
            .where(sa.tuple_(ROWS.c.line, ROWS.c.id) > (line, last))
            .order_by(ROWS.c.line, ROWS.c.id)
            .limit(at_most(500))
        ).all()
        for row in rows:
            line, last = row.line, row.id
            cells = [*row.cells, *[""] * (len(run.header) - len(row.cells))]
            yield [row.line, row.reason, *cells]
        if len(rows) < 500:
            return
