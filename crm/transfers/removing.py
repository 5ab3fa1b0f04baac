"""Remove records that an import has made, with all that came with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm.doubles.keeping import forget
from crm.doubles.models import KINDS
from crm.extensions import db
from crm.installed_base.warranties import settle_file
from crm.readings.models import Reading
from crm.search.actions import forget_many
from crm.search.sources import sources
from crm.timeline.models import Event
from crm.timeline.removals import COLLECTIONS, removed_many
from crm.transfers.kinds import Kind
from crm.transfers.models import ImportKey
from crm.transfers.tables import table_of


def remove_new(kind: Kind, ids: Sequence[int]) -> None:
    """Remove records that nobody has touched, as if the file had never come."""
    if not ids:
        return
    if kind.record in sources():
        forget_many(kind.record, ids)
    units = _units_under_warranty(kind, ids)
    for name in sorted(kind.parts):
        table = db.metadata.tables[name]
        _delete(table, _owner(table, kind).in_(ids))
    if kind.record in KINDS:
        forget(kind.record, ids)
    own = sa.and_(Event.subject_type == kind.record, Event.subject_id.in_(ids))
    db.session.execute(sa.delete(Event).where(own, Event.by_id.is_(None)))
    if kind.record == "account":
        left = sa.update(Event).where(Event.account_id.in_(ids))
        db.session.execute(left.values(account_id=None))
    keys = sa.and_(ImportKey.kind == kind.record, ImportKey.record_id.in_(ids))
    db.session.execute(sa.delete(ImportKey).where(keys))
    _delete(kind.table, kind.table.c.id.in_(ids))
    db.session.expire_all()
    settle_file(units)


def _delete(table: sa.Table, which: sa.ColumnElement[bool]) -> None:
    """Remove rows; programs that keep a copy of them are told."""
    if table.name in COLLECTIONS:
        removed_many(table.name, db.session.scalars(sa.select(table.c.id).where(which)).all())
    db.session.execute(sa.delete(table).where(which))


def _units_under_warranty(kind: Kind, ids: Sequence[int]) -> list[int]:
    """The units of warranties: each keeps the last day of those that are left."""
    if kind.table.name != "warranties":
        return []
    units = sa.select(kind.table.c.unit_id).where(kind.table.c.id.in_(ids))
    return list(db.session.scalars(units.distinct()))


def corrected(ids: Sequence[int]) -> set[int]:
    """Readings that others rest on: a correction, or what a counter ran after its reset."""
    one, other = table_of(Reading), table_of(Reading).alias("other")
    same = sa.and_(other.c.meter_id == one.c.meter_id, other.c.id.not_in(ids))
    rests = sa.or_(
        sa.and_(other.c.at == one.c.at, other.c.revision > one.c.revision),
        sa.and_(one.c.reset.is_(True), other.c.at > one.c.at),
    )
    found = sa.select(one.c.id).where(one.c.id.in_(ids), sa.exists().where(same, rests))
    return set(db.session.scalars(found))


def _owner(table: sa.Table, kind: Kind) -> sa.Column[Any]:
    """The column of a part that says to which record it belongs."""
    return next(
        column
        for column in table.columns
        if not column.nullable
        and any(key.column.table is kind.table for key in column.foreign_keys)
    )
