"""The statements of a search, built once for every shape of question and then only filled in.

Building one anew costs more than running it. The values are named: `like_0`, `from_0` and
`to_0` for the first term, `kinds`, `handlers`, `owner`, `since`, `until`, `limit`, what the index
is asked for (`grams`, `few`, `days`; on SQLite `match`), and what each statement adds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from crm.extensions import UtcDateTime
from crm.search import marks
from crm.search.models import FTS, Entry, Grams, Handler, Identifier

_fts = sa.table(FTS, sa.column("rowid", sa.BigInteger), sa.column(FTS))
_entries: Any = Entry.__table__
_SHOWN = (
    "id", "kind", "record_id", "account_id", "about_id", "at", "label", "sublabel", "body",
    "label_key",
)  # fmt: skip
ESCAPE = "/"
FIRST = ("account", "contact")
"""Whom a word is mostly asked for: a machine or contract that names its owner comes after her."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides how a statement reads, all but its values."""

    terms: int
    kinds: bool
    few_kinds: bool
    days: bool
    owner: bool
    since: bool
    until: bool
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
def counted(shape: Shape, sampled: bool, loose: bool = False) -> sa.Select[Any]:
    """How many entries of two levels hold what is asked, of the wider one only if need be; and,
    if `loose`, how many of the wider one hold the telling grams.

    The values of the levels end in `_deep`, `_wide` and `_loose`; of a level that was not looked
    at the answer says 0. One statement, as each costs a way to the database. `sampled`, here and
    below: the level has the smaller index.
    """
    names = ("wide", "loose") if loose else ("wide",)
    return counting(lambda level: _holding(shape, sampled, f"_{level}"), names)


def counting(
    holding: Callable[[str], list[sa.ColumnElement[bool]]], names: Sequence[str] = ("wide",)
) -> sa.Select[Any]:
    """The same of any conditions for the levels `deep` and `wide`."""
    deep = sa.select(_count(holding("deep")).label("deep")).limit(1).subquery()
    few = deep.c.deep <= sa.bindparam("unsure", type_=sa.Integer)
    wider = (sa.case((few, _count(holding(name))), else_=0).label(name) for name in names)
    return sa.select(deep.c.deep, *wider)


def _count(holding: list[sa.ColumnElement[bool]]) -> Any:
    return sa.select(sa.func.count()).where(*holding).scalar_subquery()


def held(shape: Shape, holding: list[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    """All entries that the index gives and the viewer may find, as they are compared."""
    compared = (_entries.c[name] for name in ("id", "at", "label_key", "text"))
    return sa.select(*compared).where(*holding, *_visible(shape, _entries))


@cache
def by_key() -> sa.Select[Any]:
    """Entries with these keys (`ids`), in no order."""
    chosen = _entries.c.id.in_(sa.bindparam("ids", expanding=True))
    return sa.select(*_shown(_entries)).where(chosen)


@cache
def ranked(shape: Shape, sampled: bool) -> sa.Select[Any]:
    """All hits of a level, sorted: labels that begin with a term, customers, people, the rest, and
    within these what has no day first, then the newer."""
    begins = sa.or_(*(_begins(_entries, term) for term in range(shape.terms)))
    first = [(_entries.c.kind == kind, place) for place, kind in enumerate(FIRST, start=1)]
    return (
        sa.select(*_shown(_entries))
        .where(*_holding(shape, sampled), *_matching(shape, _entries))
        .order_by(
            sa.case((begins, 0), *first, else_=len(FIRST) + 1), _entries.c.at.desc().nulls_first(),
            _entries.c.label_key, _entries.c.id,
        )
        .limit(_number("limit"))
    )  # fmt: skip


@cache
def newest(shape: Shape, sampled: bool) -> sa.Select[Any]:
    """Hits of a level, newest first; those without a day are left out."""
    return (
        sa.select(*_shown(_entries))
        .where(*_holding(shape, sampled), *_matching(shape, _entries))
        .order_by(_entries.c.at.desc(), _entries.c.label_key, _entries.c.id)
        .limit(_number("limit"))
    )


@cache
def by_label(shape: Shape, term: int) -> sa.Select[Any]:
    """Hits among the first `count` entries whose label begins with a term, in their order."""
    keys = _entries.c.label_key, _entries.c.id
    more = (_entries.c[name] for name in ("text", "restricted", "owner_id"))
    within = sa.select(*_shown(_entries), *more).where(_begins(_entries, term)).order_by(*keys)
    first = within.limit(_number("count")).subquery()
    hits = sa.select(*_shown(first)).where(*_matching(shape, first))
    return _stopping_early(shape, hits, first.c.label_key, first.c.id)


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
    """Which entries this viewer may find, and asks for."""
    rules: list[sa.ColumnElement[bool]] = []
    if shape.kinds:
        rules.append(entries.c.kind.in_(sa.bindparam("kinds", expanding=True)))
    if shape.owner:
        rules.append(entries.c.owner_id == sa.bindparam("owner", type_=sa.BigInteger))
    if shape.since:
        rules.append(entries.c.at >= sa.bindparam("since", type_=UtcDateTime))
    if shape.until:
        rules.append(entries.c.at < sa.bindparam("until", type_=UtcDateTime))
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


def _holding(shape: Shape, sampled: bool, which: str = "") -> list[sa.ColumnElement[bool]]:
    """What the index answers: entries of a level (`below`) with all that is asked for."""
    if shape.sqlite:
        match = _fts.c[FTS].op("MATCH")(sa.bindparam("match", type_=sa.Text))
        within = _fts.c.rowid < sa.bindparam(f"below{which}", type_=sa.BigInteger)
        return [_entries.c.id.in_(sa.select(_fts.c.rowid).where(match, within))]
    # The sum keeps PostgreSQL from reading the keys of a level besides: the grams name it too.
    below = _entries.c.id + 0 < sa.bindparam(f"below{which}", type_=sa.BigInteger)
    holding = [_entries.c.grams.contains(sa.bindparam(f"grams{which}", type_=Grams)), below]
    if sampled:
        holding.append(in_sample())
    if shape.few_kinds:
        holding.append(_entries.c.grams.overlap(sa.bindparam("few", type_=Grams)))
    if shape.days:
        holding.append(_entries.c.grams.overlap(sa.bindparam("days", type_=Grams)))
    return holding


def in_sample() -> sa.ColumnElement[bool]:
    """What the smaller index is made over, word for word: PostgreSQL compares no values here."""
    return _entries.c.id < sa.literal_column(str(marks.below(marks.SAMPLED)))


def _shown(entries: Any) -> list[Any]:
    return [entries.c[name] for name in _SHOWN]


def _number(name: str) -> sa.BindParameter[int]:
    return sa.bindparam(name, type_=sa.Integer)
