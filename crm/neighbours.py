"""Where a record stands in the list it was opened from, and the records beside it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from crm.extensions import at_most, db
from crm.paging import COUNTED, Sort, made

Conditions = Sequence[sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Place:
    """`at` counts from 1; `at` and `total` stop at 1,001. Keys of the records beside, 0: none."""

    at: int
    total: int
    previous: int
    following: int


@dataclass(frozen=True, slots=True)
class _Way:
    """Rows on one side of a place, nearest first."""

    bounds: list[Any]
    order: list[Any]


def along(args: Mapping[str, str], names: Iterable[str]) -> str:
    """What of a list's address goes along to its records: a query with its question mark."""
    kept = {name: args[name] for name in names if args.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def neighbours(
    sort: Sort, key: sa.ColumnElement[int], where: Conditions, record: Any,
    made_of: Hashable = None,
) -> tuple[int, int]:  # fmt: skip
    """The keys before and after a record in a list (0: none), in one statement; one more where the
    column is not the record's own. `made_of` is what `where` is made of, as `page` takes it."""
    value, own = _here(sort, record)
    own_key = sa.bindparam("own", type_=key.type)
    here = None if value is None else sa.bindparam("value", type_=sort.column.type), own_key

    def make() -> sa.Select[Any]:
        return sa.select(*(_nearest(sort, key, where, here, ahead) for ahead in (False, True)))

    known = made_of and ("beside", made_of, sort.name, sort.descending, value is None)
    read = made(None if sort.beside is not None else known, make)
    given = {"own": own} if value is None else {"value": value, "own": own}
    before, after = db.session.execute(read, given).one()
    return before or 0, after or 0


def place(sort: Sort, key: sa.ColumnElement[int], where: Conditions, record: Any) -> Place | None:
    """The same with the number of the record and of all; None where the list does not hold it."""
    here = _here(sort, record)
    before = [
        _counted(sa.select(key).where(*way.bounds, *where))
        for way in _ways(sort, key, here, ahead=False)
    ]
    row = db.session.execute(
        sa.select(
            sa.select(key).where(key == record.id, *where).scalar_subquery(),
            sum(before[1:], start=before[0]),
            _counted(sa.select(key).where(*where)),
            *(_nearest(sort, key, where, here, ahead) for ahead in (False, True)),
        )
    ).one()
    if row[0] is None:
        return None
    return Place(min(row[1], COUNTED) + 1, row[2], row[3] or 0, row[4] or 0)


def _sql(value: Any) -> sa.ColumnElement[Any]:
    return value if isinstance(value, sa.ColumnElement) else sa.literal(value)


def _counted(rows: sa.Select[Any]) -> sa.ScalarSelect[int]:
    some = rows.limit(at_most(COUNTED + 1)).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def _here(sort: Sort, record: Any) -> tuple[Any, int]:
    if sort.beside is None:
        return getattr(record, sort.column.key or ""), record.id
    owner = sort.beside.of(sa.literal(record.id))
    return db.session.scalar(sa.select(sort.column).where(owner)), record.id


def _nearest(
    sort: Sort, key: sa.ColumnElement[int], where: Conditions, here: tuple[Any, Any], ahead: bool
) -> sa.ColumnElement[Any]:
    """The key that stands beside a place."""
    found = [
        sa.select(key).where(*way.bounds, *where).order_by(*way.order).limit(at_most(1))
        for way in _ways(sort, key, here, ahead)
    ]
    keys = [one.scalar_subquery() for one in found]
    return keys[0] if len(keys) == 1 else sa.func.coalesce(*keys)


def _ways(sort: Sort, key: sa.ColumnElement[int], here: tuple[Any, Any], ahead: bool) -> list[_Way]:
    """All rows on one side, the nearest part first; those without a value stand behind others."""
    up, (value, own) = ahead != sort.descending, here
    tie = key if sort.beside is None else sort.beside.owner
    valued = [] if sort.beside is None else [sort.beside.of(key)]
    lacking = sort.column.is_(None) if sort.beside is None else ~sa.exists().where(*valued)

    def way(bounds: list[Any], order: list[Any]) -> _Way:
        return _Way(bounds, [one.asc() if up else one.desc() for one in order])

    def beyond(column: Any, place: Any) -> Any:
        return column > place if up else column < place

    if value is None:
        some = [way([*valued, sort.column.is_not(None)], [sort.column, tie])]
        return [way([lacking, beyond(key, own)], [key]), *([] if ahead else some)]
    pair, there = sa.tuple_(sort.column, tie), sa.tuple_(_sql(value), _sql(own))
    near = way([*valued, beyond(pair, there)], [sort.column, tie])
    return [near, way([lacking], [key])] if ahead and sort.may_lack else [near]
