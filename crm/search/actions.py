"""Put records into the index and take them out, in the transaction that changes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.search import folding
from crm.search.models import FTS, Entry, Handler, Identifier, entry_id
from crm.text.serial import squashed

MOST_BODY = 2000
"""Characters of a long text that are searched."""

SEPARATOR = "\x1f"
_BATCH = 2000
_fts = sa.table(FTS, sa.column("rowid"), sa.column("grams"))


@dataclass(frozen=True, slots=True)
class Card:
    """What a capability tells the search about one record.

    `label` and `sublabel` are shown and searched, and seen by everybody who may search: no
    amounts in them. `names` are other names (readings, the customer's company), `identifiers`
    numbers as typed, `body` a long text of which the matching part is shown. `handlers`
    (`staff:12`, `team:3` for its managers) restricts a confidential record to them; None
    leaves it open.
    """

    kind: str
    record_id: int
    label: str
    sublabel: str = ""
    account_id: int | None = None
    names: Sequence[str] = ()
    identifiers: Sequence[str] = ()
    body: str = ""
    handlers: Sequence[str] | None = None

    @property
    def key(self) -> int:
        """The key of its entry."""
        return entry_id(self.kind, self.record_id)

    @property
    def text(self) -> str:
        """Its folded text: what a term must be part of."""
        numbers = [form for given in self.identifiers for form in (given, squashed(given))]
        return folding.text_of(
            [self.label, self.sublabel, *self.names, *dict.fromkeys(numbers), self.body[:MOST_BODY]]
        )


def index(kind: str, record_id: int, *, label: str, **said: Any) -> None:
    """Put one record into the index, or bring it up to date. For the fields see `Card`."""
    index_many([Card(kind, record_id, label, **said)])


def index_many(cards: Iterable[Card], *, fresh: bool = False) -> int:
    """Put many records into the index; returns how many. Does not commit.

    `fresh` says that none of them is in the index yet, as in a first import.
    """
    count = 0
    for batch in _batches(cards):
        if not fresh:
            _remove([card.key for card in batch])
        _write(batch)
        count += len(batch)
    return count


def forget(kind: str, record_id: int) -> None:
    """Take a record out of the index; one that is not in it is no matter."""
    _remove([entry_id(kind, record_id)])


def forget_all() -> None:
    """Empty the index, before it is built anew."""
    for table in (Identifier, Handler, Entry):
        db.session.execute(sa.delete(table))
    if _sqlite():
        db.session.execute(sa.delete(_fts))


def _batches(cards: Iterable[Card]) -> Iterator[list[Card]]:
    """Cut into batches in the order of the keys (as FTS5 wants them), the last card of a key."""
    left = iter(cards)
    while some := list(islice(left, _BATCH)):
        yield [card for _, card in sorted({card.key: card for card in some}.items())]


def _remove(keys: list[int]) -> None:
    if _sqlite():
        db.session.execute(sa.delete(_fts).where(_fts.c.rowid.in_(keys)))
    db.session.execute(sa.delete(Entry).where(Entry.id.in_(keys)))


def _write(batch: list[Card]) -> None:
    texts = [card.text for card in batch]
    grams = [folding.grams_of(card.kind, text) for card, text in zip(batch, texts, strict=True)]
    rows = [
        _row(card, text) | ({} if _sqlite() else {"joined": SEPARATOR.join(some)})
        for card, text, some in zip(batch, texts, grams, strict=True)
    ]
    _insert(_entries(), rows)
    _insert(sa.insert(Identifier), _identifiers(batch))
    _insert(sa.insert(Handler), _handlers(batch))
    if _sqlite():
        rowids = [card.key for card in batch]
        _insert(sa.insert(_fts), [
            {"rowid": key, "grams": " ".join(folding.tokens(some))}
            for key, some in zip(rowids, grams, strict=True)
        ])  # fmt: skip


def _entries() -> sa.Insert:
    """Write entries; PostgreSQL makes the array itself, which is quicker than sending one."""
    if _sqlite():
        return sa.insert(Entry)
    joined = sa.func.string_to_array(sa.bindparam("joined"), SEPARATOR)
    return sa.insert(Entry).values(grams=joined)


def _row(card: Card, text: str) -> dict[str, Any]:
    return {
        "id": card.key,
        "kind": card.kind,
        "record_id": card.record_id,
        "account_id": card.account_id,
        "label": card.label,
        "sublabel": card.sublabel,
        "body": card.body[:MOST_BODY],
        "label_key": folding.label_key(card.label),
        "text": text,
        "restricted": card.handlers is not None,
        "updated_at": now(),
    }


def _identifiers(batch: list[Card]) -> list[dict[str, Any]]:
    return [
        {"key": key, "entry_id": card.key}
        for card in batch
        for key in sorted(set().union(*map(folding.identifier_keys, card.identifiers)))
    ]


def _handlers(batch: list[Card]) -> list[dict[str, Any]]:
    return [
        {"entry_id": card.key, "handler": handler}
        for card in batch
        for handler in dict.fromkeys(card.handlers or ())
    ]


def _insert(statement: sa.Insert, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.connection().execute(statement, rows)


def _sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"
