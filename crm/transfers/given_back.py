"""Rows that a merge moved and that came back as they were are no edited ones: an import that made
or changed them can be taken back as if they had never been away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm.doubles.models import Merge, Move
from crm.doubles.referring import TABLES
from crm.extensions import db
from crm.timeline.models import Event
from crm.transfers.kinds import Kind
from crm.transfers.kinds.undoable import UNDOABLE
from crm.transfers.run_models import ImportRun, ImportStep
from crm.transfers.tables import table_of

TOLD = tuple(f"{kind}.{what}" for kind in TABLES for what in ("merged", "unmerged"))
"""Events by people that leave a record as it was, once the merge is taken back."""
MOVED = ("moved", "named")
NOT_THE_SAME = ("field_gone", "number_taken")
"""Why the lost record is not quite what it was."""
STEPS = table_of(ImportStep)


@dataclass(frozen=True, slots=True)
class _Back:
    """Rows of a table that were given back: their keys, and by how much the merge and its end
    counted up the version of those that were there `before` it, and that its end alone did."""

    keys: Any
    before: Any
    since: Any = None


def follow(event: Event) -> None:
    """A merge was taken back: the journals of imports know its rows by their new versions.

    A row that a person edited before, meanwhile or since has yet another, and stays edited.
    """
    if event.subject_id != event.facts["lost_id"]:
        return
    merge = db.session.get_one(Merge, event.facts["merge_id"])
    for name, kinds in _kinds().items():
        times, keys = _moved(merge, name)
        backs = [] if keys is None else [_Back(keys, 2 * times, times)]
        if name == TABLES[merge.kind]:
            backs += _two(merge, times)
        for back in backs:
            _count_up(merge, kinds, back)


def _kinds() -> dict[str, list[Kind]]:
    """Table with a count of edits → the kinds of rows that imports bring into it."""
    found: dict[str, list[Kind]] = {}
    for kind in UNDOABLE.values():
        if "version" in kind.table.c:
            found.setdefault(kind.table.name, []).append(kind)
    return found


def _moved(merge: Merge, table: str) -> tuple[Any, Any]:
    """How often a row of a table moved, as it may name the lost record in several columns, and
    which ones did, without the survivor; 0 and None where none did."""
    here = Move.merge_id == merge.id, Move.table_name == table, Move.what.in_(MOVED)
    columns = list(db.session.scalars(sa.select(Move.column_name).where(*here).distinct()))
    if not columns:
        return 0, None
    noted = *here, Move.column_name.in_(columns)
    times = sa.select(sa.func.count()).where(*noted, Move.row_id == STEPS.c.record_id)
    keys = sa.select(Move.row_id).where(*noted)
    if table == TABLES[merge.kind]:
        keys = keys.where(Move.row_id != merge.survivor_id)
    return times.correlate(STEPS).scalar_subquery(), keys


def _two(merge: Merge, times: Any) -> Iterator[_Back]:
    """The survivor, written once more with its fields, and the lost record, if it is the same."""
    yield _Back([merge.survivor_id], 2 * (1 + times), 1 + times)
    if not any(one["what"] in NOT_THE_SAME for one in merge.left_over):
        yield _Back([merge.lost_id], 1)


def _count_up(merge: Merge, kinds: Sequence[Kind], back: _Back) -> None:
    """All steps go along with their records: how they stand to each other and to what people
    edited stays as it was."""
    earlier = sa.select(ImportRun.id).where(ImportRun.started_at < merge.at)
    theirs = (
        STEPS.c.kind.in_([one.name for one in kinds]), STEPS.c.record_id.in_(back.keys),
        STEPS.c.outcome == "",
    )  # fmt: skip
    ways = [
        (STEPS.c.run_id.in_(earlier), back.before),
        (STEPS.c.run_id.not_in(earlier), back.since),
    ]
    for which, number in ways:
        if number is not None:
            counted = {"version": STEPS.c.version + number}
            db.session.execute(sa.update(STEPS).where(*theirs, which).values(counted))
