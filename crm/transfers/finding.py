"""Find the record that a cell names: by the key of its source, exactly, or by a likeness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _

from crm.transfers.directories import (
    DIRECTORIES,
    PARTED,
    Book,
    Directory,
    Facts,
    by_names,
    keys_known,
    loaded,
)
from crm.transfers.labels import record_word
from crm.transfers.refusals import Unreadable

MOST_HELD = 4_000
"""Records of a large kind that are held at a time."""


class Finder:
    """What is there already, looked up for some hundred rows at a time.

    Small kinds (people, products) are held whole. Of large ones only what the rows at hand name is
    read: `prepare` does it with a few statements for many texts, `find` then needs none.
    """

    def __init__(self, source: str, at: datetime, run_id: int | None = None) -> None:
        self.source, self.at, self.run_id = source, at, run_id
        self.likenesses: Counter[tuple[str, str]] = Counter()
        self._known: dict[str, dict[str, tuple[int, str] | None]] = defaultdict(dict)
        self._books: dict[str, Book] = {}
        self._indexes: dict[str, Index] = {}
        self._asked: dict[str, set[str]] = defaultdict(set)
        self._found: dict[str, dict[str, tuple[int | None, str]]] = defaultdict(dict)
        self._owned: dict[str, tuple[int, dict[tuple[int, str], set[int]]]] = {}

    def forget(self, *, everything: bool = False) -> None:
        """Let go of what was read for earlier rows; everything, when it was taken back."""
        if everything or max(map(len, self._known.values()), default=0) > MOST_HELD:
            self._known.clear()
            self._found.clear()
        held = {name for name, book in self._books.items() if everything or len(book) > MOST_HELD}
        for name in held:
            if everything or not DIRECTORIES[name].whole:
                for place in (self._books, self._indexes, self._asked, self._found, self._owned):
                    place.pop(name, None)

    def prepare(self, record: str, texts: Iterable[str]) -> None:
        """Read at once what `find` will be asked for."""
        wanted = {text for text in texts if text and text not in self._found[record]}
        self.known_keys(record, wanted)
        directory = DIRECTORIES.get(record)
        if directory is None:
            return
        held = {one[0] for text in wanted if (one := self._known[record][text]) is not None}
        self.book(record).read(held)
        if not directory.whole:
            self._read_named(record, directory, wanted)

    def known_keys(self, record: str, keys: Iterable[str]) -> None:
        """Read at once which of these keys this source has brought before."""
        known = self._known[record]
        wanted = {key for key in keys if key not in known}
        if wanted:
            known.update(dict.fromkeys(wanted))
            known.update(keys_known(self.source, record, wanted))

    def known(self, record: str, key: str) -> tuple[int, str] | None:
        """The record and the digest of what this source has brought under a key before."""
        if key not in self._known[record]:
            self.known_keys(record, (key,))
        return self._known[record][key]

    def facts(self, record: str) -> Book:
        """What is known of the records of a kind, by their keys."""
        return self.book(record)

    def book(self, record: str) -> Book:
        """The records of a kind that were read."""
        if record not in self._books:
            self._books[record] = loaded(DIRECTORIES[record])
        return self._books[record]

    def learn(self, record: str, key: str, record_id: int, digest: str) -> None:
        """This source has brought a record under a key before."""
        self._known[record][key] = (record_id, digest)

    def label(self, record: str, record_id: int) -> str:
        """What a record is called."""
        place = DIRECTORIES.get(record)
        facts = (self.book(record).get(record_id) or {}) if place else {}
        return str(facts.get(place.named[0], record_id)) if place else str(record_id)

    def add(
        self, record: str, key: str, record_id: int, digest: str, facts: Facts, named: bool
    ) -> None:
        """A record has come with this import; `named`: later rows may look for its name."""
        self._known[record][key] = (record_id, digest)
        directory = DIRECTORIES.get(record)
        if directory is None or not (named or directory.whole):
            return  # whoever names it reads it
        said = {name: facts.get(name) for name in directory.columns} | {"id": record_id}
        self.book(record)[record_id] = said
        self._found.pop(record, None)
        if record in self._indexes:
            self._indexes[record].enter(said)

    def find(self, record: str, text: str) -> int | None:
        """The one record a text names. Raises Unreadable when there are several."""
        found = self._found[record].get(text)
        if found is None:
            found = self._found[record][text] = self._search(record, text)
        record_id, likeness = found
        if likeness:
            self.likenesses[(text, likeness)] += 1
        return record_id

    def find_of(self, record: str, account_id: int, text: str) -> int | None:
        """The one record of an account that a text names: many have a site called 本社.

        Raises Unreadable when there are several.
        """
        known = self.known(record, text)
        if known is not None:
            return known[0] if self.book(record)[known[0]]["account_id"] == account_id else None
        directory = DIRECTORIES[record]
        if directory.whole:
            index = self._index_of(record, directory)
            return _only(index.get((account_id, directory.exact(text)), ()), text)
        self._read_named(record, directory, {text})
        book = self.book(record)
        named = self._indexed(record).named(text)
        return _only([key for key in named if book[key]["account_id"] == account_id], text)

    def many(self, record: str, text: str | None) -> list[int]:
        """The records that a cell names, parted by semicolons or Japanese commas.

        Raises Unreadable naming the first that is not there.
        """
        found = set()
        for one in filter(None, map(str.strip, PARTED.split(text or ""))):
            key = self.find(record, one)
            if key is None:
                raise Unreadable(_("There is no %(name)s.", name=one[:80]))
            found.add(key)
        return sorted(found)

    def many_of(self, record: str, account_id: int, text: str | None) -> list[int]:
        """The same among the records of one account. Raises Unreadable."""
        found = set()
        for one in filter(None, map(str.strip, PARTED.split(text or ""))):
            key = self.find_of(record, account_id, one)
            if key is None:
                raise Unreadable(
                    _(
                        "There is no %(kind)s %(text)s of this customer.",
                        kind=record_word(record),
                        text=one[:80],
                    )
                )
            found.add(key)
        return sorted(found)

    def _search(self, record: str, text: str) -> tuple[int | None, str]:
        known = self.known(record, text)
        if known is not None:
            return known[0], ""
        directory = DIRECTORIES.get(record)
        if directory is None:
            return None, ""
        index = self._indexed(record)
        if not directory.whole:
            self._read_named(record, directory, {text})
        return index.search(text)

    def _indexed(self, record: str) -> Index:
        if record not in self._indexes:
            book = self.book(record)
            self._indexes[record] = Index(DIRECTORIES[record], book.values())
        return self._indexes[record]

    def _read_named(self, record: str, directory: Directory, texts: set[str]) -> None:
        """Read the records of a large kind that these texts may name."""
        wanted = texts - self._asked[record]
        if not wanted:
            return
        self._asked[record] |= wanted
        book, index = self.book(record), self._indexed(record)
        for facts in by_names(directory, wanted):
            book[facts["id"]] = facts
            index.enter(facts)

    def _index_of(self, record: str, directory: Directory) -> dict[tuple[int, str], set[int]]:
        book = self.book(record)
        number, index = self._owned.get(record, (-1, {}))
        if number != len(book):
            index = defaultdict(set)
            for key, said in book.items():
                for name in filter(said.get, directory.named):
                    index[(said["account_id"], directory.exact(str(said[name])))].add(key)
            self._owned[record] = (len(book), index)
        return index


class Index:
    """The records of one kind by their names."""

    def __init__(self, place: Directory, every: Iterable[Facts]) -> None:
        self._place = place
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._loose: dict[str, set[int]] = defaultdict(set)
        self._labels: dict[int, str] = {}
        for facts in every:
            self.enter(facts)

    def enter(self, facts: Facts) -> None:
        """Let a record be found."""
        place = self._place
        self._labels[facts["id"]] = str(facts[place.named[0]])
        for name in filter(facts.get, place.named):
            self._exact[place.exact(str(facts[name]))].add(facts["id"])
            if place.loose is not None:
                self._loose[place.loose(str(facts[name]))].add(facts["id"])

    def named(self, text: str) -> set[int]:
        """The records that are called exactly so."""
        return self._exact.get(self._place.exact(text), set())

    def search(self, text: str) -> tuple[int | None, str]:
        """The one record of that name, else the one of a like name with how it is really called."""
        exact = _only(self._exact.get(self._place.exact(text), ()), text)
        if exact is not None or self._place.loose is None:
            return exact, ""
        alike = _only(self._loose.get(self._place.loose(text), ()), text)
        return (None, "") if alike is None else (alike, self._labels[alike])


def _only(found: Iterable[int], text: str) -> int | None:
    ids = list(found)
    if len(ids) > 1:
        raise Unreadable(_("%(n)s records are called %(name)s.", n=len(ids), name=text))
    return ids[0] if ids else None
