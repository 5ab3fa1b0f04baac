"""The statements of a search, built once for every shape of question and then only filled in.

Building one anew costs more than running it. The values are named: `like_0`, `from_0` and
`to_0` for the first term, `kinds`, `handlers`, `limit`, and what each statement adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from crm.search.models import FTS, Entry, Grams, Handler, Identifier

_fts = sa.table(FTS, sa.column("rowid", sa.BigInteger), sa.column(FTS))
_entries: Any = Entry.__table__
_SHOWN = ("id", "kind", "record_id", "account_id", "label", "sublabel", "body", "label_key")
_READ = (*_SHOWN, "text", "restricted")
ESCAPE = "/"


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides how a statement reads, all but its values."""

    terms: int
    kinds: bool
    few_kinds: bool
    sees_all: bool
    sqlite: bool


@cache
def by_number(shape: Shape, begins: bool) -> sa.Select[Any]:
    """Entries with a number equal to `from_number`, or from there to `to_number`."""
    key = Identifier.key
    low = sa.bindparam("from_number", type_=sa.Text)
    high = sa.bindparam("to_number", type_=sa.Text)
    return (
        sa.select(*_shown(_entries), key)
        .join(Identifier, Identifier.entry_id == _entries.c.id)
        .where(sa.and_(key >= low, key < high) if begins else key == low)
        .where(*_visible(shape, _entries))
        .order_by(key, Identifier.entry_id)
        .limit(_number("limit"))
    )


@cache
def among_first(shape: Shape) -> sa.Select[Any]:
    """Hits among the first `count` entries in the order of their keys, which is a shuffled one.

    Every row says whether there are more than `small` entries in all.
    """
    first = _first(_number("count"), _entries.c.id)
    every = sa.select(_entries.c.id).order_by(_entries.c.label_key, _entries.c.id)
    more = every.offset(_number("small")).limit(1).scalar_subquery()
    hits = sa.select(*_shown(first), more.is_not(None).label("large"))
    return _stopping_early(shape, hits.where(*_matching(shape, first)), first.c.id)


@cache
def among_these(shape: Shape) -> sa.Select[Any]:
    """Hits among some entries (`ids`), in the order of their keys."""
    hits = sa.select(*_shown(_entries)).where(
        _entries.c.id.in_(sa.bindparam("ids", expanding=True))
    )
    return hits.where(*_matching(shape, _entries)).order_by(_entries.c.id).limit(_number("limit"))


@cache
def beyond(shape: Shape) -> sa.Select[Any]:
    """Hits among `count` entries that come after the key `last`."""
    later = _entries.c.id > sa.bindparam("last", type_=sa.BigInteger)
    first = _first(_number("count"), _entries.c.id, where=later)
    hits = sa.select(*_shown(first)).where(*_matching(shape, first))
    return _stopping_early(shape, hits, first.c.id)


@cache
def by_label(shape: Shape, term: int) -> sa.Select[Any]:
    """Hits among the first `count` entries whose label begins with a term, in their order."""
    keys = _entries.c.label_key, _entries.c.id
    first = _first(_number("count"), *keys, where=_begins(_entries, term))
    hits = sa.select(*_shown(first)).where(*_matching(shape, first))
    return _stopping_early(shape, hits, first.c.label_key, first.c.id)


@cache
def ranked(shape: Shape) -> sa.Select[Any]:
    """All hits, sorted, labels that begin with a term first; by the index of grams."""
    begins = sa.or_(*(_begins(_entries, term) for term in range(shape.terms)))
    return (
        sa.select(*_shown(_entries))
        .where(*_holding_grams(shape), *_matching(shape, _entries))
        .order_by(sa.case((begins, 0), else_=1), _entries.c.label_key, _entries.c.id)
        .limit(_number("limit"))
    )


def _first(count: Any, *order: Any, where: Any = True) -> Any:
    """The first entries in an order that an index keeps."""
    columns = [_entries.c[name] for name in _READ]
    return sa.select(*columns).where(where).order_by(*order).limit(count).subquery()


def _stopping_early(shape: Shape, hits: sa.Select[Any], *order: Any) -> sa.Select[Any]:
    """Take the first rows of a set that is in this order already.

    PostgreSQL knows the order of the inner set and stops. SQLite would sort it again, all of
    it, if it were told the order; not told, it takes the rows as they come, and stops.
    """
    return (hits if shape.sqlite else hits.order_by(*order)).limit(_number("limit"))


def _matching(shape: Shape, entries: Any) -> list[sa.ColumnElement[bool]]:
    """Every term stands in the text, and the entry may be found."""
    terms = (sa.bindparam(f"like_{term}", type_=sa.Text) for term in range(shape.terms))
    holds = [entries.c.text.like(term, escape=ESCAPE) for term in terms]
    return [*holds, *_visible(shape, entries)]


def _visible(shape: Shape, entries: Any) -> list[sa.ColumnElement[bool]]:
    """Which entries this viewer may find at all."""
    rules: list[sa.ColumnElement[bool]] = []
    if shape.kinds:
        rules.append(entries.c.kind.in_(sa.bindparam("kinds", expanding=True)))
    if not shape.sees_all:
        handled = sa.exists().where(
            Handler.entry_id == entries.c.id,
            Handler.handler.in_(sa.bindparam("handlers", expanding=True)),
        )
        rules.append(sa.or_(entries.c.restricted.is_(False), handled))
    return rules


def _begins(entries: Any, term: int) -> sa.ColumnElement[bool]:
    low, high = (sa.bindparam(f"{end}_{term}", type_=sa.Text) for end in ("from", "to"))
    return sa.and_(entries.c.label_key >= low, entries.c.label_key < high)


def _holding_grams(shape: Shape) -> list[sa.ColumnElement[bool]]:
    """What the index answers: entries with all of `grams`, and of `few` where kinds are few."""
    if shape.sqlite:
        match = _fts.c[FTS].op("MATCH")(sa.bindparam("match", type_=sa.Text))
        return [_entries.c.id.in_(sa.select(_fts.c.rowid).where(match))]
    holding = [_entries.c.grams.contains(sa.bindparam("grams", type_=Grams))]
    if shape.few_kinds:
        holding.append(_entries.c.grams.overlap(sa.bindparam("few", type_=Grams)))
    return holding


def _shown(entries: Any) -> list[Any]:
    return [entries.c[name] for name in _SHOWN]


def _number(name: str) -> sa.BindParameter[int]:
    return sa.bindparam(name, type_=sa.Integer)
