"""Where the entries of the index come from: of each kind its table, and who makes its cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app

from crm.extensions import at_most, db
from crm.search.actions import Card, forget_many, index_many
from crm.search.models import Entry

Maker = Callable[[Sequence[int]], list[Card]]
"""Reads some records by their keys, in a fixed number of statements; makes the card of each."""


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of record: the name of its table, and the maker of its cards."""

    kind: str
    table: str
    cards: Maker

    @property
    def _rows(self) -> sa.Table:
        return db.metadata.tables[self.table]

    def keys(self, after: int, limit: int) -> list[int]:
        """The next keys of its records."""
        key = self._rows.c.id
        found = sa.select(key).where(key > after).order_by(key).limit(at_most(limit))
        return list(db.session.scalars(found))

    def present(self, keys: Sequence[int]) -> set[int]:
        """Which of these records are there."""
        key = self._rows.c.id
        return set(db.session.scalars(sa.select(key).where(key.in_(keys))))

    def count(self) -> int:
        """How many records there are."""
        return db.session.scalar(sa.select(sa.func.count()).select_from(self._rows)) or 0


def sources() -> dict[str, Source]:
    """Kind → its source; wired by the factory."""
    found: dict[str, Source] = current_app.extensions["searched"]
    return found


def refresh(kind: str, keys: Sequence[int]) -> None:
    """Bring the entries of some records up to date; of those that are gone none stays."""
    cards = sources()[kind].cards(keys)
    index_many(cards)
    forget_many(kind, sorted(set(keys) - {card.record_id for card in cards}))


def refresh_account(account_id: int, after: int, limit: int) -> int | None:
    """Bring so many entries of a customer up to date, those after a key; returns the last key.

    None when there are no more.
    """
    some = sa.select(Entry.id, Entry.kind, Entry.record_id).order_by(Entry.id)
    mine = some.where(Entry.account_id == account_id, Entry.id > after).limit(at_most(limit))
    rows = db.session.execute(mine).all()
    of_kind: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        of_kind[row.kind].append(row.record_id)
    for kind in sorted(of_kind.keys() & sources().keys()):
        refresh(kind, of_kind[kind])
    return rows[-1].id if rows else None
