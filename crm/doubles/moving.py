"""The rows that a merge takes from one record to another, each noted so that it can go back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, cast

import sqlalchemy as sa

from crm.doubles import custom
from crm.doubles.models import Merge, Move
from crm.doubles.referring import Reference, dumped, pointing, references, uniques
from crm.extensions import db
from crm.timeline.removals import COLLECTIONS, removed_many

Journal = cast(sa.Table, Move.__table__)


def counts(kind: str, record_id: int) -> dict[str, int]:
    """`table.column` → how many rows name a record, in one statement."""
    asked = [
        sa.select(sa.literal(one.name), sa.func.count())
        .select_from(one.table)
        .where(*one.naming(record_id))
        for one in references(kind)
    ]
    rows = db.session.execute(sa.union_all(*asked, *custom.counting(kind, record_id)))
    return {name: number for name, number in rows if number}


def move_all(merge: Merge) -> Counter[str]:
    """Let everything that names the lost record name the survivor; returns what was moved."""
    moved: Counter[str] = Counter()
    for one in references(merge.kind):
        moved[f"{one.name} removed"] += _remove_twins(merge, one)
        moved[one.name] += _move(merge, one)
    return +moved


def _remove_twins(merge: Merge, reference: Reference) -> int:
    """Rows that the survivor has as well, where only one may be: the lost record's go."""
    table, column = reference.table, reference.column
    removed = 0
    for others in uniques(reference):
        twin = table.alias()
        same = [twin.c[other.name] == table.c[other.name] for other in others]
        there = sa.exists().where(twin.c[column.name] == merge.survivor_id, *same)
        removed += remove(merge, reference, [*reference.naming(merge.lost_id), there])
    return removed


def remove(
    merge: Merge, reference: Reference, where: Iterable[sa.ColumnElement[bool]]
) -> int:  # fmt: skip
    """Take rows away, and note what they were; programs that keep a copy are told."""
    table = reference.table
    rows = db.session.execute(sa.select(table).where(*where)).mappings().all()
    if not rows:
        return 0
    note_removed(merge, reference, rows)
    keys = list(table.primary_key.columns)
    gone = [tuple(one[key.name] for key in keys) for one in rows]
    db.session.execute(sa.delete(table).where(sa.tuple_(*keys).in_(gone)))
    if table.name in COLLECTIONS:
        removed_many(table.name, [one["id"] for one in rows])
    return len(rows)


def remove_like(merge: Merge, reference: Reference, names: Iterable[str]) -> int:
    """Take away rows of the lost record that say in these columns what one of the survivor's does;
    what is empty on both sides is the same."""
    table, twin = reference.table, reference.table.alias()
    same = [twin.c[name].is_not_distinct_from(table.c[name]) for name in names]
    there = sa.exists().where(twin.c[reference.column.name] == merge.survivor_id, *same)
    return remove(merge, reference, [*reference.naming(merge.lost_id), there])


def note_removed(merge: Merge, reference: Reference, rows: Iterable[Any]) -> None:
    """Note rows that are about to go, whole."""
    table = reference.table
    notes = [_note(merge, reference, "removed", dumped(table, one)) for one in rows]
    db.session.execute(sa.insert(Journal), notes)


def note_change(merge: Merge, row: Any, before: dict[str, Any], column: str = "") -> None:
    """Note that a record's columns were other ones `before`; what they are now is read of it."""
    table, names = cast(sa.Table, row.__table__), list(before)
    sides = [dumped(table, {c.name: None for c in table.columns} | one)
             for one in (before, {name: getattr(row, name) for name in names})]  # fmt: skip
    said, became = ({name: side[name] for name in names} for side in sides)
    if said != became:
        db.session.add(
            Move(
                merge_id=merge.id, table_name=table.name, column_name=column or names[0],
                what="changed", row_id=row.id, row=said, after=became,
            )
        )  # fmt: skip


def note_added(merge: Merge, row: Any) -> None:
    """Note a row that goes again when the merge is taken back."""
    db.session.flush()
    db.session.add(
        Move(
            merge_id=merge.id, table_name=row.__tablename__, column_name="unit_id", what="added",
            row_id=row.id,
        )
    )  # fmt: skip


def _note(merge: Merge, reference: Reference, what: str, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "merge_id": merge.id, "table_name": reference.table.name,
        "column_name": reference.column.name, "what": what, "row": row,
        "row_id": row.get("id"),
    }  # fmt: skip


def _move(merge: Merge, reference: Reference) -> int:
    table, column, key = reference.table, reference.column, reference.key
    where = reference.naming(merge.lost_id)
    if key is not None:
        said: list[Any] = [
            sa.literal(merge.id), sa.literal(table.name), sa.literal(column.name),
            sa.literal("moved"), key,
        ]  # fmt: skip
        names = ["merge_id", "table_name", "column_name", "what", "row_id"]
        db.session.execute(
            sa.insert(Journal).from_select(names, sa.select(*said).where(*where))
        )  # fmt: skip
    else:
        rows = db.session.execute(sa.select(table).where(*where)).mappings().all()
        notes = [_note(merge, reference, "moved", dumped(table, one)) for one in rows]
        if notes:
            db.session.execute(sa.insert(Journal), notes)
    done = db.session.execute(
        sa.update(table).where(*where).values(pointing(table, column.name, merge.survivor_id))
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def counted_once(found: Any, version: int) -> None:
    """However many statements wrote a record, it was edited once: who holds a copy counts so."""
    db.session.flush()
    if found.version > version + 1:
        table = cast(sa.Table, found.__table__)
        db.session.execute(
            sa.update(table).where(table.c.id == found.id).values(version=version + 1)
        )
        db.session.refresh(found)
