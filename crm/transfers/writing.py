"""Write many records at once: rows, keys, history and search, in a few statements for thousands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from crm.extensions import db
from crm.search.actions import index_many
from crm.timeline.models import Event
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind
from crm.transfers.models import ImportKey
from crm.transfers.tables import table_of

CHUNK = 2000
_KEYS = table_of(ImportKey)


def write_new(kind: Kind, items: Sequence[Item], finder: Finder) -> None:
    """Insert records with all that belongs to them. Does not commit."""
    for item, record_id in zip(items, _reserve(kind.table, len(items)), strict=True):
        item.id = record_id
        enter(kind, item, finder)
    usual = _usual(kind.table, finder)
    _insert(kind.table, [usual | _said(item.columns) | {"id": item.id} for item in items])
    remember(kind, items, finder)
    for table, rows in kind.beside(list(items), finder, finder.at).items():
        _insert(table, rows)
    _tell(kind, items, finder)
    if kind.card is not None:
        index_many((kind.card(item, finder) for item in items), fresh=True)


def write_changed(kind: Kind, items: Sequence[Item], finder: Finder) -> None:
    """Bring records up to date where the file says something else than before."""
    groups: dict[tuple[str, ...], list[Item]] = defaultdict(list)
    for item in items:
        groups[item.changed].append(item)
        enter(kind, item, finder)
    usual = _usual(kind.table, finder)
    for changed, some in groups.items():
        if changed:
            _update(kind.table, changed, some, usual, finder)
    remember(kind, items, finder)
    touched = [item for item in items if item.changed]
    for table, rows in kind.beside_changed(touched, finder, finder.at).items():
        _insert(table, rows)
    _tell(kind, touched, finder)
    if kind.card is not None:
        index_many(kind.card(item, finder) for item in touched)


def remember(kind: Kind, items: Iterable[Item], finder: Finder) -> None:
    """Write down which row became which record, and what it said."""
    rows = [
        {"source": finder.source, "kind": kind.record, "key": item.key, "record_id": item.id,
         "digest": item.digest, "said": item.said, "imported_at": finder.at}
        for item in items
    ]  # fmt: skip
    for some in _chunks(rows):
        known = sa.and_(
            _KEYS.c.source == finder.source,
            _KEYS.c.kind == kind.record,
            _KEYS.c.key.in_([row["key"] for row in some]),
        )
        db.session.execute(sa.delete(_KEYS).where(known))
    _insert(_KEYS, rows)


def enter(kind: Kind, item: Item, finder: Finder) -> None:
    """Let later rows find this record."""
    finder.add(kind.record, item.key, item.id, item.digest, item.columns)


def fill_later(kind: Kind, links: Sequence[tuple[int, int]]) -> None:
    """Set the reference that a kind has to itself: record, the one it refers to."""
    if links:
        column = kind.table.c[f"{kind.later}_id"]
        statement = (
            sa.update(kind.table)
            .where(kind.table.c.id == sa.bindparam("own_id"))
            .values({column: sa.bindparam("other_id")})
        )
        rows = [{"own_id": own, "other_id": other} for own, other in links]
        db.session.connection().execute(statement, rows)


def _update(
    table: sa.Table, changed: tuple[str, ...], items: list[Item], usual: Fields, finder: Finder
) -> None:
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("own_id"))
        .values(
            {name: sa.bindparam(f"new_{name}") for name in changed}
            | {"updated_at": finder.at, "version": table.c.version + 1}
        )
    )
    rows = [
        {"own_id": item.id}
        | {f"new_{name}": _or(item.columns[name], usual[name]) for name in changed}
        for item in items
    ]
    db.session.connection().execute(statement, rows)


def _tell(kind: Kind, items: Iterable[Item], finder: Finder) -> None:
    """History without outbox messages: nobody is to be alarmed by what is long past."""
    rows = []
    for item in items:
        for told in kind.tell(item, finder):
            rows.append(
                {"kind": told.kind, "at": finder.at if item.changed else told.at or finder.at,
                 "account_id": _account(kind, item), "subject_type": kind.record,
                 "subject_id": item.id, "by_id": None, "restricted": False,
                 "facts": told.facts | {"source": finder.source, "line": item.line}
                 | ({"fields": list(item.changed)} if item.changed else {})}
            )  # fmt: skip
    _insert(table_of(Event), rows)


def _account(kind: Kind, item: Item) -> int | None:
    return item.id if kind.record == "account" else item.columns.get("account_id")


def _usual(table: sa.Table, finder: Finder) -> Fields:
    """What stands in each column of a new row of which the file says nothing."""
    usual: Fields = {}
    for column in table.columns:
        default: Any = column.default
        if column.name in ("created_at", "updated_at"):
            usual[column.name] = finder.at
        elif column.name == "version":
            usual[column.name] = 1
        elif column.name != "id":
            usual[column.name] = _scalar(default)
    return usual


def _scalar(default: Any) -> Any:
    """The default of a column: a value, an empty dict where it is made by calling."""
    if default is None:
        return None
    return default.arg if default.is_scalar else {}


def _said(columns: Fields) -> Fields:
    return {name: value for name, value in columns.items() if value is not None}


def _or(value: Any, usual: Any) -> Any:
    return usual if value is None else value


def _reserve(table: sa.Table, number: int) -> list[int]:
    """Keys for so many new rows: taken from the sequence, on SQLite the next free ones."""
    if db.session.get_bind().dialect.name == "sqlite":
        last = db.session.scalar(sa.select(sa.func.max(table.c.id))) or 0
        return list(range(last + 1, last + 1 + number))
    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
    keys = sa.select(sa.func.nextval(sequence)).select_from(sa.func.generate_series(1, number))
    return list(db.session.scalars(keys))


def _insert(table: sa.Table, rows: Sequence[Fields]) -> None:
    for some in _chunks(rows):
        db.session.connection().execute(sa.insert(table), some)


def _chunks(rows: Sequence[Fields]) -> Iterable[list[Fields]]:
    for first in range(0, len(rows), CHUNK):
        yield list(rows[first : first + CHUNK])


def current(kind: Kind, ids: Sequence[int]) -> dict[int, Fields]:
    """Key → the columns of records as they stand here now."""
    found: dict[int, Fields] = {}
    for first in range(0, len(ids), 500):
        rows = db.session.execute(
            sa.select(kind.table).where(kind.table.c.id.in_(ids[first : first + 500]))
        )
        found |= {row.id: dict(row._mapping) for row in rows}
    return found
