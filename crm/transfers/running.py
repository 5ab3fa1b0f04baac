"""A run goes through its file, some hundred rows at a time. Each time is one transaction that
holds the rows and how far the run has come, so that a halt at any moment loses and doubles none.

A dry run does the same and takes each time back before it notes what would have been.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.sheets.rows import Row
from crm.sheets.tables import Table
from crm.transfers.beside import Beside
from crm.transfers.earlier import Earlier
from crm.transfers.engine import Engine
from crm.transfers.finding import Finder
from crm.transfers.linking import link_some
from crm.transfers.mapping import Mapping
from crm.transfers.metering import Metering
from crm.transfers.opening import opened
from crm.transfers.refusals import Refusal
from crm.transfers.run_models import ImportRow, ImportRun
from crm.transfers.storing import path_of
from crm.transfers.tables import table_of
from crm.transfers.tally import EXAMPLES, Note, Tally, merged
from crm.transfers.trying_links import judged

CHUNK = 1000
"""Rows in one transaction."""
RUNS, ROWS = table_of(ImportRun), table_of(ImportRow)


class Overtaken(Exception):
    """Somebody else has gone on with this run meanwhile, or it was ended: nothing was done."""


def parts(run_id: int) -> Iterator[ImportRun]:
    """Go on with a run. At each turn a part of it is whole, and whoever asked commits it; who asks
    no further leaves the rest for later. A file that cannot be used makes the run fail in words."""
    run = db.session.get_one(ImportRun, run_id, populate_existing=True)
    if run.state not in ("checking", "running"):
        return
    try:
        yield from _Going(run).parts()
    except Refusal as error:
        db.session.rollback()
        end(run, "failed", str(error))
        yield run
    except Overtaken:
        db.session.rollback()


def end(run: ImportRun, state: str, why: str = "") -> None:
    """A run has come to its end."""
    run.state, run.stop, run.error = state, False, why
    if state in ("checked", "mapped"):
        run.checked_at = now()
    elif state == "undone":
        run.undone_at = now()
    else:
        run.finished_at = now()


def engine_for(mapping: Mapping, table: Table, finder: Finder, run: ImportRun) -> Engine | Metering:
    """What takes the rows of a kind."""
    if mapping.kind.several:
        return Metering(mapping, table.header, finder, run.fresh_by_id)
    earlier = None
    if run.state == "checking":
        earlier = Earlier(path_of(run.stored, f"{run.file_name}.seen"), run.line_done)
    return Engine(mapping, table.header, finder, earlier)


class _Going:
    """One run on its way."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.trial = run.state == "checking"
        self.mapping, self.table = opened(run)
        self.finder = Finder(self.mapping.source, run.started_at or now(), run.id)
        self.engine = engine_for(self.mapping, self.table, self.finder, run)
        self.shown = dict.fromkeys(EXAMPLES, 0)
        later = self.mapping.kind.later
        self._links = bool(later) and any(one.name == later for one in self.mapping.fields)

    def parts(self) -> Iterator[ImportRun]:
        """Some hundred rows at a time, then the references among them."""
        run = self.run
        if not run.line_done:
            self._begin()
            yield run
        rows = self._rows()
        while some := list(islice(rows, CHUNK)):
            self._take(some)
            yield run
            db.session.refresh(run)
            if run.stop:
                end(run, "mapped" if self.trial else "stopped")
                yield run
                return
        if self._links:
            yield from self._try_left() if self.trial else self._link()
        self._forget_trial()
        end(run, "checked" if self.trial else "done")
        yield run

    def _begin(self) -> None:
        """Count the rows, which also finds where a file stops being a table."""
        run = self.run
        beside = Beside(self.mapping, self.table)
        run.rows = sum(beside.saw(row) for row in self.table.rows() if not row.blank)
        run.header, run.source = list(self.table.header), self.mapping.source
        run.encoding, run.delimiter = self.table.encoding, self.table.delimiter
        run.sheet, run.junk_count = self.table.sheet, len(self.table.titles)
        others = [name for name in self.table.sheets if name != self.table.sheet]
        run.findings = {
            "titles": [row.line for row in self.table.titles], "sheets": others,
        } | beside.findings()  # fmt: skip

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

    def _try_links(self, tally: Tally) -> None:
        """A dry run that sees the whole file at once can tell which references cannot be."""
        _last, notes = link_some(self.mapping.kind, self.finder, self.run.id, 0, tally.rows)
        tally.notes += notes

    def _try_left(self) -> Iterator[ImportRun]:
        """The same of a longer file: what each names is here, or was seen in some row."""
        earlier = self.engine.earlier
        if earlier is None or self.run.rows <= CHUNK:
            return
        for notes in judged(self.mapping.kind, self.finder, earlier):
            self._note(Tally(notes=notes), self.run.line_done)
            yield self.run

    def _forget_trial(self) -> None:
        if self.engine.earlier is not None:
            self.engine.earlier.forget()

    def _link(self) -> Iterator[ImportRun]:
        """Fill the references to rows of the same file, now that all of them are in."""
        run = self.run
        while True:
            last, notes = link_some(self.mapping.kind, self.finder, run.id, run.step_done, CHUNK)
            if last is None:
                return
            self._note(Tally(notes=notes), run.line_done)
            db.session.execute(sa.update(RUNS).where(RUNS.c.id == run.id).values(step_done=last))
            yield run
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
            "label": note.label, "changes": note.changes, "address": note.address,
        }  # fmt: skip
