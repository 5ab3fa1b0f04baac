"""Runs of an import: the file, how far it has come, what became of each row, the way back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.extensions import BigKey, Dated, Json, Model, UtcDateTime, key_text

STATES = (
    "uploaded", "mapped", "checking", "checked", "running", "done", "stopped", "failed",
    "undoing", "undone",
)  # fmt: skip
"""uploaded: the file lies here. mapped: its columns are known. checking and checked: the dry run.
running, done: the import. stopped: a person ended the import; what was done stays. failed: the
file cannot be used. undoing, undone: it is taken back."""

BUSY = ("checking", "running", "undoing")
"""States in which a job works on a run."""

VERDICTS = ("new", "changed", "same", "conflict", "refused", "junk")
"""What becomes of a row; conflict: a person has edited since what the file wants to change; junk:
no row at all (a title, the header once more)."""


class ImportRun(Dated, Model):
    """One file on its way in. Counts are of rows; `rows_done` of `rows` have been gone through.

    `stored` is the name in CRM_DATA_DIR/imports; `mapping` is the mapping as TOML would hold it,
    or only its `name` when it is one that is shipped. `findings` are the counters beside the rows.
    """

    __tablename__ = "import_runs"
    __table_args__ = (sa.Index("ix_import_runs_started_by_id", "started_by_id", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    stored: Mapped[str] = mapped_column(sa.String(64), default="")
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    encoding: Mapped[str] = mapped_column(sa.String(20), default="")
    delimiter: Mapped[str] = mapped_column(sa.String(1), default="")
    sheet: Mapped[str] = mapped_column(sa.String(100), default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    source: Mapped[str] = mapped_column(sa.String(60), default="")
    header: Mapped[list[str]] = mapped_column(Json, default=list)
    state: Mapped[str] = mapped_column(sa.String(10), default="uploaded", index=True)
    stop: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    """A person wants it to end; the job looks between two chunks."""
    rows: Mapped[int] = mapped_column(sa.Integer, default=0)
    rows_done: Mapped[int] = mapped_column(sa.Integer, default=0)
    new_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    changed_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    same_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    conflict_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    refused_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    junk_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    undone_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    kept_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    line_done: Mapped[int] = mapped_column(sa.Integer, default=0)
    """The line of the last row that was gone through."""
    step_done: Mapped[int] = mapped_column(BigKey, default=0)
    """The last step whose reference was filled; while it is undone, the last one undone."""
    found_step: Mapped[int] = mapped_column(BigKey, default=0)
    """The last step whose record the search knows."""
    findings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    error: Mapped[str] = mapped_column(sa.Text, default="")
    turn: Mapped[int] = mapped_column(sa.Integer, default=0)
    """How many jobs there have been: part of the name of the next one's message."""
    language: Mapped[str] = mapped_column(sa.String(2), default="ja")
    started_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    fresh_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    """Who brings readings as news, of which the rules hear; nobody for what is long past."""
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportRow(Model):
    """What is to be said of one row: refused, in conflict or junk with its cells and the reason;
    taken with a remark; or an example of what is new and what changes."""

    __tablename__ = "import_rows"
    __table_args__ = (
        sa.Index("ix_import_rows_run_id_verdict_line", "run_id", "verdict", "line", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("import_runs.id", ondelete="CASCADE"))
    line: Mapped[int] = mapped_column(sa.Integer)
    verdict: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    cells: Mapped[list[str] | None] = mapped_column(Json)
    label: Mapped[str] = mapped_column(sa.String(300), default="")
    changes: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Field → what stands there now and what the file says."""
    address: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    """Of the record that a remark speaks of."""


class ImportStep(Model):
    """The journal: one record that a run made or changed, in the order in which it did.

    `before` holds of a changed one the columns as they stood and what its key said; `version` is
    the record's after the import. `outcome` is "" until the run is undone, then undone or kept
    with the reason `why`.
    """

    __tablename__ = "import_steps"
    __table_args__ = (
        sa.Index("ix_import_steps_run_id", "run_id", "id"),
        sa.Index("ix_import_steps_kind_record_id", "kind", "record_id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("import_runs.id"))
    line: Mapped[int] = mapped_column(sa.Integer)
    kind: Mapped[str] = mapped_column(key_text(30))
    record_id: Mapped[int] = mapped_column(BigKey)
    what: Mapped[str] = mapped_column(sa.String(7))
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    outcome: Mapped[str] = mapped_column(sa.String(6), default="", server_default="")
    why: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
