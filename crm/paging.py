"""Keyset pages: the last page costs what the first does. Never OFFSET, never an exact count."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import BadRequest
from crm.extensions import at_most, db

MOST = 200
COUNTED = 1000
"""Lists count exactly to this number and then say "1,000+"."""

Row = sa.Row[Any]

MOST_MADE = 300
_made: dict[Hashable, sa.Select[Any]] = {}
"""Statements that are asked again as they are; see `made`."""


@dataclass(frozen=True, slots=True)
class Beside:
    """That the sorted column stands in a table beside that of the records.

    `owner` is its column with the record's key; `parts` are conditions of which a row fulfils one,
    each with an index over column and owner.
    """

    owner: sa.ColumnElement[int]
    parts: Sequence[sa.ColumnElement[bool]]

    def of(self, key: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        """The row of a record."""
        return sa.and_(self.owner == key, sa.or_(*self.parts))


@dataclass(frozen=True, slots=True)
class Sort:
    """A declared order: the column, the direction, and where the column is not the record's own."""

    name: str
    column: sa.ColumnElement[Any]
    descending: bool = False
    beside: Beside | None = None

    @property
    def may_lack(self) -> bool:
        """Can a record be without a value?"""
        return self.beside is not None or _nullable(self.column)

    def value_of(self, key: sa.ColumnElement[int]) -> Any:
        """The value of a record, in a statement that is not read by this order's index."""
        if self.beside is None:
            return self.column
        return sa.select(self.column).where(self.beside.of(key)).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows and the cursor of the next one."""

    rows: Sequence[Row]
    next: str | None


def choose_sort(text: str | None, allowed: Mapping[str, Any], default: str) -> Sort:
    """`-amount` → that column, descending. An undeclared name is refused in words."""
    wanted = text or default
    name = wanted.removeprefix("-")
    if name not in allowed:
        raise BadRequest(
            _("%(name)s cannot be sorted by.", name=name), {"sort": [_("Not a known order.")]}
        )
    return Sort(name, allowed[name], wanted.startswith("-"))


def page(
    columns: Sequence[Any],
    key: sa.ColumnElement[int],
    branches: Sequence[sa.ColumnElement[bool]],
    where: Sequence[sa.ColumnElement[bool]],
    sort: Sort,
    cursor: str | None,
    limit: int,
    joins: Any = None,
    made_of: Hashable = None,
) -> Page:
    """Read one page as a union of index-ordered branches (who may see what), each cut to size.

    `columns` are Core columns; `key` is the primary key that breaks ties; `joins` is a selectable
    to read from when the columns come from several tables. `made_of` is what all of them and the
    conditions are made of, where there is no more to it: then the statement of the first page is
    made once. Rows without a value in the sorted column come last, in the order of their keys.
    Three statements at most.
    """
    after = _read(sort, cursor) if cursor else None
    reading = _Reading(columns, key, branches, where, sort, limit + 1, joins)
    rows: list[Row] = []
    if after is None:
        rows = _read_rows(reading.first(made_of))
    elif after[0] is not None:
        rows = _read_rows(reading.valued(after))
    if len(rows) <= limit and sort.may_lack:
        last = after[1] if after is not None and after[0] is None else None
        rows += _read_rows(reading.empty(last, limit + 1 - len(rows)))
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _write(sort, rows[-1]) if more else None)


@dataclass(frozen=True, slots=True)
class _Reading:
    columns: Sequence[Any]
    key: sa.ColumnElement[int]
    branches: Sequence[sa.ColumnElement[bool]]
    where: Sequence[sa.ColumnElement[bool]]
    sort: Sort
    limit: int
    joins: Any

    def first(self, made_of: Hashable) -> sa.Select[Any]:
        """Rows that have a value, from the first on, by a statement that is kept if it may be."""
        sort = self.sort
        known = made_of and (made_of, sort.name, sort.descending, self.limit)
        return made(None if sort.beside is not None else known, lambda: self.valued(None))

    def valued(self, after: tuple[Any, int] | None) -> sa.Select[Any]:
        """Rows that have a value in the sorted column."""
        column, beside = self.sort.column, self.sort.beside
        key = self.key if beside is None else beside.owner
        limits: list[Any] = self._filled(column)
        if after is not None:
            here, there = (
                sa.tuple_(column, key),
                sa.tuple_(sa.literal(after[0]), sa.literal(after[1])),
            )
            limits.append(here < there if self.sort.descending else here > there)
        order = [column.desc(), key.desc()] if self.sort.descending else [column.asc(), key.asc()]
        if beside is None:
            return self._reads([limits], order, column, self.limit)
        ways = [[beside.owner == self.key, part, *limits] for part in beside.parts]
        return self._reads(ways, order, column, self.limit, [beside.of(self.key)])

    def empty(self, last: int | None, limit: int) -> sa.Select[Any] | None:
        """Rows without one."""
        column, beside = self.sort.column, self.sort.beside
        lacking: sa.ColumnElement[bool] = column.is_(None)
        if beside is not None:
            lacking = ~sa.exists().where(beside.of(self.key), *self._filled(column))
        limits: list[Any] = [lacking]
        if beside is not None and last is None and self._all_valued(beside):
            return None
        if last is not None:
            limits.append(self.key < last if self.sort.descending else self.key > last)
        order = self.key.desc() if self.sort.descending else self.key.asc()
        nothing = column if beside is None else sa.cast(sa.null(), column.type)
        return self._reads([limits], [order], nothing, limit)

    @staticmethod
    def _filled(column: sa.ColumnElement[Any]) -> list[sa.ColumnElement[bool]]:
        return [column.is_not(None)] if _nullable(column) else []

    def _all_valued(self, beside: Beside) -> bool:
        """Has every record there is a value? Two counts tell sooner than asking each record."""
        if len(beside.parts) > 1:
            return False
        values = sa.select(sa.func.count()).select_from(beside.owner.table)
        every = sa.select(sa.func.count()).select_from(self.key.table)
        valued = values.where(*beside.parts, *self._filled(self.sort.column)).scalar_subquery()
        return bool(db.session.scalar(sa.select(valued >= every.scalar_subquery())))

    def _reads(
        self, ways: list[list[Any]], order: list[Any], value: Any, limit: int, tied: Any = ()
    ) -> sa.Select[Any]:
        """The first rows of all branches, each read in all `ways`; `tied` joins a table beside."""
        cut = [
            sa.select(self.key.label("id"), value.label("value"))
            .where(branch, *self.where, *limits)
            .order_by(*order)
            .limit(at_most(limit))
            .subquery()
            for branch in self.branches
            for limits in ways
        ]
        read = sa.select(*self.columns, value.label("_sort"), self.key.label("_key")).where(
            self.key.in_(self._best(cut, limit)), *tied
        )
        if self.joins is not None:
            read = read.select_from(self.joins)
        return read.order_by(*order).limit(at_most(limit))

    def _best(self, cut: list[sa.Subquery], limit: int) -> sa.Select[Any]:
        """Keys of the first rows of all branches together: only these are joined and read."""
        if len(cut) == 1:
            return sa.select(cut[0].c.id)
        both = sa.union(*(sa.select(one.c.value, one.c.id) for one in cut)).subquery()
        order = [one.desc() if self.sort.descending else one.asc() for one in both.c]
        best = sa.select(both.c.id).order_by(*order).limit(at_most(limit)).subquery()
        return sa.select(best.c.id)


def made(key: Hashable, make: Callable[[], sa.Select[Any]]) -> sa.Select[Any]:
    """The statement that is kept by a key, made when it is asked for first; without a key it is
    made for this turn alone."""
    found = _made.get(key) if key is not None else None
    if found is None:
        found = make()
        if key is not None:
            if len(_made) >= MOST_MADE:
                _made.clear()
            _made[key] = found
    return found


def _read_rows(read: sa.Select[Any] | None) -> list[Row]:
    return [] if read is None else list(db.session.execute(read).all())


def _nullable(column: sa.ColumnElement[Any]) -> bool:
    return bool(getattr(column, "nullable", True))


def _write(sort: Sort, row: Row) -> str:
    return cursor_at(sort, row._mapping["_sort"], row._mapping["_key"])


def cursor_at(sort: Sort, value: Any, key: int) -> str:
    """The cursor of what comes after the row with this value and key."""
    if isinstance(value, datetime | date):
        value = value.isoformat()
    text = json.dumps([sort.name, sort.descending, value, key])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(sort: Sort, cursor: str) -> tuple[Any, int]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        name, descending, value, last = json.loads(base64.urlsafe_b64decode(padded))
        if (name, descending) != (sort.name, sort.descending) or not _whole(last):
            raise ValueError(cursor)
        return _typed(sort.column, value), last
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadRequest(
            _("This page address is not valid any more."), {"cursor": [_("Not a valid cursor.")]}
        ) from error


def _typed(column: sa.ColumnElement[Any], value: Any) -> Any:
    if value is None:
        return None
    wanted = column.type.python_type
    if wanted is datetime:
        return _instant(value)
    if wanted is date:
        return date.fromisoformat(value)
    if not isinstance(value, wanted) or (wanted is int and not _whole(value)):
        raise TypeError(value)
    if wanted is str and "\x00" in value.encode().decode():
        raise ValueError(value)
    return value


def _instant(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(value)
    return found.astimezone(UTC)


def _whole(value: Any) -> bool:
    """A whole number that a database can hold."""
    return type(value) is int and abs(value) < 2**63


def count(where: Sequence[sa.ColumnElement[bool]], key: sa.ColumnElement[int]) -> int:
    """How many rows match, counted to 1,001 and no further."""
    some = sa.select(key).where(*where).limit(at_most(COUNTED + 1)).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
