"""Put records into the index and take them out, in the transaction that changes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from crm.bulk import Written, insert_many
from crm.clock import now
from crm.extensions import db
from crm.gathering import gathered
from crm.search import folding, marks
from crm.search.models import FTS, Entry, Grams, Handler, Identifier, entry_id
from crm.text.serial import squashed

MOST_BODY = 2000
"""Characters of a long text that are searched."""

HEADLINE = 60
_BATCH = 2000
Words = Callable[[Mapping[str, Sequence[int]]], Mapping[tuple[str, int], Sequence[str]]]
"""Kind → keys of records, to further words by which each is found; wired by the factory."""
_ENTRIES, _IDENTIFIERS, _HANDLERS = (
    db.metadata.tables[one.__tablename__] for one in (Entry, Identifier, Handler)
)
_fts = sa.table(FTS, sa.column("rowid"), sa.column("grams"))


@dataclass(frozen=True, slots=True)
class Card:
    """What a capability tells the search about one record.

    `label` and `sublabel` are shown and searched, and seen by everybody who may search: no
    amounts in them. `names` are other names (readings, the customer's company), `identifiers`
    numbers as typed, `body` a long text of which the matching part is shown. `at` is when it
    happened, for records that have such an instant: newer ones come first. `owner_id` is who has
    it, `about_id` the record on whose page it stands (the ticket of a note). `handlers`
    (`staff:12`, `team:3` for its managers) restricts a confidential record to them; None leaves
    it open.
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
    at: datetime | None = None
    owner_id: int | None = None
    about_id: int | None = None

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

    def grams(self, text: str) -> list[str]:
        """What the index holds of it; the levels apart, which SQLite reads from the key."""
        return folding.grams_of(marks.of(self.kind, self.owner_id, self.at), text)

    def row(self, text: str) -> dict[str, Any]:
        """Its row, but for the grams."""
        return {
            "id": self.key, "kind": self.kind, "record_id": self.record_id,
            "account_id": self.account_id, "about_id": self.about_id,
            "owner_id": self.owner_id, "at": self.at,
            "label": self.label, "sublabel": self.sublabel, "body": self.body[:MOST_BODY],
            "label_key": folding.label_key(self.label), "text": text,
            "restricted": self.handlers is not None, "updated_at": now(),
        }  # fmt: skip

    def array(self, grams: list[str]) -> str:
        """The grams as PostgreSQL reads an array, the levels with them."""
        return folding.array_of([*grams, *marks.shares(self.key)])


def headline(text: str | None) -> str:
    """The first line of a text, cut where it is long: a label for what has no name."""
    line = next(iter((text or "").splitlines()), "").strip()
    return line if len(line) <= HEADLINE else f"{line[: HEADLINE - 1]}…"


def index(kind: str, record_id: int, *, label: str, fresh: bool = False, **said: Any) -> None:
    """Put one record into the index, or bring it up to date. For the fields see `Card`.

    `fresh` for a record that was made in this transaction saves the look for an older entry.
    """
    index_many([Card(kind, record_id, label, **said)], fresh=fresh)


def index_many(cards: Iterable[Card], *, fresh: bool = False) -> int:
    """Put many records into the index; returns how many. Does not commit.

    `fresh` says that none of them is in the index yet, as in a first import.
    """
    later = gathered(db.session())
    if later is not None:
        kept = {card.key: (card, fresh) for card in cards}
        later.keep(_write_kept, kept)
        return len(kept)
    count = 0
    for batch in _batches(cards):
        _write(batch, fresh)
        count += len(batch)
    return count


def _write_kept(kept: Mapping[int, tuple[Card, bool]]) -> None:
    """Write what was gathered while many records changed in one transaction."""
    for fresh in (True, False):
        for batch in _batches(card for card, new in kept.values() if new is fresh):
            _write(batch, fresh)


def forget(kind: str, record_id: int) -> None:
    """Take a record out of the index; one that is not in it is no matter."""
    forget_many(kind, [record_id])


def forget_many(kind: str, record_ids: Sequence[int]) -> None:
    """Take records out of the index."""
    keys = sorted(entry_id(kind, one) for one in record_ids)
    later = gathered(db.session())
    if later is not None:
        later.drop(_write_kept, keys)
    if keys:
        db.session.execute(sa.delete(Entry).where(Entry.id.in_(keys)))
        _clear_grams(keys)


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


def _with_words(cards: list[Card]) -> list[Card]:
    """Cards with what is asked of records besides what their rooms know."""
    ask: Words | None = current_app.extensions.get("words_of")
    if ask is None:
        return cards
    keys: dict[str, list[int]] = defaultdict(list)
    for card in cards:
        keys[card.kind].append(card.record_id)
    said = ask(keys)
    return [
        replace(card, names=[*card.names, *more])
        if (more := said.get((card.kind, card.record_id))) else card
        for card in cards
    ]  # fmt: skip


def _write(batch: list[Card], fresh: bool) -> None:
    batch = _with_words(batch)
    texts = [card.text for card in batch]
    grams = [card.grams(text) for card, text in zip(batch, texts, strict=True)]
    rows = [card.row(text) for card, text in zip(batch, texts, strict=True)]
    arrays = [] if _sqlite() else list(map(Card.array, batch, grams))
    for row, array in zip(rows, arrays, strict=False):
        row |= {"grams": Written(array)} if fresh else {"codes": array}
    if fresh:
        insert_many(_ENTRIES, rows)
    else:
        _insert(_over(), rows)
        _clear([card.key for card in batch])
    insert_many(_IDENTIFIERS, _identifiers(batch))
    insert_many(_HANDLERS, _handlers(batch))
    if _sqlite():
        _insert(sa.insert(_fts), [
            {"rowid": card.key, "grams": " ".join(folding.tokens(some))}
            for card, some in zip(batch, grams, strict=True)
        ])  # fmt: skip


def _clear(keys: list[int]) -> None:
    """Take away what hangs on entries that are written anew."""
    for table in (Identifier, Handler):
        db.session.execute(sa.delete(table).where(table.entry_id.in_(keys)))
    _clear_grams(keys)


def _clear_grams(keys: list[int]) -> None:
    if _sqlite():
        db.session.execute(sa.delete(_fts).where(_fts.c.rowid.in_(keys)))


def _over() -> Any:
    """Write entries over older ones; PostgreSQL makes the array of grams itself, which is quicker
    than sending one."""
    writing: Any = sqlite.insert(Entry) if _sqlite() else postgresql.insert(Entry)
    if not _sqlite():
        codes = sa.cast(sa.bindparam("codes", type_=sa.Text), Grams)
        writing = writing.values(grams=codes)
    changed = [c.name for c in Entry.__table__.columns if c.name not in ("id", "kind", "record_id")]
    return writing.on_conflict_do_update(
        index_elements=["id"], set_={name: writing.excluded[name] for name in changed}
    )


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


def _insert(statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.connection().execute(statement, rows)


def _sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"
