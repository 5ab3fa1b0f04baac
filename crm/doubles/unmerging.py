"""Take a merge back: the same rows again, with everything that was edited meanwhile.

What was moved goes back where it still is what it was; what was written since then stays where it
belongs: on the survivor, or with the record that goes back when it is about something of hers.
What cannot be given back is listed in `left_over` and never dropped silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.attributes.values import keep
from crm.clock import now
from crm.doubles import custom, following, found_again, meters
from crm.doubles.customers import sort_key
from crm.doubles.kinds import MODELS, account_of, label
from crm.doubles.models import Merge, Move
from crm.doubles.queries import survivor_of
from crm.doubles.queue import unsettle
from crm.doubles.referring import TABLES, Reference, dumped, loaded, pointing, references
from crm.doubles.ways import WAYS
from crm.errors import Conflict
from crm.extensions import db
from crm.timeline.actions import record
from crm.timeline.removals import COLLECTIONS, there_again

KEPT = timedelta(days=30)
Row = dict[str, Any]


def check(merge: Merge) -> None:
    """Raises Conflict, in words, when a merge cannot be taken back (any more)."""
    if merge.undone_at is not None:
        raise Conflict(_("This merge was taken back already."))
    if merge.at + KEPT < now():
        raise Conflict(_("A merge can be taken back within 30 days. This one is older."))
    taken = sa.select(Merge.survivor_id).where(
        Merge.kind == merge.kind, Merge.lost_id == merge.survivor_id, Merge.undone_at.is_(None)
    )
    if db.session.scalar(taken) is not None:
        raise Conflict(_("The survivor was itself merged into another. Take that back first."))


def unmerge(merge: Merge, by_id: int | None) -> list[Row]:
    """Give both records back; returns what could not be. Raises Conflict; does not commit."""
    check(merge)
    db.session.flush()
    db.session.expire_all()
    found_again.give_name_back(merge)
    left = list(_restore_survivor(merge))
    left += _restore_lost(merge)
    left += _move_back(merge)
    left += _take_away(merge)
    left += _put_back(merge)
    left += meters.part(merge)
    left += custom.move_back(merge)
    left += following.follow(merge)
    merge.undone_at, merge.undone_by_id, merge.left_over = now(), by_id, left
    db.session.flush()
    db.session.expire_all()
    WAYS[merge.kind].back(merge)
    unsettle(merge)
    found_again.after_unmerge(merge)
    _tell(merge, by_id, left)
    return left


def _table(merge: Merge) -> sa.Table:
    return cast(sa.Table, MODELS[merge.kind].__table__)


def _restore_survivor(merge: Merge) -> Iterator[Row]:
    """The survivor's fields as they were, but for what somebody changed since."""
    found: Any = db.session.get(MODELS[merge.kind], merge.survivor_id, with_for_update=True)
    if found is None:
        yield {"what": "survivor_gone"}
        return
    table = _table(merge)
    is_now = dumped(table, {column.name: getattr(found, column.name) for column in table.columns})
    before = loaded(table, {name: pair[0] for name, pair in merge.parts.items()})
    for name, (was, became) in merge.parts.items():
        if name == "attributes":
            found.attributes, edited = custom.back(was, became, is_now[name])
            yield from ({"what": "field_edited", "field": one} for one in edited)
        elif is_now[name] == became:
            setattr(found, name, before[name])
        elif name not in WAYS[merge.kind].follows:
            yield {"what": "field_edited", "field": name, "value": is_now[name]}
    if "kana_key" in WAYS[merge.kind].follows:
        found.kana_key = sort_key(found)
    found.updated_at = now()
    keep(found)


def _restore_lost(merge: Merge) -> list[Row]:
    """The lost record as it was. What it named and is gone, or is taken, stays empty.

    Raises Conflict when another record has by now what only one can have.
    """
    table = _table(merge)
    row = merge.row | _led_on(table, merge.row)
    WAYS[merge.kind].free(row)
    left: list[Row] = []
    for column in table.columns:
        for key in column.foreign_keys:
            there = sa.select(key.column).where(key.column == row[column.name])
            if row[column.name] is None or not column.nullable:
                continue
            if db.session.scalar(there) is None:
                left.append({"what": "field_gone", "field": column.name, "value": row[column.name]})
                row[column.name] = None
        if column.unique and column.nullable and _taken(column, row[column.name]):
            left.append({"what": "number_taken", "field": column.name, "value": row[column.name]})
            row[column.name] = None
    again = {"version": row["version"] + 1, "updated_at": now()}
    db.session.execute(sa.insert(table).values(loaded(table, row) | again))
    there_again(table.name, merge.lost_id)
    keep(db.session.get_one(MODELS[merge.kind], merge.lost_id))
    return left


def _led_on(table: sa.Table, row: Row) -> Row:
    """What a record cannot be without, such as its account: it may have been merged since."""
    kinds = {name: kind for kind, name in TABLES.items()}
    found: Row = {}
    for column in table.columns:
        for key in column.foreign_keys:
            kind = kinds.get(key.column.table.name)
            into = survivor_of(kind, row[column.name]) if kind and not column.nullable else None
            if into is not None:
                found[column.name] = into
    return found


def _taken(column: sa.Column[Any], value: Any) -> bool:
    """Has another record by now what only one can have?"""
    if value is None:
        return False
    return db.session.scalar(sa.select(column).where(column == value).limit(1)) is not None


def _move_back(merge: Merge) -> list[Row]:
    """Rows that moved and are still where they were moved to."""
    left: list[Row] = []
    for reference in references(merge.kind):
        noted = _noted(merge, reference, "moved")
        whole = db.session.scalar(sa.select(sa.func.count()).select_from(Move).where(*noted)) or 0
        if not whole:
            continue
        table, column, key = reference.table, reference.column, reference.key
        if key is not None:
            ours = key.in_(sa.select(Move.row_id).where(*noted))
            back = _give(merge, reference, ours)
        else:
            rows = db.session.scalars(sa.select(Move.row).where(*noted)).all()
            back = sum(_give(merge, reference, _by_key(table, column, row)) for row in rows)
        if back < whole:
            left.append({"what": "elsewhere", "table": table.name, "number": whole - back})
    return left


def _noted(merge: Merge, reference: Reference, what: str) -> list[sa.ColumnElement[bool]]:
    return [
        Move.merge_id == merge.id, Move.table_name == reference.table.name,
        Move.column_name == reference.column.name, Move.what == what,
    ]  # fmt: skip


def _by_key(table: sa.Table, column: sa.Column[Any], row: Row | None) -> sa.ColumnElement[bool]:
    """A row of a table whose key is several columns, the moved one aside."""
    values = loaded(table, row or {})
    return sa.and_(
        sa.true(),
        *(key == values[key.name] for key in table.primary_key.columns if key is not column),
    )


def _give(merge: Merge, reference: Reference, which: sa.ColumnElement[bool]) -> int:
    here = reference.naming(merge.survivor_id)
    done = db.session.execute(
        sa.update(reference.table)
        .where(which, *here)
        .values(pointing(reference.table, reference.column.name, merge.lost_id))
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def _take_away(merge: Merge) -> Iterator[Row]:
    """Rows that the merge itself wrote go, unless somebody edited them since."""
    notes = sa.select(Move).where(Move.merge_id == merge.id, Move.what == "added")
    for note in db.session.scalars(notes.order_by(Move.id)).all():
        table = db.metadata.tables[note.table_name]
        here = [table.c.id == note.row_id]
        if "version" in table.c:
            here.append(table.c.version == 1)
        done = db.session.execute(sa.delete(table).where(*here))
        if not done.rowcount:  # type: ignore[attr-defined]  # a DELETE has one
            yield {"what": "not_put_back", "table": note.table_name, "number": 1}


def _put_back(merge: Merge) -> list[Row]:
    """Rows that were removed or changed because the survivor had their like."""
    left: list[Row] = []
    notes = db.session.scalars(
        sa.select(Move)
        .where(Move.merge_id == merge.id, Move.what.in_(("removed", "changed")))
        .order_by(Move.id)
    )
    for note in notes.all():
        table = db.metadata.tables[note.table_name]
        done = _insert(table, note) if note.what == "removed" else _change(table, note)
        if not done:
            left.append({"what": "not_put_back", "table": note.table_name, "number": 1})
    return left


def _insert(table: sa.Table, note: Move) -> bool:
    row = loaded(table, note.row or {})
    keys = [key == row[key.name] for key in table.primary_key.columns]
    if db.session.scalar(sa.select(sa.literal(1)).select_from(table).where(*keys)) is not None:
        if len(keys) > 1:
            return False
        del row["id"]  # SQLite has given the key to a newer row
    for column in table.columns:
        for key in column.foreign_keys:
            there = sa.select(key.column).where(key.column == row.get(column.name))
            if row.get(column.name) is not None and db.session.scalar(there) is None:
                return False
    db.session.execute(sa.insert(table).values(row))
    if table.name in COLLECTIONS:
        there_again(table.name, row.get("id", 0))
    return True


def _change(table: sa.Table, note: Move) -> bool:
    """Give a row its former values, if nobody changed them since."""
    before, after = loaded(table, note.row or {}), loaded(table, note.after or {})
    asked = sa.select(*(table.c[name] for name in after)).where(table.c.id == note.row_id)
    stands = db.session.execute(asked).mappings().one_or_none()
    if stands is None or dict(stands) != after:
        return False
    if "version" in table.c:
        before["version"] = table.c.version + 1
    db.session.execute(
        sa.update(table)
        .where(table.c.id == note.row_id)
        .values(before)
        .execution_options(synchronize_session=False)
    )
    return True


def _tell(merge: Merge, by_id: int | None, left: list[Row]) -> None:
    """A line in the history of each of the two."""
    facts: Row = {"lost_id": merge.lost_id, "lost_name": merge.lost_name, "merge_id": merge.id,
             "left_over": len(left)}  # fmt: skip
    if merge.kind == "account":
        facts["fields"] = ["owner_id"]
    for key in (merge.survivor_id, merge.lost_id):
        found: Any = db.session.get(MODELS[merge.kind], key)
        if found is None:
            continue
        named = facts | {"name": label(found)}
        account_id = account_of(found) or None
        record(f"{merge.kind}.unmerged", found, by_id, account_id=account_id, **named)
