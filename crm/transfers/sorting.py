"""Sort some rows into new, changed, same, in conflict and refused: against what is there, against
each other and against the rows before them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.extensions import db
from crm.transfers.custom import merge
from crm.transfers.directories import among, looked_up, parts
from crm.transfers.evaluating import thaw
from crm.transfers.filling_in import fill_in
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind
from crm.transfers.labels import column_word
from crm.transfers.models import ImportKey
from crm.transfers.refusals import InConflict, Unreadable
from crm.transfers.tables import table_of
from crm.transfers.unsaid import keep_unsaid

_KEYS = table_of(ImportKey)


SHORT = 10
"""Digits of a digest that are remembered; line and digits weigh 32 bytes together."""
DIGESTS = 16**SHORT


@dataclass(slots=True)
class Seen:
    """What earlier rows of the file were: a number for each key and identity, and their lines; with
    that of a key a number for what was said of it. Whole numbers weigh a third of the texts."""

    keys: dict[int, int] = field(default_factory=dict)
    identities: dict[int, int] = field(default_factory=dict)

    def skip(self, key: str, line: int) -> None:
        """A row that was gone through before a halt: what it said is not known here."""
        self.keys.setdefault(_number(key), line * DIGESTS)

    def enter(self, item: Item) -> int | None:
        """Enter a row; the entry of an earlier one with its key, which stays."""
        own = item.line * DIGESTS + _short(item.digest)
        found = self.keys.setdefault(_number(item.key), own)
        return None if found // DIGESTS == item.line else found


def _number(what: Hashable) -> int:
    """A number for what is remembered; one bit more would weigh half as much again."""
    return hash(what) & (2**60 - 1)


def _short(digest: str) -> int:
    return int(digest[:SHORT], 16)


class Sorter:
    """Sorts some rows of one kind. What it has sorted is written afterwards, at once.

    `remarks` are rows that are taken, but not quite as they stand.
    """

    def __init__(self, kind: Kind, finder: Finder, seen: Seen) -> None:
        self.kind, self.finder, self.seen = kind, finder, seen
        self.new: list[Item] = []
        self.same: list[Item] = []
        self.differing: list[Item] = []
        self.twins: list[Item] = []
        self.remarks: list[tuple[int, str]] = []
        self._taken: dict[Hashable, int] = {}
        self._own: set[int] = set()
        self._gone: set[str] = set()

    def look(self, items: Sequence[Item]) -> None:
        """Read what is there of these rows, a few statements for all of them."""
        self.finder.known_keys(self.kind.record, [item.key for item in items])
        self._gone |= self._without_record(items)
        found = self._holders(items)
        self._taken |= found
        self._own |= self._of_source(found.values())

    def put(self, item: Item) -> None:
        """Decide about one row; one that says what an earlier one said is the same.

        Raises Unreadable.
        """
        before = self.seen.enter(item)
        known = self.finder.known(self.kind.record, item.key)
        if before is not None:
            self._put_again(item, before, known)
            return
        if known is None:
            self._put_new(item)
            return
        item.id = known[0]
        if item.key in self._gone:
            raise Unreadable(_("It was imported before and has been removed here since."))
        if known[1] == item.digest:
            self.same.append(item)
        else:
            self.differing.append(item)

    def _put_again(self, item: Item, before: int, known: tuple[int, str] | None) -> None:
        """After a halt what earlier rows said stands in the database alone."""
        there = known is not None and known[1] == item.digest
        line, said = divmod(before, DIGESTS)
        if not there and said != _short(item.digest):
            raise Unreadable(_("The same key as line %(n)s: %(key)s.", n=line, key=item.key))
        self.same.append(item)

    def know(self, item: Item) -> None:
        """A record of this kind that came along while the rows are still being read."""
        own = identity(self.kind, item.columns)
        if own is not None:
            self._taken[own] = item.id
        self._own.add(item.id)

    def free(self, own: Hashable, item: Item) -> bool:
        """May a record that is here take this identity? From now on it is taken."""
        line = self.seen.identities.setdefault(_number(own), item.line)
        return line == item.line and self._taken.get(own) in (None, item.id)

    def _put_new(self, item: Item) -> None:
        own = identity(self.kind, item.columns)
        there = self._taken.get(own) if own is not None else None
        before = self.seen.identities.get(_number(own)) if own is not None else None
        if before is not None or (there is not None and there in self._own):
            self._share(item, before)
        elif there is not None:
            item.id = there
            self._own.add(there)
            self.twins.append(item)
        else:
            self.new.append(item)
        if own is not None:
            self.seen.identities.setdefault(_number(own), item.line)

    def _share(self, item: Item, before: int | None) -> None:
        """Another row has this identity: keep this one without it, or refuse it."""
        where = _("line %(n)s", n=before) if before else _("a record imported before")
        what = item.columns[self.kind.identity[-1]]
        if not self.kind.shared:
            raise Unreadable(_("%(what)s is already that of %(where)s.", what=what, where=where))
        item.columns[self.kind.shared] = None
        self.remarks.append(
            (item.line, _("Taken without %(what)s, which is that of %(where)s.", what=what,
                          where=where))
        )  # fmt: skip
        self.new.append(item)

    def _holders(self, items: Sequence[Item]) -> dict[Hashable, int]:
        """Identity → the record that has it here already."""
        kind = self.kind
        wanted = {own for item in items if (own := identity(kind, item.columns)) is not None}
        if not wanted:
            return {}
        *_others, last = kind.identity
        column = kind.table.c[last]
        found: dict[Hashable, int] = {}
        for some in parts(sorted({own[-1] for own in wanted})):
            rows = db.session.execute(
                sa.select(kind.table.c.id, *(kind.table.c[name] for name in kind.identity)).where(
                    among(column, some)
                )
            )
            found |= {tuple(row)[1:]: int(row.id) for row in rows}
        return {own: record_id for own, record_id in found.items() if own in wanted}

    def _of_source(self, ids: Iterable[int]) -> set[int]:
        """Which of these records this source has brought."""
        own = (_KEYS.c.kind == self.kind.record, _KEYS.c.source == self.finder.source)
        column = _KEYS.c.record_id
        return {row.record_id for row in looked_up((column,), own, column, sorted(set(ids)))}

    def _without_record(self, items: Sequence[Item]) -> set[str]:
        """Keys whose record has been removed here."""
        ids = {
            item.key: known[0] for item in items
            if (known := self.finder.known(self.kind.record, item.key)) is not None
        }  # fmt: skip
        there: set[int] = set()
        for some in parts(sorted(set(ids.values()))):
            there |= set(
                db.session.scalars(
                    sa.select(self.kind.table.c.id).where(among(self.kind.table.c.id, some))
                )
            )
        return {key for key, record_id in ids.items() if record_id not in there}


def changed_items(sorter: Sorter) -> tuple[list[Item], list[tuple[Item, Unreadable]]]:
    """What is to be changed, and rows that must not be, with the reason."""
    ids = [item.id for item in (*sorter.differing, *sorter.twins)]
    there, before = current(sorter.kind, ids), _said_before(sorter)
    good, bad = [], []
    for item in sorter.differing:
        try:
            keep_unsaid(sorter.kind, item, before[item.key], sorter.finder)
            if item.said == before[item.key]:
                sorter.same.append(item)
                continue
            _compare(sorter, item, there[item.id], before[item.key])
            _keep_before(sorter.kind, item, there[item.id], before[item.key])
            good.append(item)
        except Unreadable as error:
            bad.append((item, error))
    why = sorter.kind.held_back(good)
    bad += [(item, Unreadable(why[item.id])) for item in good if item.id in why]
    good = [item for item in good if item.id not in why]
    for item in sorter.twins:
        try:
            fill_in(sorter.kind, item, there[item.id], sorter.finder)
            _keep_before(sorter.kind, item, there[item.id], None)
            good.append(item)
        except Unreadable as error:
            bad.append((item, error))
    return good, bad


def _compare(sorter: Sorter, item: Item, there: Fields, before: Fields) -> None:
    """Note which columns change. Raises Unreadable where the change cannot be made."""
    kind = sorter.kind
    differing = {name for name in {*item.said, *before} if item.said.get(name) != before.get(name)}
    if fixed := differing & kind.fixed:
        raise Unreadable(
            _("%(fields)s cannot be changed by a file.", fields=_words(kind, sorted(fixed)))
        )
    old = {**there, **kind.told(thaw(kind, before), sorter.finder)}
    edited = merge(item, there, before)
    item.changed = tuple(name for name, value in item.columns.items() if value != old[name])
    _check_free(sorter, item)
    edited += [
        name for name in item.changed if not _same(there[name], old[name], item.columns[name])
    ]
    if edited:
        raise InConflict(_("It was edited here since: %(fields)s.", fields=_words(kind, edited)))
    if kind.later in differing:
        column = f"{kind.later}_id"
        item.columns[column] = None
        item.changed = (*item.changed, column)


def _words(kind: Kind, names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(column_word(kind.name, name) for name in names))


def _check_free(sorter: Sorter, item: Item) -> None:
    """What no two records may share must not be another's."""
    own = identity(sorter.kind, item.columns)
    moved = own is not None and bool(set(sorter.kind.identity) & set(item.changed))
    if moved and not sorter.free(own, item):
        what = item.columns[sorter.kind.identity[-1]]
        raise Unreadable(_("%(what)s is already that of another record.", what=what))


def _keep_before(kind: Kind, item: Item, there: Fields, said: Fields | None) -> None:
    """What an undo puts back: the columns, also that of a reference filled later, and the key."""
    names = [*item.changed, f"{kind.later}_id"] if kind.later else item.changed
    item.before = {name: there[name] for name in names if name in there}
    item.said_before = said


def _same(there: Any, old: Any, new: Any) -> bool:
    """Is the column as the last import left it, or already as this one wants it?"""
    return (there or None) in (old or None, new or None) or there in (old, new)


def _said_before(sorter: Sorter) -> dict[str, Fields]:
    own = (_KEYS.c.source == sorter.finder.source, _KEYS.c.kind == sorter.kind.record)
    keys = [item.key for item in sorter.differing]
    rows = looked_up((_KEYS.c.key, _KEYS.c.said), own, _KEYS.c.key, keys)
    return {row.key: row.said for row in rows}


def identity(kind: Kind, columns: Fields) -> tuple[Any, ...] | None:
    """What no other record of its kind may share; None where nothing is."""
    found = tuple(map(columns.__getitem__, kind.identity))
    return None if not found or None in found else found


def current(kind: Kind, ids: list[int]) -> dict[int, Fields]:
    """Key → the columns of records as they stand here now."""
    found: dict[int, Fields] = {}
    for some in parts(ids):
        rows = db.session.execute(sa.select(kind.table).where(among(kind.table.c.id, some)))
        found |= {row.id: dict(row._mapping) for row in rows}
    for key, lines in kind.lines.held(list(found)).items() if kind.lines else ():
        found[key] |= lines
    return found
