"""What an import did, or would do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa

from crm.extensions import db
from crm.transfers.refusals import Refused
from crm.transfers.run_models import ImportRow, ImportRun


@dataclass(slots=True)
class Outcome:
    """new + changed + same + refused = rows of the file under its header.

    `refused` holds those in conflict too, which `conflict` counts.
    """

    run_id: int
    kind: str
    file: str
    mapping: str
    encoding: str
    header: list[str]
    rows: int
    new: int = 0
    changed: int = 0
    same: int = 0
    conflict: int = 0
    refused: list[Refused] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    """Rows that were taken, but not quite as they stand: line and what was done."""
    blanks: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Column and what was put where it was blank, with the number of rows."""
    likenesses: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What stood there and what it was taken for, with the number of rows."""
    along: Counter[str] = field(default_factory=Counter)
    """Records of other kinds that came along."""
    titles: list[int] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    """Of a workbook the sheets that were not read."""
    blank_lines: int = 0
    left: list[str] = field(default_factory=list)
    """Columns in which something stands and of which nothing is read."""
    hidden: list[int] = field(default_factory=list)
    """Rows that the workbook hides, the first of them; they were read like the others."""
    hidden_count: int = 0
    beside: list[tuple[int, str]] = field(default_factory=list)
    """Line and text of what stands to the right of the table, the first of it."""
    beside_count: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    """Column → field where nobody named a mapping and none was known."""
    seconds: float = 0.0


def outcome_of(run_id: int) -> Outcome:
    """What became of a run, with every row that was not taken."""
    run = db.session.get_one(ImportRun, run_id, populate_existing=True)
    found = run.findings
    outcome = Outcome(
        run.id, run.kind, run.file_name, mapping_name(run), run.encoding or "utf-8", run.header,
        run.rows, run.new_count, run.changed_count, run.same_count, run.conflict_count,
        blanks=_counter(found.get("blanks", ())), likenesses=_counter(found.get("likenesses", ())),
        along=Counter(found.get("along", {})), titles=list(found.get("titles", ())),
        sheets=list(found.get("sheets", ())),
        blank_lines=found.get("blank_lines", 0), left=list(found.get("left", ())),
        hidden=list(found.get("hidden", ())), hidden_count=found.get("hidden_count", 0),
        beside=[(line, text) for line, text in found.get("beside", ())],
        beside_count=found.get("beside_count", 0),
        fields=_fields(run),
    )  # fmt: skip
    for row in db.session.scalars(
        sa.select(ImportRow)
        .where(ImportRow.run_id == run.id)
        .order_by(ImportRow.line, ImportRow.id)
    ):
        if row.cells is not None:
            outcome.refused.append(Refused(row.line, row.reason, tuple(row.cells)))
        elif row.reason:
            outcome.remarks.append((row.line, row.reason))
    return outcome


def _fields(run: ImportRun) -> dict[str, str]:
    said = run.mapping.get("fields", {}).items()
    return {one["column"]: name for name, one in said if isinstance(one, dict) and "column" in one}


def mapping_name(run: ImportRun) -> str:
    """How the mapping of a run is called."""
    return str(run.mapping.get("name") or run.mapping.get("called") or "")


def _counter(rows: list[tuple[str, str, int]]) -> Counter[tuple[str, str]]:
    return Counter({(one, other): number for one, other, number in rows})
