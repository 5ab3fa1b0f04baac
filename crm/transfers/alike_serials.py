"""New units whose serial number another unit of the product has with other gaps: AB12, AB-12.

A gap means something (A9-32 is not A93-2), so the row is taken; that it may be the same machine
is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.extensions import db
from crm.installed_base.models import Unit
from crm.text.serial import squashed
from crm.transfers.directories import one_by_one
from crm.transfers.kinds import Item
from crm.transfers.tally import Note

MOST = 200_000
"""So many numbers of one file are remembered."""
_RUN = re.compile(r"\d+|\D+")
Key = tuple[int, str]


class Serials:
    """Looks at the new units of one file, some hundred at a time."""

    def __init__(self) -> None:
        self._lines: dict[int, int] = {}

    def of(self, items: Sequence[Item]) -> list[Note]:
        """Which unit each looks like, in words."""
        there = _there(items)
        found = (self._note(item, there.get(_key(item))) for item in items)
        return [one for one in found if one is not None]

    def _note(self, item: Item, there: tuple[int, str] | None) -> Note | None:
        own = hash(_key(item)) & (2**60 - 1)
        line = self._lines.get(own)
        if line is None and len(self._lines) < MOST:
            self._lines[own] = item.line
        why = _("the same letters and digits")
        if line is not None:
            name = item.columns["serial_no"]
            return Note(item.line, "new", _("Looks like line %(n)s, %(name)s (%(why)s).", n=line,
                                            name=name, why=why))  # fmt: skip
        if there is None:
            return None
        words = _("Looks like %(name)s (%(why)s).", name=there[1], why=why)
        return Note(item.line, "new", words, address=f"/units/{there[0]}")


def _key(item: Item) -> Key:
    return item.columns["product_id"], squashed(item.columns["serial_no"] or "")


def _there(items: Sequence[Item]) -> dict[Key, tuple[int, str]]:
    """Product and number without gaps → a unit that was here before, where it is written in one of
    the usual ways: without a gap, or with one wherever letters and digits meet."""
    asked = {one for item in items for one in _written(_key(item)[1])}
    if not asked:
        return {}
    own = {item.id for item in items}
    columns = (Unit.id, Unit.product_id, Unit.serial_no)
    rows = db.session.execute(one_by_one(sa.select(*columns), Unit.serial_key, asked))
    return {
        (row.product_id, squashed(row.serial_no)): (row.id, row.serial_no)
        for row in rows if row.id not in own
    }  # fmt: skip


def _written(plain: str) -> set[str]:
    return {plain, "-".join(_RUN.findall(plain))} if plain else set()
