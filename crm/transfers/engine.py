"""Some rows through a mapping and into the database, at once. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from crm.sheets.rows import Row
from crm.transfers.alike import Alikes
from crm.transfers.custom import COLUMN, Customs, told
from crm.transfers.earlier import Earlier
from crm.transfers.evaluating import Evaluator, make_item
from crm.transfers.finding import Finder
from crm.transfers.kinds import Item, Kind
from crm.transfers.labels import record_word
from crm.transfers.mapping import Also, Mapping, Source
from crm.transfers.own import settled
from crm.transfers.packing import packed
from crm.transfers.refusals import InConflict, Unreadable
from crm.transfers.sorting import Seen, Sorter, changed_items
from crm.transfers.tally import EXAMPLES, Note, Tally
from crm.transfers.trying_links import called_keys, keys_of, remember
from crm.transfers.writing import write_changed, write_new

CALLED = ("name", "family_name", "title", "subject", "code", "number", "serial_no", "symptom")
"""The columns by one of which a record is called; a person's title is none of a person."""
KEYS_OF_OURS = ("_key", "_core", "_e164", "legal_form", "legal_form_position")
"""Columns that follow from others: nobody reads of their changes."""


class Engine:
    """The rows of one kind and one file, some hundred at a time."""

    def __init__(
        self, mapping: Mapping, header: Sequence[str], finder: Finder,
        earlier: Earlier | None = None,
    ) -> None:  # fmt: skip
        """`earlier` is what a dry run remembers of rows that it has taken back."""
        self.mapping, self.kind, self.finder = mapping, mapping.kind, finder
        self.earlier, self.alikes = earlier, Alikes(mapping.kind, earlier)
        self.custom = Customs(mapping.kind, [one.name for one in mapping.fields], finder)
        self.evaluator = Evaluator(header, self._blank, mapping.nulls)
        self.seen = Seen()
        self.tally = Tally()
        self.sorter = Sorter(self.kind, finder, self.seen)
        self.row = Row(0, [])
        self._came: set[tuple[str, str]] = set()

    def skip(self, row: Row) -> None:
        """A row that was gone through before a halt: only its key is remembered."""
        try:
            self.seen.skip(self._own_key(row), row.line)
        except Unreadable:
            return

    def take(self, rows: Sequence[Row]) -> Tally:
        """Sort the rows and write what is new and what changes."""
        self.tally = Tally(rows=len(rows))
        self.finder.forget()
        self.finder.likenesses.clear()
        self.sorter = Sorter(self.kind, self.finder, self.seen)
        self._prepare(rows)
        read = [(row, item) for row in rows if (item := self._read(row)) is not None]
        read = settled(self, read, self._look)
        self.sorter.look([item for _row, item in read])
        for row, item in read:
            self._sort(row, item)
        self._write({item.line: row for row, item in read})
        self.tally.likenesses.update(self.finder.likenesses)
        self._name_blanks()
        return self.tally

    def _prepare(self, rows: Sequence[Row]) -> None:
        """Read at once what the rows refer to."""
        for source in self.mapping.fields:
            if source.find and not self._later(source):
                texts = {self.evaluator.named(source, row.cells) for row in rows if not row.junk}
                self.finder.prepare(source.find, texts)

    def _read(self, row: Row) -> Item | None:
        if row.junk:
            self.tally.refuse(row, row.junk)
            return None
        self.row = row
        try:
            self._check_kept(row)
            item = self._item(self.kind, self.mapping.key, self.mapping.fields)
            self._make_always()
        except Unreadable as error:
            self.tally.refuse(row, str(error))
            return None
        return item

    def _sort(self, row: Row, item: Item) -> None:
        try:
            self.sorter.put(item)
            self.custom.ask_new(item, self.sorter.new)
        except Unreadable as error:
            self.tally.refuse(row, str(error))
            return
        for column in self.mapping.report:
            text = self.evaluator.cell(column, row.cells)
            if text:
                words = _("%(column)s: %(text)s", column=column, text=text[:80])
                self.sorter.remarks.append((row.line, words))

    def _write(self, cells: dict[int, Row]) -> None:
        sorter, counts = self.sorter, self.tally.counts
        write_new(self.kind, sorter.new, self.finder, named=False)
        good, bad = changed_items(sorter)
        for item, error in bad:
            verdict = "conflict" if isinstance(error, InConflict) else "refused"
            self.tally.refuse(cells[item.line], str(error), verdict)
        write_changed(self.kind, good, self.finder)
        self.custom.keep((*sorter.new, *good))
        counts["new"] += len(sorter.new)
        counts["changed"] += sum(bool(item.changed) for item in good)
        counts["same"] += len(sorter.same) + sum(not item.changed for item in good)
        self._show(good)
        said = {line for line, _why in sorter.remarks}
        self.tally.notes += [one for one in self.alikes.of(sorter.new) if one.line not in said]
        if self.earlier is not None and self.kind.later:
            remember(self.kind, self.earlier, sorter.new, good)

    def _show(self, changed: Sequence[Item]) -> None:
        for line, why in self.sorter.remarks:
            self.tally.remark(line, "new", why)
        for item in self.sorter.new[: EXAMPLES["new"]]:
            self.tally.notes.append(Note(item.line, "new", label=called(item)))
        for item in changed:
            if item.changed:
                note = Note(item.line, "changed", label=called(item), changes=self._changes(item))
                self.tally.notes.append(note)

    def _changes(self, item: Item) -> dict[str, Any]:
        names = [
            name for name in item.changed if name != COLUMN and not name.endswith(KEYS_OF_OURS)
        ]
        before = packed(self.kind.table, item.before)
        after = packed(self.kind.table, {name: item.columns[name] for name in names})
        changes: dict[str, Any] = {name: [before.get(name), after[name]] for name in after}
        changes |= self._lines(item)
        return changes | (told(item.before, item.columns) if COLUMN in item.changed else {})

    def _lines(self, item: Item) -> dict[str, Any]:
        lines = self.kind.lines
        if lines is None:
            return {}
        return {
            name: [
                lines.shown(name, side[name], self.finder) for side in (item.before, item.columns)
            ]
            for name in lines.nothing if name in item.changed
        }  # fmt: skip

    def _item(self, kind: Kind, template: str, sources: Sequence[Source]) -> Item:
        row = self.row
        key = self.evaluator.text(template, row.cells)
        said = self.evaluator.fields(sources, row.cells, self._look)
        if sources is self.mapping.fields:
            said = self.custom.typed(said)
        return make_item(kind, key, row.line, said, self.finder)

    def _own_key(self, row: Row) -> str:
        return self.evaluator.text(self.mapping.key, row.cells)

    def _later(self, source: Source) -> bool:
        return source.name == self.kind.later and source.find == self.kind.record

    def _look(self, source: Source, text: str) -> int | str | None:
        if self._later(source):
            return text
        found = self.finder.find(source.find, text)
        if found is None:
            found = self._make_on_demand(source.find, text) or self._stand_in(source.find, text)
        if found is None and not source.optional:
            raise Unreadable(
                _("%(column)s: there is no %(kind)s %(text)s.", column=source.column or source.name,
                  kind=record_word(source.find), text=text[:80])
            )  # fmt: skip
        return found

    def _make_on_demand(self, record: str, text: str) -> int | None:
        for also in self.mapping.also:
            if also.kind.record == record and self._key(also) == text:
                return self._make(also)
        return None

    def _make_always(self) -> None:
        for also in self.mapping.also:
            key = self._key(also)
            if also.always and key and self.finder.known(also.kind.record, key) is None:
                self._make(also)

    def _key(self, also: Also) -> str:
        return self.evaluator.text(also.key, self.row.cells)

    def _make(self, also: Also) -> int:
        """A record that comes along with this row: made at once, or the one that is there."""
        alone = Sorter(also.kind, self.finder, Seen())
        item = self._item(also.kind, also.key, also.fields)
        alone.look([item])
        alone.put(item)
        write_new(also.kind, alone.new, self.finder)
        good, _edited = changed_items(alone)
        write_changed(also.kind, good, self.finder)
        if alone.new and (also.kind.name, item.key) not in self._came:
            self._came.add((also.kind.name, item.key))
            self.tally.along[also.kind.name] += not self._came_before(also.kind, item)
        if also.kind is self.kind:
            self.sorter.know(item)
        return item.id

    def _came_before(self, kind: Kind, item: Item) -> bool:
        """Has a dry run made a record of this name for an earlier row, and taken it back?"""
        if self.earlier is None:
            return False
        keys = [f"{kind.record} {key}" for key in keys_of(kind, item)]
        found = next(self.earlier.under(keys), None) is not None
        self.earlier.remember((key, item.line, None) for key in keys)
        return found

    def _stand_in(self, record: str, text: str) -> int | None:
        """Such a record, once more, for a later row that names it without making it."""
        kind = next((one.kind for one in self.mapping.also if one.kind.record == record), None)
        if self.earlier is None or kind is None:
            return None
        keys = [f"{record} {key}" for key in called_keys(kind, text)]
        if next(self.earlier.under(keys), None) is None:
            return None
        said: dict[str, Any] = {name: text for name in ("name", "code") if name in kind.fields}
        item = make_item(kind, text, self.row.line, said, self.finder)
        write_new(kind, [item], self.finder)
        return item.id

    def _check_kept(self, row: Row) -> None:
        for column, kept in self.mapping.keep.items():
            text = self.evaluator.cell(column, row.cells)
            if text not in kept:
                raise Unreadable(
                    _("Left out by the mapping: %(column)s is %(text)s.", column=column,
                      text=text or "―")
                )  # fmt: skip

    def _name_blanks(self) -> None:
        """Say on which record the rows were put, by its name."""
        for source in self.mapping.fields:
            at = (source.column or source.name, source.blank)
            number = self.tally.blanks.pop(at, 0)
            if number:
                found = self.finder.find(source.find, source.blank) if source.find else None
                label = self.finder.label(source.find, found) if found else source.blank
                self.tally.blanks[(at[0], label)] = number

    def _blank(self, column: str, instead: str) -> None:
        self.tally.blanks[(column, instead)] += 1


def called(item: Item) -> str:
    """How the record of a row is called."""
    said = item.columns
    names = [str(said[name]) for name in CALLED if said.get(name)]
    if said.get("family_name") and said.get("given_name"):
        names = [f"{said['family_name']} {said['given_name']}"]
    return (names[0] if names else item.key)[:300]
