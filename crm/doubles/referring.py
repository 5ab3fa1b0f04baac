"""What names a record: asked of the schema, so that a table which comes tomorrow moves as well.

A foreign key is found by itself. A column that holds such a key without saying so is named in
`LOOSE`, with what a merge does about it; a test walks over all tables and fails when one turns up
that nobody has thought of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from crm.extensions import Exact, UtcDateTime, db

Row = dict[str, Any]
TABLES = {"account": "accounts", "contact": "contacts", "product": "products", "unit": "units"}

LOOSE: Mapping[tuple[str, str], str] = {
    ("import_keys", "record_id"): "moves: the next import of the same file finds the survivor",
    ("import_steps", "record_id"): "stays: an import that is undone skips what is not there",
    ("mass_change_items", "record_id"): "stays: what is put back later tells that it is gone",
    ("search_entries", "account_id"): "moves with the record that it is about",
    ("search_entries", "record_id"): "the lost record leaves the index",
    ("events", "subject_id"): "moves for units and products, whose pages tell it; of accounts and "
    "contacts it stays: it says about whom it was, and its address leads on",
    ("removals", "record_id"): "the lost record is told of as removed",
    ("doubles", "left_account_id"): "the queue of doubles itself",
    ("doubles", "right_account_id"): "the queue of doubles itself",
    ("merges", "survivor_id"): "the journal of merges itself",
    ("merges", "lost_id"): "the journal of merges itself",
}
"""Columns that hold the key of such a record without a foreign key."""

OWN = ("doubles", "merges", "merge_moves", "double_rounds")
COMPUTED = ("unit_dues",)
"""Tables whose rows follow from others: they are computed anew (crm/expiry/keeping.py)."""
WHOLE = ("units",)
"""Tables of which no row is ever taken away because the survivor has its like: a merge that would
need it is refused, or the one reference is let go (crm/doubles/units.py)."""
TOLD = ("product", "unit")
"""Kinds whose history is told of the record itself."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column of a table that names records of a kind; `within` narrows it to that kind."""

    table: sa.Table
    column: sa.Column[Any]
    within: sa.ColumnElement[bool] | None = None

    @property
    def name(self) -> str:
        """`table.column`."""
        return f"{self.table.name}.{self.column.name}"

    @property
    def key(self) -> sa.Column[Any] | None:
        """The one key of its rows; nothing where several columns are the key."""
        columns = list(self.table.primary_key.columns)
        return columns[0] if len(columns) == 1 and columns[0] is not self.column else None

    def naming(self, record_id: int) -> list[sa.ColumnElement[bool]]:
        """The rows that name a record."""
        here = [self.column == record_id]
        return here if self.within is None else [*here, self.within]


def references(kind: str) -> list[Reference]:
    """Every column that a merge of two records of a kind moves."""
    target = TABLES[kind]
    found = [
        Reference(table, column)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if table.name not in (*OWN, *COMPUTED)
        and not table.info.get("derived")
        and any(one.column.table.name == target for one in column.foreign_keys)
    ]
    keys, events = db.metadata.tables["import_keys"], db.metadata.tables["events"]
    found.append(Reference(keys, keys.c.record_id, keys.c.kind == kind))
    if kind in TOLD:
        found.append(Reference(events, events.c.subject_id, events.c.subject_type == kind))
    return found


def reference(kind: str, name: str) -> Reference:
    """One of them, by its `table.column`."""
    return next(one for one in references(kind) if one.name == name)


def uniques(reference: Reference) -> Iterator[list[sa.Column[Any]]]:
    """The other columns of every unique constraint, index or key that a reference is part of.

    What is unique among some rows only (one open loan of a unit) is the business of its kind.
    """
    table, column = reference.table, reference.column
    kept: list[Any] = [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    kept += [one for one in table.indexes if one.unique and not of_some(one)]
    for one in () if table.name in WHOLE else (*kept, table.primary_key):
        columns = list(one.columns)
        if column in columns:
            yield [other for other in columns if other is not column]


def of_some(index: sa.Index) -> bool:
    """Does an index hold only rows that fulfil a condition?"""
    return index.dialect_options["postgresql"]["where"] is not None


def pointing(table: sa.Table, column: str, record_id: int) -> Row:
    """What a row becomes that names another record now: the key, and one more edit of it.

    Programs that keep a copy read what was changed since (`updated_at`), and whoever has an older
    version in hand must not write over it.
    """
    values: Row = {column: record_id}
    if "version" in table.c:
        values["version"] = table.c.version + 1
    return values


def dumped(table: sa.Table, row: Mapping[str, Any] | sa.RowMapping) -> Row:
    """A row as JSON."""
    return {column.name: _plain(row[column.name]) for column in table.columns}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def loaded(table: sa.Table, row: Mapping[str, Any]) -> Row:
    """A row out of JSON, its values as the columns take them."""
    return {name: _typed(table.c[name].type, value) for name, value in row.items()}


def _typed(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Exact) else value


def marks(kind: str) -> dict[str, int]:
    """The largest key of every table with rows about such records: what comes later is newer."""
    tables = {one.table.name: one.key for one in references(kind)}
    asked = {name: sa.func.max(key) for name, key in tables.items() if key is not None}
    row = db.session.execute(sa.select(*(sa.select(one).scalar_subquery().label(name)
                                         for name, one in asked.items()))).one()  # fmt: skip
    return {name: value or 0 for name, value in row._mapping.items()}
