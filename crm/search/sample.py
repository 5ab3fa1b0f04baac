"""How common a gram is, learnt from the first entries of a large index and kept for a while.

The entries stand in a shuffled order, so the first of them are a sample. What is rare there needs
no look whether it is common, and the index of grams answers soonest when it is asked for the
rarest grams alone. Of a common word the first answers are taken from these entries, and the text
itself is always compared.
"""

from __future__ import annotations

import time
from array import array
from collections import defaultdict
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from crm.extensions import at_most, db
from crm.search.models import Entry

SIZE = 3000
"""Entries in the sample."""

LARGE = 10_000
"""With fewer entries there is nothing to save, and nothing is kept."""

KEPT_SECONDS = 900
SMALL_SECONDS = 60
RAREST = 4
"""So many grams are asked for: the index answers with few entries, which are compared anyway."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The keys of the entries in order, and gram → the places of those that hold it."""

    keys: list[int]
    held: dict[int, array[int]]

    def holding(self, grams: list[int]) -> list[int]:
        """Keys of the entries that hold all of these grams, in order."""
        first, *others = sorted(grams, key=lambda gram: len(self.held.get(gram, ()))) or [0]
        both = set(self.held.get(first, ()))
        places = both.intersection(*(self.held.get(gram, ()) for gram in others))
        return [self.keys[place] for place in sorted(places)]

    def rarest(self, grams: list[int]) -> list[int]:
        """The grams that leave the fewest entries to compare."""
        return sorted(grams, key=lambda gram: len(self.held.get(gram, ())))[:RAREST]


_kept: WeakKeyDictionary[sa.Engine, tuple[float, Sample | None]] = WeakKeyDictionary()


def sample() -> Sample | None:
    """The sample of a large index on PostgreSQL; nothing for a small one or for SQLite."""
    engine = db.engine
    if engine.dialect.name == "sqlite":
        return None
    until, found = _kept.get(engine, (0.0, None))
    if until < time.monotonic():
        found = _learn() if _is_large() else None
        _kept[engine] = time.monotonic() + (KEPT_SECONDS if found else SMALL_SECONDS), found
    return found


def _learn() -> Sample:
    read = sa.select(Entry.id, Entry.grams).order_by(Entry.id).limit(at_most(SIZE))
    keys: list[int] = []
    held: dict[int, array[int]] = defaultdict(lambda: array("H"))
    for place, (key, grams) in enumerate(db.session.execute(read)):
        keys.append(key)
        for gram in grams or ():
            held[gram].append(place)
    return Sample(keys, dict(held))


def _is_large() -> bool:
    """Are there more entries than this, by the order that tells it soonest?"""
    some = sa.select(Entry.id).order_by(Entry.label_key, Entry.id).offset(LARGE).limit(1)
    return db.session.scalar(some) is not None


def forget() -> None:
    """Learn anew at the next search, after entries came or went in great number."""
    _kept.clear()
