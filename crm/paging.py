"""Keyset pages: the last page costs what the first does. Never OFFSET, never an exact count."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import BadRequest
from crm.extensions import db

MOST = 200
COUNTED = 1000
"""Lists count exactly to this number and then say "1,000+"."""

Row = sa.Row[Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """A declared order: the column, whether it may be empty, and the direction."""

    name: str
    column: sa.ColumnElement[Any]
    descending: bool = False


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
) -> Page:
    """Read one page as a union of index-ordered branches (who may see what), each cut to size.

    `columns` are Core columns; `key` is the primary key that breaks ties; `joins` is a selectable
    to read from when the columns come from several tables.
    """
    after = _after(sort, key, cursor)
    order = _order(sort, key)
    ids = [
        _branch(key, sort, [branch, *where, *after], order, limit + 1).subquery()
        for branch in branches
    ]
    if len(ids) == 1:
        chosen: Any = sa.select(ids[0].c.id)
    else:
        chosen = sa.union_all(*(sa.select(one.c.id) for one in ids))
    read = sa.select(*columns, sort.column.label("_sort"), key.label("_key")).where(
        key.in_(chosen)
    )
    if joins is not None:
        read = read.select_from(joins)
    rows = db.session.execute(read.order_by(*order).limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _write(sort, rows[-1]) if more and rows else None)


def _branch(
    key: sa.ColumnElement[int],
    sort: Sort,
    where: Sequence[sa.ColumnElement[bool]],
    order: Sequence[sa.ColumnElement[Any]],
    limit: int,
) -> sa.Select[Any]:
    return sa.select(key.label("id")).where(*where).order_by(*order).limit(limit)


def _order(sort: Sort, key: sa.ColumnElement[int]) -> list[sa.ColumnElement[Any]]:
    if sort.descending:
        return [sort.column.desc().nulls_last(), key.desc()]
    return [sort.column.asc().nulls_last(), key.asc()]


def _after(
    sort: Sort, key: sa.ColumnElement[int], cursor: str | None
) -> list[sa.ColumnElement[bool]]:
    if cursor is None:
        return []
    value, last = _read(sort, cursor)
    beyond = key < last if sort.descending else key > last
    if value is None:
        return [sort.column.is_(None), beyond]
    further = sort.column < value if sort.descending else sort.column > value
    rest = sa.or_(further, sa.and_(sort.column == value, beyond))
    bound = sort.column <= value if sort.descending else sort.column >= value
    if _nullable(sort.column):
        return [sa.or_(sa.and_(bound, rest), sort.column.is_(None))]
    return [bound, rest]


def _nullable(column: sa.ColumnElement[Any]) -> bool:
    return bool(getattr(column, "nullable", True))


def _write(sort: Sort, row: Row) -> str:
    value = row._mapping["_sort"]
    if isinstance(value, datetime | date):
        value = value.isoformat()
    text = json.dumps([sort.name, sort.descending, value, row._mapping["_key"]])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(sort: Sort, cursor: str) -> tuple[Any, int]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        name, descending, value, last = json.loads(base64.urlsafe_b64decode(padded))
        if (name, descending) != (sort.name, sort.descending) or type(last) is not int:
            raise ValueError(cursor)
        return _typed(sort.column, value), last
    except (ValueError, TypeError, binascii.Error, UnicodeError) as error:
        raise BadRequest(
            _("This page address is not valid any more."), {"cursor": [_("Not a valid cursor.")]}
        ) from error


def _typed(column: sa.ColumnElement[Any], value: Any) -> Any:
    if value is None:
        return None
    wanted = column.type.python_type
    if wanted is datetime:
        return datetime.fromisoformat(value)
    if wanted is date:
        return date.fromisoformat(value)
    if not isinstance(value, wanted):
        raise TypeError(value)
    return value


def count(where: Sequence[sa.ColumnElement[bool]], key: sa.ColumnElement[int]) -> int:
    """How many rows match, counted to 1,001 and no further."""
    some = sa.select(key).where(*where).limit(COUNTED + 1).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
