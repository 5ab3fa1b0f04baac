"""Make one record of two: what would move, what is chosen, and the merge in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.keys import spend
from crm.attributes.values import keep
from crm.clock import now
from crm.doubles import custom, found_again, moving
from crm.doubles.kinds import (
    CHOSEN,
    JOINED,
    MODELS,
    SIDES,
    Fields,
    Record,
    account_of,
    kind_of,
    label,
)
from crm.doubles.models import Merge
from crm.doubles.queue import settle
from crm.doubles.referring import dumped, marks
from crm.doubles.ways import WAYS
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.timeline.actions import record
from crm.timeline.removals import removed_many


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge would do: rows that move by `table.column`, and what collides by its reason."""

    counts: dict[str, int]
    clashes: dict[str, int]


def plan(survivor: Record, lost: Record) -> Plan:
    """Look before anything happens. Raises Conflict or Invalid when the two cannot be one."""
    kind = check(survivor, lost)
    return Plan(moving.counts(kind, lost.id), dict(WAYS[kind].clashes(survivor, lost)))


def check(survivor: Record, lost: Record) -> str:
    """Two different records of one kind that can be one; returns the kind."""
    kind = kind_of(survivor)
    if kind != kind_of(lost) or survivor.id == lost.id:
        raise Invalid({"lost_id": [_("Name another record than this one.")]})
    WAYS[kind].check(survivor, lost)
    return kind


def proposed(survivor: Record, lost: Record) -> dict[str, str]:
    """Which side each field is taken from unless somebody says otherwise: what is filled in."""
    return {
        name: "lost"
        if _empty(getattr(survivor, name)) and not _empty(getattr(lost, name))
        else "survivor"
        for name in CHOSEN[kind_of(survivor)]
    } | custom.proposed(survivor, lost)


def _empty(value: Any) -> bool:
    return value is None or value == ""


def merge(kind: str, survivor_id: int, lost_id: int, choices: Fields, by_id: int | None) -> Merge:
    """Take the lost record into the survivor. Raises Conflict and Invalid; does not commit.

    `choices` says field → survivor, lost or both; what it leaves out is taken as `proposed`.
    """
    survivor, lost = _locked(kind, survivor_id, lost_id)
    check(survivor, lost)
    chosen = proposed(survivor, lost) | WAYS[kind].choices(survivor, lost, choices)
    values = _values(survivor, lost, chosen)
    made = _journal(kind, survivor, lost, by_id)
    made.counts = WAYS[kind].before(made, survivor, lost, chosen)
    moved = {**made.counts, **moving.move_all(made), **custom.move(made)}
    made.counts = {name: n for name, n in moved.items() if n}
    made.parts = _write(made, values)
    settle(made, account_of(_survivor(made)))
    found_again.after_merge(made)
    _tell(made, by_id, [name for name, side in chosen.items() if side != "survivor"])
    return made


def _locked(kind: str, survivor_id: int, lost_id: int) -> tuple[Record, Record]:
    model = MODELS[kind]
    both = {
        one.id: one
        for one in db.session.scalars(
            sa.select(model)
            .where(model.id.in_((survivor_id, lost_id)))
            .order_by(model.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    if len(both) < len({survivor_id, lost_id}):
        raise Conflict(_("One of the two is not there any more."))
    return both[survivor_id], both[lost_id]


def _survivor(made: Merge) -> Record:
    return cast(Record, db.session.get_one(MODELS[made.kind], made.survivor_id))


def _values(survivor: Record, lost: Record, chosen: Fields) -> Fields:
    """Column → value of the survivor after the merge, for what changes."""
    kind = kind_of(survivor)
    values: Fields = {}
    for name, derived in CHOSEN[kind].items():
        side = chosen[name]
        if side not in SIDES or (side == "both" and name not in JOINED):
            raise Invalid({name: [_("Say survivor or lost.")]})
        if side == "lost":
            values |= {column: getattr(lost, column) for column in (name, *derived)}
        elif side == "both":
            values[name] = "\n".join(filter(None, (getattr(survivor, name), getattr(lost, name))))
    values["attributes"] = custom.chosen(survivor, lost, chosen)
    return WAYS[kind].values(survivor, lost, values)


def _journal(kind: str, survivor: Record, lost: Record, by_id: int | None) -> Merge:
    table = cast(sa.Table, MODELS[kind].__table__)
    row = dumped(table, {column.name: getattr(lost, column.name) for column in table.columns})
    made = Merge(
        kind=kind, survivor_id=survivor.id, lost_id=lost.id, lost_name=label(lost), at=now(),
        by_id=by_id, row=row, parts={}, marks=marks(kind), counts={}, left_over=[],
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _write(made: Merge, values: Fields) -> Fields:
    """Remove the lost record, then write what is chosen; returns column → [before, after]."""
    model, way = MODELS[made.kind], WAYS[made.kind]
    table = cast(sa.Table, model.__table__)
    db.session.flush()
    db.session.expire_all()
    spend(table, made.lost_id)
    removed_many(table.name, [made.lost_id])
    db.session.execute(sa.delete(table).where(table.c.id == made.lost_id))
    survivor = db.session.get_one(model, made.survivor_id, populate_existing=True)
    columns, version = {*values, *way.follows}, survivor.version
    before = {name: getattr(survivor, name) for name in columns}
    with db.session.no_autoflush:
        for name, value in values.items():
            setattr(survivor, name, value)
        way.after(made, survivor)
    survivor.updated_at = now()
    keep(survivor)
    moving.counted_once(survivor, version)
    after = {name: getattr(survivor, name) for name in columns}
    said = dumped(table, {c.name: None for c in table.columns} | before)
    became = dumped(table, {c.name: None for c in table.columns} | after)
    return {n: [said[n], became[n]] for n in sorted(columns) if said[n] != became[n]}


def _tell(made: Merge, by_id: int | None, taken: list[str]) -> None:
    """The history; whoever looks after the alerts of an account hears of it (`owner_id`)."""
    survivor = _survivor(made)
    facts: Fields = {
        "name": label(survivor), "lost_id": made.lost_id, "lost_name": made.lost_name,
        "merge_id": made.id, "taken": taken, "counts": made.counts,
    }  # fmt: skip
    if made.kind == "account":
        facts["fields"] = ["owner_id"]
    accounts = {account_of(survivor): None, made.row.get("account_id"): None}
    for account_id in accounts if made.kind == "unit" else list(accounts)[:1]:
        record(f"{made.kind}.merged", survivor, by_id, account_id=account_id or None, **facts)
