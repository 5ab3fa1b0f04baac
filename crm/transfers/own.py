"""Our own exports coming back: rows are known by their record ID, and only what was edited in the
spreadsheet changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from crm.clock import now
from crm.exports.kinds.every import TABLES
from crm.exports.marks import own_key
from crm.exports.tables import CHANGED, IDENTITY, Field, label_of, rows_of
from crm.extensions import db
from crm.language import LANGUAGES
from crm.sheets.rows import Row
from crm.sheets.writing import Cell, text_of
from crm.transfers.evaluating import Evaluator, Look, make_item
from crm.transfers.kinds import Item
from crm.transfers.models import ImportKey
from crm.transfers.refusals import InConflict, Unreadable
from crm.transfers.values import READERS

if TYPE_CHECKING:
    from crm.transfers.engine import Engine

SOURCE = "engawa"
Pairs = Sequence[tuple[Row, Item]]
A_SECOND = timedelta(seconds=1)


def settled(engine: Engine, read: Pairs, look: Look) -> list[tuple[Row, Item]]:
    """The rows that may be sorted: of records of ours what they say now is what a file is compared
    with, when nobody has changed them since it was written. The others are refused.
    """
    if engine.mapping.source != SOURCE or engine.kind.name not in TABLES:
        return list(read)
    keys = {item.line: key for _row, item in read if (key := own_key(item.key)) is not None}
    if not keys:
        return list(read)
    return _Own(engine, keys, look).settled(read)


class _Own:
    """Some records of ours that come back in a file."""

    def __init__(self, engine: Engine, keys: dict[int, int], look: Look) -> None:
        self.engine, self.keys, self.look = engine, keys, look
        self.table = TABLES[engine.kind.name]
        self.language = self._language()
        with force_locale(self.language):
            self.fields = [one for one in self.table.every() if not one.key]
            self.header = [label_of(self.table, one) for one in self.fields]
            self.there = rows_of(self.table, sorted(set(keys.values())))
        self.evaluator = Evaluator(self.header, lambda _column, _instead: None)

    def _language(self) -> str:
        """In which of the languages the file is named."""
        identity = Field(IDENTITY)
        for language in LANGUAGES:
            with force_locale(language):
                if f"{{{label_of(self.table, identity)}}}" == self.engine.mapping.key:
                    return language
        return LANGUAGES[0]

    def settled(self, read: Pairs) -> list[tuple[Row, Item]]:
        good = []
        for row, item in read:
            try:
                if item.line in self.keys:
                    self._settle(row, item)
                good.append((row, item))
            except Unreadable as error:
                verdict = "conflict" if isinstance(error, InConflict) else "refused"
                self.engine.tally.refuse(row, str(error), verdict)
        return good

    def _settle(self, row: Row, item: Item) -> None:
        cells = self.there.get(self.keys[item.line])
        if cells is None:
            raise Unreadable(_("It was removed here since it was exported."))
        known = self.engine.finder.known(self.engine.kind.record, item.key)
        stands = self._stands(item, [text_of(cell) for cell in cells])
        if known is not None and known[1] in (item.digest, stands.digest):
            return
        if stands.digest == item.digest or self._untouched(row, cells):
            self._remember(stands, known is not None)
        elif known is None:
            raise InConflict(_("It was edited here since it was exported."))

    def _stands(self, item: Item, texts: list[str]) -> Item:
        """The record as it stands here, read as the file is."""
        engine = self.engine
        said = self.evaluator.fields(engine.mapping.fields, texts, self.look)
        said = engine.custom.typed(said)
        stands = make_item(engine.kind, item.key, item.line, said, engine.finder)
        stands.id = self.keys[item.line]
        return stands

    def _untouched(self, row: Row, cells: Sequence[Cell]) -> bool:
        """Does the file say of the record the moment of change that it has here?"""
        name = self.header[[one.name for one in self.fields].index(CHANGED)]
        if not self.engine.evaluator.has(name):
            return False
        try:
            then = READERS["instant"](self.engine.evaluator.cell(name, row.cells))
            here = READERS["instant"](text_of(cells[self.header.index(name)]))
        except ValueError:
            return False
        return bool(abs(then - here) <= A_SECOND)

    def _remember(self, stands: Item, known: bool) -> None:
        """What the record says now is what the file before said."""
        engine = self.engine
        values = {
            "record_id": stands.id, "digest": stands.digest, "said": stands.said,
            "imported_at": now(),
        }  # fmt: skip
        at = {"source": SOURCE, "kind": engine.kind.record, "key": stands.key}
        if known:
            old = sa.update(ImportKey).filter_by(**at)
            db.session.execute(old.values(**values))
        else:
            db.session.execute(sa.insert(ImportKey), at | values)
        engine.finder.learn(engine.kind.record, stands.key, stands.id, stands.digest)
