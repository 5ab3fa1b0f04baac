"""Where the entries of the index come from: of each kind its table, and who makes its cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app

from crm.extensions import at_most, db
from crm.search.actions import Card, forget_many, index_many

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

    def keys_of(self, account_id: int, after: int, limit: int) -> list[int]:
        """The next keys of a customer's records; none where they belong to no customer."""
        if "account_id" not in self._rows.c:
            return []
        key, owner = self._rows.c.id, self._rows.c.account_id
        found = sa.select(key).where(owner == account_id, key > after).order_by(key)
        return list(db.session.scalars(found.limit(at_most(limit))))

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
