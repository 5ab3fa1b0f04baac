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

from crm.extensions import PLANNED_ANEW, db
from crm.search import folding, statements
from crm.search.folding import LAST
from crm.search.models import KINDS, Entry
from crm.search.sample import LARGE, SIZE, sample
from crm.search.statements import ESCAPE, Shape

COMMON = 8
"""Hits in a sample that make a word common."""

WIDEST = 40_000
"""Entries looked through at most for answers with a common word."""

LABELS = 1000
"""Labels that begin with a common word that are looked through for the other words."""

SHORTEST_PREFIX = 3
FEW_KINDS = 3
"""So many kinds are part of what the index is asked; more would cost more than they keep out."""


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
    wanted = None if kinds is None else tuple(kind for kind in KINDS if kind in kinds)
    if wanted == ():
        return []
    asked = _Question(viewer, folding.terms_of(q), wanted, limit)
    answers: dict[int, Any] = {}
    for row in _tiers(asked, folding.identifier_keys(q[: folding.MOST_CHARACTERS])):
        answers.setdefault(row.id, row)
        if len(answers) == limit:
            break
    return [
        Found(r.kind, r.record_id, r.account_id, r.label, r.sublabel, r.body)
        for r in answers.values()
    ]


class _Question:
    """A question as the statements take it: its shape, and the values of its terms."""

    def __init__(
        self, viewer: Viewer, terms: list[str], kinds: tuple[str, ...] | None, limit: int
    ) -> None:
        few = kinds is not None and len(kinds) <= FEW_KINDS
        sqlite = db.session.get_bind().dialect.name == "sqlite"
        self.terms, self.limit, self.few = terms, limit, list(kinds or ()) if few else []
        self.shape = Shape(len(terms), kinds is not None, few, viewer.sees_all, sqlite)
        self.sample = sample() if terms else None
        self.values: dict[str, Any] = {"limit": limit}
        if kinds is not None:
            self.values["kinds"] = kinds
        if not viewer.sees_all:
            self.values["handlers"] = viewer.handles

    def ask(self, statement: sa.Select[Any], **more: Any) -> list[Any]:
        """Run a statement with the values it names."""
        connection = db.session.connection()
        values = self.values | more
        return list(connection.execute(statement, values, execution_options=PLANNED_ANEW))

    def likes(self) -> dict[str, str]:
        """The terms as patterns of LIKE."""
        return {f"like_{n}": f"%{_literally(term)}%" for n, term in enumerate(self.terms)}

    def ranges(self) -> dict[str, str]:
        """The terms as beginnings of a label."""
        low = {f"from_{n}": term for n, term in enumerate(self.terms)}
        return low | {f"to_{n}": term + LAST for n, term in enumerate(self.terms)}

    def grams(self) -> dict[str, Any]:
        """What the index is asked for, as each database takes it."""
        grams = folding.grams_asked(self.terms)
        if not self.shape.sqlite:
            codes = folding.codes(grams)
            codes = self.sample.rarest(codes) if self.sample else codes
            return {"grams": codes} | ({"few": folding.codes(self.few)} if self.few else {})
        words = [f'"{word}"' for word in folding.tokens(grams)]
        few = [f"({' OR '.join(folding.tokens(self.few))})"] if self.few else []
        return {"match": " AND ".join([*words, *few])}


def _literally(term: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        term = term.replace(sign, ESCAPE + sign)
    return term


def _tiers(asked: _Question, keys: set[str]) -> Iterator[Any]:
    yield from _by_number(asked, keys)
    if not asked.terms:
        return
    first = _first_hits(asked)
    if len(first) < COMMON:
        statement = statements.ranked(asked.shape)
        yield from asked.ask(statement, **asked.likes(), **asked.ranges(), **asked.grams())
        return
    yield from _by_label(asked)
    yield from first
    if len(first) < asked.limit:
        yield from _beyond(asked, asked.limit - len(first))


def _by_number(asked: _Question, keys: set[str]) -> list[Any]:
    """Entries with one of these numbers, then those with numbers that begin so."""
    rows: list[Any] = []
    for key in keys:
        begins = len(key) >= SHORTEST_PREFIX
        span = {"to_number": key + LAST} if begins else {}
        statement = statements.by_number(asked.shape, begins)
        rows += asked.ask(statement, from_number=key, limit=2 * asked.limit, **span)
    return sorted(rows, key=lambda row: (row.key not in keys, row.key, row.id))


def _first_hits(asked: _Question) -> list[Any]:
    """Hits among the first entries of a large index, nothing in a small one."""
    limit = max(asked.limit, COMMON)
    if asked.sample is None:
        values: dict[str, Any] = asked.likes() | {"count": SIZE, "small": LARGE, "limit": limit}
        rows = asked.ask(statements.among_first(asked.shape), **values)
        return rows if rows and rows[0].large else []
    keys = asked.sample.holding(folding.codes(folding.grams_asked(asked.terms)))
    if len(keys) < COMMON:
        return []
    values = asked.likes() | {"ids": keys, "limit": limit}
    return asked.ask(statements.among_these(asked.shape), **values)


def _beyond(asked: _Question, missing: int) -> list[Any]:
    """Hits further on: after those entries, and no wider than a search may look."""
    last = _last_key(asked)
    values = asked.likes() | {"count": WIDEST - SIZE, "last": last, "limit": missing}
    return asked.ask(statements.beyond(asked.shape), **values)


def _last_key(asked: _Question) -> int:
    if asked.sample is not None:
        return asked.sample.keys[-1]
    last = sa.select(Entry.id).order_by(Entry.id).offset(SIZE - 1).limit(1)
    return db.session.scalar(last) or 0


def _by_label(asked: _Question) -> list[Any]:
    """Of a common word: entries whose label begins with it, as far as a short look goes."""
    values = {"count": LABELS, **asked.likes()}
    rows: list[Any] = []
    for term in range(len(asked.terms)):
        span = {f"{end}_{term}": asked.ranges()[f"{end}_{term}"] for end in ("from", "to")}
        rows += asked.ask(statements.by_label(asked.shape, term), **values, **span)
    return sorted(rows, key=lambda row: (row.label_key, row.id))
