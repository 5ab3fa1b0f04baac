"""Sort rows into new, changed, same and refused, against what is there and against each other."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.extensions import db
from crm.transfers.evaluating import thaw
from crm.transfers.finding import Finder
from crm.transfers.kinds import Fields, Item, Kind
from crm.transfers.models import ImportKey
from crm.transfers.outcome import Outcome
from crm.transfers.refusals import Unreadable
from crm.transfers.writing import current


class Sorter:
    """Collects the rows of one kind. What it has collected is written afterwards, at once."""

    def __init__(self, kind: Kind, finder: Finder, outcome: Outcome) -> None:
        self.kind, self.finder, self.outcome = kind, finder, outcome
        self.new: list[Item] = []
        self.differing: list[Item] = []
        self.twins: list[Item] = []
        self._lines: dict[str, tuple[int, str]] = {}
        self._identities: dict[Hashable, int] = {}
        self._gone = _gone(kind, finder)
        self._taken = _taken(kind)
        self._own = {record_id for record_id, _digest in finder.known(kind.record).values()}

    def put(self, item: Item) -> None:
        """Decide about one row; one that says what an earlier one said is the same.

        Raises Unreadable.
        """
        before, digest = self._lines.setdefault(item.key, (item.line, item.digest))
        if before != item.line:
            self._put_again(item, before, digest)
            return
        known = self.finder.known(self.kind.record).get(item.key)
        if known is None:
            self._put_new(item)
            return
        item.id = known[0]
        if item.key in self._gone:
            raise Unreadable(_("It was imported before and has been removed here since."))
        if known[1] == item.digest:
            self.outcome.same += 1
        else:
            self.differing.append(item)

    def _put_again(self, item: Item, before: int, digest: str) -> None:
        if item.digest != digest:
            raise Unreadable(_("The same key as line %(n)s: %(key)s.", n=before, key=item.key))
        self.outcome.same += 1

    def know(self, item: Item) -> None:
        """A record of this kind that came along while the rows are still being read."""
        own = identity(self.kind, item.columns)
        if own is not None:
            self._taken[own] = item.id
        self._own.add(item.id)

    def holder(self, own: Hashable) -> int | None:
        """Who has an identity here already; 0 for a new row of this file."""
        return 0 if own in self._identities else self._taken.get(own)

    def _put_new(self, item: Item) -> None:
        own = identity(self.kind, item.columns)
        there = self._taken.get(own) if own is not None else None
        before = self._identities.get(own) if own is not None else None
        if before is not None or (there is not None and there in self._own):
            self._share(item, before)
        elif there is not None:
            item.id = there
            self._own.add(there)
            self.twins.append(item)
        else:
            self.new.append(item)
        if own is not None:
            self._identities.setdefault(own, item.line)

    def _share(self, item: Item, before: int | None) -> None:
        """Another row has this identity: keep this one without it, or refuse it."""
        where = _("line %(n)s", n=before) if before else _("a record imported before")
        what = item.columns[self.kind.identity[-1]]
        if not self.kind.shared:
            raise Unreadable(_("%(what)s is already that of %(where)s.", what=what, where=where))
        item.columns[self.kind.shared] = None
        self.outcome.remarks.append(
            (item.line, _("Taken without %(what)s, which is that of %(where)s.", what=what,
                          where=where))
        )  # fmt: skip
        self.new.append(item)


def changed_items(sorter: Sorter) -> tuple[list[Item], list[tuple[Item, str]]]:
    """What is to be changed, and rows that must not be, with the reason."""
    ids = [item.id for item in (*sorter.differing, *sorter.twins)]
    there, before = current(sorter.kind, ids), _said_before(sorter)
    good, bad = [], []
    for item in sorter.differing:
        try:
            _compare(sorter, item, there[item.id], before[item.key])
            _keep_before(item, there[item.id])
            good.append(item)
        except Unreadable as error:
            bad.append((item, str(error)))
    for item in sorter.twins:
        _fill_in(item, there[item.id])
        _keep_before(item, there[item.id])
        good.append(item)
    return good, bad


def _compare(sorter: Sorter, item: Item, there: Fields, before: Fields) -> None:
    """Note which columns change. Raises Unreadable where the change cannot be made."""
    kind = sorter.kind
    differing = {name for name in {*item.said, *before} if item.said.get(name) != before.get(name)}
    if fixed := differing & kind.fixed:
        raise Unreadable(_("%(fields)s cannot be changed by a file.", fields=", ".join(fixed)))
    old = kind.derive(thaw(kind, before), sorter.finder)
    item.changed = tuple(name for name, value in item.columns.items() if value != old[name])
    _check_free(sorter, item)
    edited = [
        name for name in item.changed if not _same(there[name], old[name], item.columns[name])
    ]
    if edited:
        raise Unreadable(_("It was edited here since: %(fields)s.", fields=", ".join(edited)))
    if kind.later in differing:
        column = f"{kind.later}_id"
        item.columns[column] = None
        item.changed = (*item.changed, column)


def _check_free(sorter: Sorter, item: Item) -> None:
    """What no two records may share must not be another's."""
    own = identity(sorter.kind, item.columns)
    if own is not None and set(sorter.kind.identity) & set(item.changed):
        other = sorter.holder(own)
        if other not in (None, item.id):
            what = item.columns[sorter.kind.identity[-1]]
            raise Unreadable(_("%(what)s is already that of another record.", what=what))


def _fill_in(item: Item, there: Fields) -> None:
    """A record that people entered is only filled up where it is blank."""
    item.changed = tuple(
        name for name, value in item.columns.items()
        if there[name] in (None, "") and value not in (None, "")
    )  # fmt: skip
    item.columns = {**there, **{name: item.columns[name] for name in item.changed}}


def _keep_before(item: Item, there: Fields) -> None:
    item.before = {name: there[name] for name in item.changed if name in there}


def _same(there: Any, old: Any, new: Any) -> bool:
    """Is the column as the last import left it, or already as this one wants it?"""
    return (there or None) in (old or None, new or None) or there in (old, new)


def _said_before(sorter: Sorter) -> dict[str, Fields]:
    found: dict[str, Fields] = {}
    keys = [item.key for item in sorter.differing]
    for first in range(0, len(keys), 500):
        rows = db.session.execute(
            sa.select(ImportKey.key, ImportKey.said).where(
                ImportKey.source == sorter.finder.source,
                ImportKey.kind == sorter.kind.record,
                ImportKey.key.in_(keys[first : first + 500]),
            )
        )
        found |= {row.key: row.said for row in rows}
    return found


def _gone(kind: Kind, finder: Finder) -> set[str]:
    """Keys whose record has been removed here."""
    rows = db.session.scalars(
        sa.select(ImportKey.key)
        .outerjoin(kind.table, kind.table.c.id == ImportKey.record_id)
        .where(
            ImportKey.source == finder.source,
            ImportKey.kind == kind.record,
            kind.table.c.id.is_(None),
        )
    )
    return set(rows)


def _taken(kind: Kind) -> dict[Hashable, int]:
    """Identity → the record that has it here already."""
    if not kind.identity:
        return {}
    rows = db.session.execute(
        sa.select(kind.table.c.id, *(kind.table.c[name] for name in kind.identity))
    )
    taken = {identity(kind, dict(row._mapping)): int(row.id) for row in rows}
    taken.pop(None, None)
    return taken


def identity(kind: Kind, columns: Fields) -> Hashable:
    """What no other record of its kind may share; None where nothing is."""
    found = tuple(columns[name] for name in kind.identity)
    return None if not found or None in found else found
