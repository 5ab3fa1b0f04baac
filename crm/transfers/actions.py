"""Import a file. Nothing is committed here: the edge that asked does, or takes all back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from flask_babel import gettext as _

from crm.clock import now
from crm.transfers.choosing import read_with_mapping
from crm.transfers.evaluating import Evaluator, make_item
from crm.transfers.finding import Finder
from crm.transfers.kinds import Item, Kind
from crm.transfers.kinds.table import KINDS
from crm.transfers.mapping import Also, Mapping, Source
from crm.transfers.metering import Metering
from crm.transfers.outcome import Outcome
from crm.transfers.reading import Row, Sheet
from crm.transfers.refusals import Refused, Unreadable
from crm.transfers.sorting import Sorter, changed_items
from crm.transfers.writing import fill_later, write_changed, write_new


def import_file(
    kind: str,
    path: Path,
    mapping: str | None = None,
    encoding: str | None = None,
    fresh_by: int | None = None,
) -> Outcome:
    """Take over the rows of a file. Raises Refusal when the file or its mapping cannot be used.

    Everything happens in the open transaction, so that a dry run is this and a roll-back. What is
    imported is the past and no rule hears of it, but for readings that a person (`fresh_by`)
    brings as news.
    """
    began = time.monotonic()
    used, sheet = read_with_mapping(KINDS[kind], path, mapping, encoding)
    if used.kind.several:
        outcome = Metering(used, sheet, fresh_by).run()
    else:
        outcome = _Import(used, sheet).run()
    outcome.seconds = time.monotonic() - began
    return outcome


class _Import:
    """One file on its way in."""

    def __init__(self, mapping: Mapping, sheet: Sheet) -> None:
        self.mapping, self.kind = mapping, mapping.kind
        self.sheet = sheet
        self.outcome = Outcome(
            mapping.kind.name, sheet.name, mapping.name, sheet.encoding, sheet.header,
            len(sheet.rows) + len(sheet.broken), refused=list(sheet.broken),
            titles=[row.line for row in sheet.titles], blank_lines=sheet.blank,
        )  # fmt: skip
        self.finder = Finder(mapping.source, now())
        self.evaluator = Evaluator(sheet.header, self._blank)
        self.row: Row = Row(0, [])
        self.sorter = Sorter(self.kind, self.finder, self.outcome)

    def run(self) -> Outcome:
        for row in self.sheet.rows:
            self.row = row
            try:
                self._check_kept(row)
                self.sorter.put(self._item(self.kind, self.mapping.key, self.mapping.fields))
                self._make_always()
                self._report(row)
            except Unreadable as error:
                self._refuse(row, str(error))
        self._write()
        self.outcome.refused.sort(key=lambda one: one.line)
        self.outcome.likenesses = self.finder.likenesses
        self._name_blanks()
        return self.outcome

    def _write(self) -> None:
        sorter = self.sorter
        write_new(self.kind, sorter.new, self.finder)
        good, edited = changed_items(sorter)
        cells = {row.line: row for row in self.sheet.rows}
        for item, why in edited:
            self._refuse(cells[item.line], why)
        write_changed(self.kind, good, self.finder)
        self.outcome.new += len(sorter.new)
        self.outcome.changed += sum(bool(item.changed) for item in good)
        self.outcome.same += sum(not item.changed for item in good)
        if self.kind.later:
            self._fill_later([*sorter.new, *good])

    def _item(self, kind: Kind, template: str, sources: Sequence[Source]) -> Item:
        row = self.row
        key = self.evaluator.text(template, row.cells)
        said = self.evaluator.fields(sources, row.cells, self._look)
        return make_item(kind, key, row.line, said, self.finder)

    def _look(self, source: Source, text: str) -> int | str | None:
        if source.name == self.kind.later and source.find == self.kind.record:
            return text
        found = self.finder.find(source.find, text)
        if found is None:
            found = self._make_on_demand(source.find, text)
        if found is None and not source.optional:
            raise Unreadable(
                _("%(column)s: there is no %(kind)s %(text)s.", column=source.column or source.name,
                  kind=source.find, text=text[:80])
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
            if also.always and key and key not in self.finder.known(also.kind.record):
                self._make(also)

    def _key(self, also: Also) -> str:
        return self.evaluator.text(also.key, self.row.cells)

    def _make(self, also: Also) -> int:
        """A record that comes along with this row: made at once, or the one that is there."""
        alone = Sorter(also.kind, self.finder, self.outcome)
        item = self._item(also.kind, also.key, also.fields)
        alone.put(item)
        write_new(also.kind, alone.new, self.finder)
        good, _edited = changed_items(alone)
        write_changed(also.kind, good, self.finder)
        self.outcome.along[also.kind.name] += len(alone.new)
        if also.kind is self.kind:
            self.sorter.know(item)
        return item.id

    def _fill_later(self, items: Sequence[Item]) -> None:
        links = []
        for item in items:
            text = item.said.get(self.kind.later)
            if not text:
                continue
            try:
                other = self.finder.find(self.kind.record, text)
                why = _("There is no %(name)s.", name=text)
            except Unreadable as error:
                other, why = None, str(error)
            if other is None or other == item.id:
                self._without(item, why)
            else:
                links.append((item.id, other))
        wrong = self.kind.judge_links(links, self.finder)
        for item in items:
            if item.id in wrong:
                self._without(item, wrong[item.id])
        links = [one for one in links if one[0] not in wrong]
        fill_later(self.kind, links)
        self.kind.linked(links)

    def _without(self, item: Item, why: str) -> None:
        words = _("Taken without %(what)s: %(why)s", what=self.kind.later, why=why)
        self.outcome.remarks.append((item.line, words))

    def _check_kept(self, row: Row) -> None:
        for column, kept in self.mapping.keep.items():
            text = self.evaluator.cell(column, row.cells)
            if text not in kept:
                raise Unreadable(
                    _("Left out by the mapping: %(column)s is %(text)s.", column=column,
                      text=text or "―")
                )  # fmt: skip

    def _report(self, row: Row) -> None:
        for column in self.mapping.report:
            text = self.evaluator.cell(column, row.cells)
            if text:
                words = _("%(column)s: %(text)s", column=column, text=text[:80])
                self.outcome.remarks.append((row.line, words))

    def _name_blanks(self) -> None:
        """Say on which record the rows were put, by its name."""
        for source in self.mapping.fields:
            at = (source.column or source.name, source.blank)
            number = self.outcome.blanks.pop(at, 0)
            if number:
                found = self.finder.find(source.find, source.blank) if source.find else None
                label = self.finder.label(source.find, found) if found else source.blank
                self.outcome.blanks[(at[0], label)] = number

    def _refuse(self, row: Row, why: str) -> None:
        self.outcome.refused.append(Refused(row.line, why, tuple(row.cells)))

    def _blank(self, column: str, instead: str) -> None:
        self.outcome.blanks[(column, instead)] += 1
