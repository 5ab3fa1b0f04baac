"""What was written after a merge and belongs to the record that goes back.

A ticket that was opened on the survivor about a unit of the lost account goes back with that unit;
one about nothing in particular stays with the survivor. What is about both stays and is listed.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm.doubles.models import Merge
from crm.doubles.referring import pointing
from crm.extensions import db
from crm.timeline.actions import SUBJECT_TYPES
from crm.timeline.models import Event

Row = dict[str, Any]
OWNED = "account_id"


def follow(merge: Merge) -> list[Row]:
    """Let new rows of the survivor follow what they are about; returns what is about both."""
    if merge.kind != "account":
        return []
    left: list[Row] = []
    for table in db.metadata.sorted_tables:
        if table.name not in merge.marks or table.name == "accounts" or OWNED not in table.c:
            continue
        about = _about(table)
        if not about:
            continue
        new = [table.c[OWNED] == merge.survivor_id, table.c.id > merge.marks[table.name]]
        theirs = sa.or_(*(_of(one, key, merge.lost_id) for one, key in about))
        ours = sa.or_(*(_of(one, key, merge.survivor_id) for one, key in about))
        db.session.execute(
            sa.update(table)
            .where(*new, theirs, ~ours)
            .values(pointing(table, OWNED, merge.lost_id))
            .execution_options(synchronize_session=False)
        )
        both = db.session.scalar(
            sa.select(sa.func.count()).select_from(table).where(*new, theirs, ours)
        )
        if both:
            left.append({"what": "about_both", "table": table.name, "number": both})
    _follow_events(merge)
    return left


def _about(table: sa.Table) -> list[tuple[sa.Column[Any], sa.Column[Any]]]:
    """Columns that name records which themselves belong to an account, with the key they name."""
    return [
        (column, key.column)
        for column in table.columns
        for key in column.foreign_keys
        if OWNED in key.column.table.c and key.column.table is not table
        and key.column.table.name not in ("accounts", "events")
    ]  # fmt: skip


def _of(column: sa.Column[Any], key: sa.Column[Any], account_id: int) -> sa.ColumnElement[bool]:
    target = key.table.alias()
    here = target.c[key.name] == column, target.c[OWNED] == account_id
    return sa.exists().where(*here).correlate(column.table)


def _follow_events(merge: Merge) -> None:
    """Lines of the history since the merge, about records that went back."""
    new = Event.account_id == merge.survivor_id, Event.id > merge.marks.get("events", 0)
    for name, subject in SUBJECT_TYPES.items():
        table = db.metadata.tables[name]
        if OWNED not in table.c:
            continue
        gone = sa.select(table.c.id).where(table.c[OWNED] == merge.lost_id)
        db.session.execute(
            sa.update(Event)
            .where(*new, Event.subject_type == subject, Event.subject_id.in_(gone))
            .values(account_id=merge.lost_id)
            .execution_options(synchronize_session=False)
        )
