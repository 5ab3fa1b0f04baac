"""New rows of a file that look like a record that is here, or like another row of the file.

Only what shares a key is compared, some records for each, and it is judged as the nightly
comparison does: what is said of a row is what the queue of doubles holds. The row is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.models import Account
from crm.doubles import keeping
from crm.doubles.comparing import Found
from crm.doubles.words import reasons
from crm.extensions import db
from crm.transfers.alike_serials import Serials
from crm.transfers.alike_ways import WAYS, Compared, Way
from crm.transfers.earlier import Earlier
from crm.transfers.kinds import Item, Kind
from crm.transfers.tally import Note

Rows = dict[int, Compared]


class Alikes:
    """Looks at the new rows of one file, some hundred at a time. A dry run, which takes them back,
    remembers them in `earlier`."""

    def __init__(self, kind: Kind, earlier: Earlier | None = None) -> None:
        self._kind, self._earlier, self._serials = kind, earlier, Serials()
        self._known = 0
        if earlier is not None and kind.record in WAYS:
            self._known = db.session.scalar(sa.select(sa.func.max(Account.id))) or 0

    def of(self, items: Sequence[Item]) -> list[Note]:
        """Whom these rows look like, in words; the pairs are in the queue afterwards."""
        if self._kind.record == "unit":
            return self._serials.of([one for one in items if one.columns["serial_no"]])
        way = WAYS.get(self._kind.record)
        if way is None or not items:
            return []
        lines = {item.id: item.line for item in items}
        names = way.columns[1:]
        own = way.own([(one.id, *map(one.columns.get, names)) for one in items])
        shared = _sharing(way, [*own, *way.near(own, min(lines)), *self._before(way, own)])
        found = [one for one in way.judged(list(shared.values())) if one.right_id in lines]
        self._remember(way, own, lines)
        keeping.add([one for one in found if one.left_id > 0])
        return _Words(way, self._kind, shared, lines, self._earlier is not None).notes(found)

    def _before(self, way: Way, own: Sequence[Compared]) -> list[Compared]:
        """Rows that were taken back; for their key they have their line, less than nothing."""
        if self._earlier is None:
            return []
        keys = {key for row in own for key in way.keys(row)}
        found = {line: row for _key, line, row in self._earlier.under(keys)}
        return [(-line, *row) for line, row in found.items()]

    def _remember(self, way: Way, own: Sequence[Compared], lines: dict[int, int]) -> None:
        """The key of an account that came with this dry run means another one later."""
        if self._earlier is not None:
            self._earlier.remember(
                (key, lines[row[0]], row[1:])
                for row in own if way.owner is None or row[way.owner] <= self._known
                for key in set(way.keys(row))
            )  # fmt: skip


def _sharing(way: Way, rows: Sequence[Compared]) -> Rows:
    """Those that share a key with another: only they are laid out to be compared."""
    held: dict[str, list[Compared]] = defaultdict(list)
    for row in rows:
        for key in way.keys(row):
            held[key].append(row)
    return {row[0]: row for some in held.values() if len(some) > 1 for row in some}


class _Words:
    """What is said of some rows."""

    def __init__(
        self, way: Way, kind: Kind, rows: Rows, lines: dict[int, int], trial: bool
    ) -> None:
        self._way, self._kind, self._rows, self._lines = way, kind, rows, lines
        self._trial, self._said = trial, reasons()

    def notes(self, found: Sequence[Found]) -> list[Note]:
        """The likeliest record for each row."""
        best: dict[int, Found] = {}
        for one in sorted(found, key=lambda one: (-one.judged.score, one.left_id)):
            best.setdefault(one.right_id, one)
        return [self._note(one) for one in best.values()]

    def _note(self, found: Found) -> Note:
        other, own = found.left_id, self._lines[found.right_id]
        name = self._way.called(self._rows[other])
        why = " ・ ".join(dict.fromkeys(self._said[one] for one in found.judged.reasons))
        line = -other if other < 0 else self._lines.get(other)
        here = "" if line and self._trial else f"/{self._kind.name}/{other}"
        if line:
            words = _("Looks like line %(n)s, %(name)s (%(why)s).", n=line, name=name, why=why)
        else:
            words = _("Looks like %(name)s (%(why)s).", name=name, why=why)
        return Note(own, "new", words, address=here)
