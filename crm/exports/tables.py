"""What an export of one kind of record holds, and its rows as the cells of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import pgettext
from werkzeug.datastructures import MultiDict

from crm.attributes.kinds import RECORDS
from crm.clock import local
from crm.errors import BadRequest
from crm.exports import custom
from crm.exports.marks import record_id
from crm.extensions import at_most, db
from crm.rights import Person, branches, sees_amounts
from crm.sheets.writing import Cell, Column

Args = MultiDict[str, str]
Conditions = list[sa.ColumnElement[bool]]
Words = Callable[[], Mapping[Any, str]]
Row = dict[str, Any]
CHUNK = 1000
"""So many rows are in memory at once."""
IDENTITY, CHANGED = "id", "updated_at"
"""The columns by which an import knows a record of ours again, and that nobody changed it since."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `name` is that of the importer and of the API.

    `kind` is text, number, yen, day, instant, flag, record (a key of ours). `words` are what its
    values are called. An `amount` is for those who may see amounts. `shown` stands on the page of
    the list as well. `key` is the column of another record's key, for programs.
    A `custom` one stands among the values that each record carries.
    """

    name: str
    column: Any = None
    kind: str = "text"
    words: Words | None = None
    amount: bool = False
    shown: bool = False
    label: Callable[[], str] | None = None
    key: bool = False
    custom: custom.Asked | None = None


def nothing(_rows: list[Row]) -> None:
    """Everything of a row stands in its statement."""


@dataclass(frozen=True, slots=True)
class Table:
    """An export: its columns, what its rows are read from, and which rows an address asks for."""

    name: str
    record: str
    model: Any
    title: Callable[[], str]
    labels: Callable[[], Mapping[str, str]]
    fields: tuple[Field, ...]
    joins: Any
    where: Callable[[Args, Person], Conditions]
    filters: tuple[str, ...]
    sorts: Mapping[str, Any]
    sort: str = "id"
    fill: Callable[[list[Row]], None] = nothing
    """Puts what stands in other tables into some rows at once."""
    action: str = "view"
    page: str = ""
    """The list whose filters these are; empty where there is none."""
    hidden_sorts: tuple[str, ...] = field(default=("amount",))

    def known(self) -> tuple[str, ...]:
        """The filters and the order that an address may name."""
        more = custom.FILTERS if self.record in RECORDS else ()
        return tuple(dict.fromkeys((*self.filters, *more, "sort")))

    def every(self) -> list[Field]:
        """All columns, custom ones at the end; one statement."""
        labels = [label_of(self, one) for one in self.fields if not one.key]
        more = custom.asked_in(self.record, labels)
        return [*self.fields, *map(_custom_field, more)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which export is asked for: its columns (`all` or `shown`), its filters, and its names.

    `words` names columns and values as people do, else as programs do.
    """

    table: Table
    args: Args
    columns: str = "all"
    words: bool = True

    def fields(self, user: Person) -> list[Field]:
        """The columns this person may have."""
        return [one for one in self.table.every() if self._has(one, sees_amounts(user))]

    def _has(self, one: Field, amounts: bool) -> bool:
        if one.amount and not amounts:
            return False
        if one.key:
            return not self.words
        return self.columns == "all" or one.shown

    def header(self, user: Person) -> list[Column]:
        """The columns with their names."""
        return [Column(self.label(one), _cell_kind(one, self.words)) for one in self.fields(user)]

    def label(self, one: Field) -> str:
        """What a column is called."""
        return label_of(self.table, one) if self.words else one.name


def _custom_field(one: custom.Asked) -> Field:
    return Field(
        one.name, kind=one.cell_kind, amount=one.amount, label=lambda: one.label, custom=one
    )


def label_of(table: Table, one: Field) -> str:
    """What a column is called in the reader's language."""
    if one.label is not None:
        return one.label()
    every: dict[str, str] = {
        IDENTITY: pgettext("export", "Record ID"), CHANGED: pgettext("export", "Changed at"),
    }  # fmt: skip
    return every.get(one.name) or table.labels()[one.name]


def _cell_kind(one: Field, words: bool) -> str:
    if one.words is not None or one.kind in ("flag", "record"):
        return "number" if one.kind == "record" and not words else "text"
    return one.kind


def _scope(wanted: Wanted, user: Person, action: str = "") -> Conditions:
    table = wanted.table
    reach = branches(user, action or table.action, table.record, table.model)
    page = custom.FILTERS[0] in table.filters
    more = () if page else custom.condition(table.record, wanted.args)
    return [sa.or_(*reach), *table.where(wanted.args, user), *more]


def keys_of(wanted: Wanted, user: Person, action: str) -> sa.Select[tuple[int]]:
    """The keys of the rows to which a person may do something. Raises BadRequest."""
    return sa.select(wanted.table.model.id).where(*_scope(wanted, user, action))


def number_of(wanted: Wanted, user: Person, most: int) -> int:
    """How many rows there are, counted to one more than `most`. Raises BadRequest."""
    some = (
        sa.select(wanted.table.model.id)
        .where(*_scope(wanted, user))
        .limit(at_most(most + 1))
        .subquery()
    )
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def rows_of(table: Table, keys: Sequence[int]) -> dict[int, list[Cell]]:
    """Some records as the cells of a whole export, whoever asks and however they are filtered."""
    fields = [one for one in table.every() if not one.key]
    makers = [_maker(one, True) for one in fields]
    key = table.model.__table__.c.id
    statement = sa.select(key.label("_key"), *_columns(table)).select_from(table.joins)
    some = [dict(row) for row in db.session.execute(statement.where(key.in_(keys))).mappings()]
    table.fill(some)
    custom.fill(some, _customs(fields), None, True)
    return {row["_key"]: [make(row[name]) for name, make in makers] for row in some}


def _columns(table: Table) -> list[Any]:
    columns = [one.column.label(one.name) for one in table.fields if one.column is not None]
    held = table.model.__table__.c.get("attributes")
    return columns if held is None else [*columns, held.label(custom.HELD)]


def _customs(fields: Sequence[Field]) -> list[custom.Asked]:
    return [one.custom for one in fields if one.custom is not None]


def _statement(wanted: Wanted, user: Person, more: Conditions) -> sa.Select[Any]:
    table, asked = wanted.table, wanted.args.get("sort")
    if (asked or "").removeprefix("-") in table.hidden_sorts and not sees_amounts(user):
        raise BadRequest(_("You may not sort by amount."), {"sort": [_("Not a known order.")]})
    sort = custom.order(table.record, asked, table.sorts, table.sort)
    key = table.model.__table__.c.id
    by = sort.value_of(key)
    order = [by.desc(), key.desc()] if sort.descending else [by.asc(), key.asc()]
    return (
        sa.select(key.label("_key"), *_columns(table))
        .select_from(table.joins)
        .where(*_scope(wanted, user), *more)
        .order_by(by.is_(None), *order)
    )


def rows(wanted: Wanted, user: Person, more: Conditions | None = None) -> Iterator[list[Cell]]:
    """The rows as cells, a chunk of them in memory at a time. Raises BadRequest before the first.

    The session may be given back only when the last row was taken.
    """
    fields, table = wanted.fields(user), wanted.table
    makers = [_maker(one, wanted.words) for one in fields]
    options = {"yield_per": CHUNK}
    found = db.session.execute(_statement(wanted, user, more or []), execution_options=options)

    def filled(some: list[Row]) -> None:
        table.fill(some)
        custom.fill(some, _customs(fields), user, wanted.words)

    return _cells(found, filled, makers)


def _cells(
    found: sa.Result[Any],
    fill: Callable[[list[Row]], None],
    makers: Sequence[tuple[str, Callable[[Any], Cell]]],
) -> Iterator[list[Cell]]:
    for part in found.mappings().partitions():
        some = [dict(row) for row in part]
        fill(some)
        for row in some:
            yield [make(row[name]) for name, make in makers]


def _maker(one: Field, words: bool) -> tuple[str, Callable[[Any], Cell]]:
    """What makes the cell of a value."""
    if one.kind == "flag":
        said: Mapping[Any, str] = {True: _("Yes"), False: _("No")}
        return one.name, (said.get if words else _bit)
    if words and one.words is not None:
        known = one.words()
        return one.name, lambda value: None if value is None else known.get(value, str(value))
    if one.kind == "record":
        return one.name, (record_id if words else _plain)
    return one.name, _instant if one.kind == "instant" else _plain


def _bit(value: bool | None) -> Cell:
    return None if value is None else int(value)


def _instant(value: datetime | None) -> Cell:
    return None if value is None else local(value)


def _plain(value: Any) -> Cell:
    return value if isinstance(value, str | int | Decimal | date | None) else str(value)
