"""A run goes through its file, some hundred rows at a time. Each time is one transaction that
holds the rows and how far the run has come, so that a halt at any moment loses and doubles none.

A dry run does the same and takes each time back before it notes what would have been.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale

from crm.clock import now
from crm.crash import crashpoint
from crm.extensions import db
from crm.sheets.rows import Row
from crm.sheets.tables import Table
from crm.transfers.engine import Engine
from crm.transfers.finding import Finder
from crm.transfers.linking import link_some
from crm.transfers.mapping import Mapping
from crm.transfers.metering import Metering
from crm.transfers.opening import opened
from crm.transfers.refusals import Refusal
from crm.transfers.run_models import ImportRow, ImportRun
from crm.transfers.tables import table_of
from crm.transfers.tally import Note, Tally, merged

CHUNK = 1000
"""Rows in one transaction."""
EXAMPLES = {"new": 20, "changed": 500}
"""So many rows are kept to be looked at; of those that are not taken all are."""
RUNS, ROWS = table_of(ImportRun), table_of(ImportRow)
Beat = Callable[[ImportRun], None]


class Overtaken(Exception):
    """Somebody else has gone on with this run meanwhile, or it was ended: nothing was done."""


def silent(_run: ImportRun) -> None:
    """Nobody listens."""


def go(run_id: int, seconds: float | None = None, beat: Beat = silent) -> bool:
    """Go on with a run for so long; True when nothing is left to do. Commits after each part.

    `beat` is called before each commit. A file that cannot be used makes the run fail in words.
    """
    run = db.session.get_one(ImportRun, run_id, populate_existing=True)
    if run.state not in ("checking", "running"):
        return True
    with force_locale(run.language):
        try:
            return _Going(run, beat).on(None if seconds is None else time.monotonic() + seconds)
        except Refusal as error:
            db.session.rollback()
            end(run_id, "failed", str(error))
            return True
        except Overtaken:
            db.session.rollback()
            return True


def end(run_id: int, state: str, why: str = "") -> None:
    """A run has come to its end. Commits."""
    at = now()
    values: dict[str, Any] = {"state": state, "stop": False, "error": why, "updated_at": at}
    values["checked_at" if state in ("checked", "mapped") else "finished_at"] = at
    db.session.execute(sa.update(RUNS).where(RUNS.c.id == run_id).values(values))
    db.session.commit()


def engine_for(mapping: Mapping, table: Table, finder: Finder, run: ImportRun) -> Engine | Metering:
    """What takes the rows of a kind."""
    if mapping.kind.several:
        return Metering(mapping, table.header, finder, run.fresh_by_id)
    return Engine(mapping, table.header, finder)


class _Going:
    """One run on its way."""

    def __init__(self, run: ImportRun, beat: Beat) -> None:
        self.run, self.beat = run, beat
        self.trial = run.state == "checking"
        self.mapping, self.table = opened(run)
        self.finder = Finder(self.mapping.source, run.started_at or now(), run.id)
        self.engine = engine_for(self.mapping, self.table, self.finder, run)
        self.shown = dict.fromkeys(EXAMPLES, 0)
        later = self.mapping.kind.later
        self._links = bool(later) and any(one.name == later for one in self.mapping.fields)

    def on(self, until: float | None) -> bool:
        """True at the end of the file, or of the run."""
        self._begin()
        rows = self._rows()
        while some := list(islice(rows, CHUNK)):
            self._take(some)
            if self.run.stop:
                end(self.run.id, "mapped" if self.trial else "stopped")
                return True
            if until is not None and time.monotonic() > until:
                return False
        if not self.trial and self._links:
            self._link()
        end(self.run.id, "checked" if self.trial else "done")
        return True

    def _begin(self) -> None:
        """Count the rows, which also finds where a file stops being a table."""
        run = self.run
        if not run.line_done:
            every = self.table.rows()
            run.rows = sum(not row.blank for row in every)
            run.header, run.source = list(self.table.header), self.mapping.source
            run.encoding, run.delimiter = self.table.encoding, self.table.delimiter
            run.sheet, run.junk_count = self.table.sheet, len(self.table.titles)
            run.findings = {"titles": [row.line for row in self.table.titles]}
            db.session.commit()

    def _rows(self) -> Iterator[Row]:
        """What is left of the file; what was gone through before is only remembered."""
        done = self.run.line_done
        for row in self.table.rows():
            if row.line <= done:
                if not row.blank and not row.junk:
                    self.engine.skip(row)
            else:
                yield row

    def _take(self, rows: list[Row]) -> None:
        good = [row for row in rows if not row.blank]
        tally = self.engine.take(good)
        tally.blank_lines = len(rows) - len(good)
        if self.trial:
            if self._links and tally.rows == self.run.rows:
                self._try_links(tally)
            db.session.rollback()
            self.finder.forget(everything=True)
        self._note(tally, rows[-1].line)
        self.beat(self.run)
        crashpoint("imports.before_commit")
        db.session.commit()
        crashpoint("imports.after_commit")
        db.session.refresh(self.run)

    def _try_links(self, tally: Tally) -> None:
        """A dry run that sees the whole file at once can tell which references cannot be."""
        _last, notes = link_some(self.mapping.kind, self.finder, self.run.id, 0, tally.rows)
        tally.notes += notes

    def _link(self) -> None:
        """Fill the references to rows of the same file, now that all of them are in."""
        while True:
            run = self.run
            last, notes = link_some(self.mapping.kind, self.finder, run.id, run.step_done, CHUNK)
            if last is None:
                return
            self._note(Tally(notes=notes), run.line_done)
            db.session.execute(sa.update(RUNS).where(RUNS.c.id == run.id).values(step_done=last))
            self.beat(run)
            crashpoint("imports.before_link")
            db.session.commit()
            db.session.refresh(run)

    def _note(self, tally: Tally, line: int) -> None:
        """Write down what became of the rows. Raises Overtaken."""
        run = self.run
        notes = [self._row(note) for note in tally.notes if self._kept(note)]
        if notes:
            db.session.connection().execute(sa.insert(ROWS), notes)
        counted = {
            f"{name}_count": RUNS.c[f"{name}_count"] + number
            for name, number in tally.counts.items()
        }
        moved = db.session.execute(
            sa.update(RUNS)
            .where(
                RUNS.c.id == run.id, RUNS.c.state == ("checking" if self.trial else "running"),
                RUNS.c.line_done == run.line_done,
            )
            .values(
                counted
                | {"line_done": line, "rows_done": RUNS.c.rows_done + tally.rows,
                   "findings": merged(run.findings, tally.findings()), "updated_at": now()}
            )
        )  # fmt: skip
        if getattr(moved, "rowcount", 0) != 1:
            raise Overtaken

    def _kept(self, note: Note) -> bool:
        if note.cells is not None or note.reason or note.verdict not in EXAMPLES:
            return True
        self.shown[note.verdict] += 1
        return self.shown[note.verdict] <= EXAMPLES[note.verdict]

    def _row(self, note: Note) -> dict[str, Any]:
        return {
            "run_id": self.run.id, "line": note.line, "verdict": note.verdict,
            "reason": note.reason, "cells": None if note.cells is None else list(note.cells),
            "label": note.label, "changes": note.changes,
        }  # fmt: skip
