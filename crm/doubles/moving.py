"""The rows that a merge takes from one record to another, each noted so that it can go back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, cast

import sqlalchemy as sa

from crm.alerts.models import FACT_CHANGED, WAITING, Alert
from crm.clock import now
from crm.doubles import custom
from crm.doubles.models import Merge, Move
from crm.doubles.referring import Reference, dumped, pointing, references, uniques
from crm.extensions import db

Journal = cast(sa.Table, Move.__table__)
Alerts = cast(sa.Table, Alert.__table__)


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
    """Take rows away, and note what they were."""
    table = reference.table
    rows = db.session.execute(sa.select(table).where(*where)).mappings().all()
    if not rows:
        return 0
    db.session.execute(
        sa.insert(Journal), [_note(merge, reference, "removed", dumped(table, one)) for one in rows]
    )
    keys = list(table.primary_key.columns)
    gone = [tuple(one[key.name] for key in keys) for one in rows]
    db.session.execute(sa.delete(table).where(sa.tuple_(*keys).in_(gone)))
    return len(rows)


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


def clashing_alerts(survivor_id: int, lost_id: int) -> list[Alert]:
    """Undecided alerts of the lost account about what the survivor has an undecided one about."""
    theirs = _waiting(lost_id)
    ours = {(one.rule, one.subject) for one in _waiting(survivor_id)}
    return [
        one for one in theirs
        if (one.rule, _about(one.subject, lost_id, survivor_id)) in ours
    ]  # fmt: skip


def _waiting(account_id: int) -> list[Alert]:
    """Undecided alerts about an account itself (a unit's stay with the unit)."""
    about = Alert.subject.like(f"%account:{account_id}")
    return list(db.session.scalars(
        sa.select(Alert)
        .where(Alert.account_id == account_id, Alert.state.in_(WAITING), about)
        .order_by(Alert.id)
    ))  # fmt: skip


def _about(subject: str, lost_id: int, survivor_id: int) -> str:
    ending = f"account:{lost_id}"
    return subject.removesuffix(ending) + f"account:{survivor_id}"


def move_alerts(merge: Merge) -> int:
    """Alerts about the lost account are about the survivor; a second one on a subject expires.

    Returns how many expired.
    """
    clashing = {one.id for one in clashing_alerts(merge.survivor_id, merge.lost_id)}
    about = Alert.subject.like(f"%account:{merge.lost_id}")
    mine = sa.select(Alert).where(Alert.account_id == merge.lost_id, about)
    for alert in db.session.scalars(mine.order_by(Alert.id)).all():
        columns = ("subject", "dedupe", "state", "dismissal", "decided_at", "snoozed_until")
        before = dumped(Alerts, {c.name: getattr(alert, c.name) for c in Alerts.columns})
        new = _about(alert.subject, merge.lost_id, merge.survivor_id)
        dedupe = alert.dedupe.replace(alert.subject, new)
        alert.subject = new
        if alert.id in clashing:
            alert.state, alert.snoozed_until, alert.decided_at = "expired", None, now()
            alert.dismissal, dedupe = FACT_CHANGED, f"{dedupe}|merge:{merge.id}"
        taken = sa.select(Alert.id).where(Alert.dedupe == dedupe)
        if db.session.scalar(taken) is not None:
            dedupe = f"{dedupe}|merge:{merge.id}"
        alert.dedupe = dedupe
        after = dumped(Alerts, {c.name: getattr(alert, c.name) for c in Alerts.columns})
        _note_change(merge, alert.id, before, after, columns)
    db.session.flush()
    return len(clashing)


def _note_change(
    merge: Merge, row_id: int, before: dict[str, Any], after: dict[str, Any],
    columns: tuple[str, ...],
) -> None:  # fmt: skip
    db.session.add(
        Move(
            merge_id=merge.id, table_name="alerts", column_name="subject", what="changed",
            row_id=row_id, row={name: before[name] for name in columns},
            after={name: after[name] for name in columns},
        )
    )  # fmt: skip
