"""Find records by any part of their names, by their numbers, by words in their texts.

A question is split at blanks; every term must stand in the folded text of the record. The
answers come in four tiers: number equal or beginning so, label beginning so, anything else.
Of a word in very many records (more than about one in 400 of a large index) an unsorted,
but always the same, choice is given instead of a sort of them all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from crm.extensions import db
from crm.search import folding
from crm.search.folding import LAST
from crm.search.models import FTS, KINDS, Entry, Handler, Identifier

SAMPLE = 3000
"""Entries looked through to learn whether a word is common."""

COMMON = 8
"""Hits in a sample that make a word common."""

WIDEST = 40_000
"""Entries looked through at most for answers with a common word."""

LABELS = 1000
"""Labels that begin with a common word that are looked through for the other words."""

LARGE = 10_000
"""Up to this many entries in all, every answer is sorted."""

SHORTEST_PREFIX = 3
FEW_KINDS = 3
_fts = sa.table(FTS, sa.column("rowid", sa.BigInteger), sa.column(FTS), sa.column("grams"))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, as far as restricted entries go: `handles` such as `staff:12`, `team:3`."""

    handles: tuple[str, ...] = ()
    sees_all: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One answer."""

    kind: str
    record_id: int
    account_id: int | None
    label: str
    sublabel: str
    body: str


def find(
    viewer: Viewer, q: str, kinds: Collection[str] | None = None, limit: int = 20
) -> list[Found]:
    """Find at most `limit` records among the kinds the viewer may see; None means any kind.

    Restricted entries are found by their handlers alone. The same data give the same answers
    in the same order on every database.
    """
    asked = _Question(viewer, folding.terms_of(q), _some(kinds), limit)
    if asked.kinds == ():
        return []
    answers: dict[int, Any] = {}
    for row in _tiers(asked, folding.identifier_keys(q[: folding.MOST_CHARACTERS])):
        answers.setdefault(row.id, row)
        if len(answers) == limit:
            break
    return [
        Found(r.kind, r.record_id, r.account_id, r.label, r.sublabel, r.body)
        for r in answers.values()
    ]


@dataclass(frozen=True, slots=True)
class _Question:
    viewer: Viewer
    terms: list[str]
    kinds: tuple[str, ...] | None
    limit: int

    def visible(self, entry: type[Entry]) -> list[sa.ColumnElement[bool]]:
        """Which entries this viewer may find at all."""
        rules: list[sa.ColumnElement[bool]] = []
        if self.kinds is not None:
            rules.append(entry.kind.in_(self.kinds))
        if not self.viewer.sees_all:
            handled = sa.exists().where(
                Handler.entry_id == entry.id, Handler.handler.in_(self.viewer.handles)
            )
            rules.append(sa.or_(entry.restricted.is_(False), handled))
        return rules

    def matching(self, entry: type[Entry]) -> list[sa.ColumnElement[bool]]:
        """Every term stands in the text, and the entry may be found."""
        return [
            *(entry.text.contains(t, autoescape=True) for t in self.terms),
            *self.visible(entry),
        ]


def _some(kinds: Collection[str] | None) -> tuple[str, ...] | None:
    return None if kinds is None else tuple(kind for kind in KINDS if kind in kinds)


def _tiers(asked: _Question, keys: set[str]) -> Iterator[Any]:
    yield from _by_identifier(asked, keys)
    if not asked.terms:
        return
    sample = _among_first(asked, SAMPLE)
    if len(sample) < COMMON or not sample[0].large:
        yield from _sorted(asked)
        return
    yield from _by_label(asked)
    yield from sample
    if len(sample) < asked.limit:
        yield from _among_first(asked, WIDEST)


def _by_identifier(asked: _Question, keys: set[str]) -> list[Any]:
    """Entries with one of these numbers, then those with numbers that begin so."""
    rows: list[Any] = []
    for key in keys:
        begins = sa.and_(Identifier.key >= key, Identifier.key < key + LAST)
        rows += db.session.execute(
            sa.select(*_shown(Entry), Identifier.key)
            .join(Identifier, Identifier.entry_id == Entry.id)
            .where(
                begins if len(key) >= SHORTEST_PREFIX else Identifier.key == key,
                *asked.visible(Entry),
            )
            .order_by(Identifier.key, Identifier.entry_id)
            .limit(2 * asked.limit)
        )
    return sorted(rows, key=lambda row: (row.key not in keys, row.key, row.id))


def _among_first(asked: _Question, count: int) -> list[Any]:
    """Hits among the first entries in the order of their keys, which is a shuffled one."""
    some = _first(count, Entry.id)
    more = sa.select(Entry.id).order_by(Entry.id).offset(LARGE).limit(1).scalar_subquery()
    return list(
        db.session.execute(
            sa.select(*_shown(some), more.is_not(None).label("large"))
            .where(*asked.matching(some))
            .order_by(some.id)
            .limit(max(asked.limit, COMMON))
        )
    )


def _by_label(asked: _Question) -> list[Any]:
    """Of a common word: entries whose label begins with it, as far as a short look goes."""
    rows: list[Any] = []
    for term in asked.terms:
        begins = sa.and_(Entry.label_key >= term, Entry.label_key < term + LAST)
        some = _first(LABELS, Entry.label_key, Entry.id, where=begins)
        rows += db.session.execute(
            sa.select(*_shown(some))
            .where(*asked.matching(some))
            .order_by(some.label_key, some.id)
            .limit(asked.limit)
        )
    return sorted(rows, key=lambda row: (row.label_key, row.id))


def _first(count: int, *order: Any, where: Any = True) -> type[Entry]:
    """The first entries in an order that an index keeps."""
    first = sa.select(Entry).where(where).order_by(*order).limit(count).subquery()
    return aliased(Entry, first)


def _sorted(asked: _Question) -> list[Any]:
    """Of a rare word: all hits, labels that begin with a term first."""
    begins = sa.or_(
        *(sa.and_(Entry.label_key >= t, Entry.label_key < t + LAST) for t in asked.terms)
    )
    return list(
        db.session.execute(
            sa.select(*_shown(Entry))
            .where(*_holding_grams(asked), *asked.matching(Entry))
            .order_by(sa.case((begins, 0), else_=1), Entry.label_key, Entry.id)
            .limit(asked.limit)
        )
    )


def _holding_grams(asked: _Question) -> list[sa.ColumnElement[bool]]:
    """What the index answers: entries that hold all grams of all terms, and are of the kinds.

    Few kinds are part of what the index is asked; many would cost more than they keep out.
    """
    grams = folding.grams_asked(asked.terms)
    kinds = asked.kinds if asked.kinds and len(asked.kinds) <= FEW_KINDS else ()
    if db.session.get_bind().dialect.name == "sqlite":
        words = [f'"{word}"' for word in folding.tokens(grams)]
        if kinds:
            words.append(f"({' OR '.join(folding.tokens(list(kinds)))})")
        match = _fts.c[FTS].op("MATCH")(" AND ".join(words))
        return [Entry.id.in_(sa.select(_fts.c.rowid).where(match))]
    holding = [Entry.grams.contains(grams)]
    if kinds:
        holding.append(Entry.grams.overlap(list(kinds)))
    return holding


def _shown(entry: type[Entry]) -> list[Any]:
    return [
        entry.id, entry.kind, entry.record_id, entry.account_id, entry.label, entry.sublabel,
        entry.body, entry.label_key,
    ]  # fmt: skip
