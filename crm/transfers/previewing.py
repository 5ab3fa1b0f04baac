"""The first rows of a file as they would be taken. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from crm.clock import local, now
from crm.sheets.rows import Row
from crm.transfers.evaluating import Evaluator
from crm.transfers.finding import Finder
from crm.transfers.kinds import Kind
from crm.transfers.labels import choice_words
from crm.transfers.mapping import Mapping, Source
from crm.transfers.refusals import Unreadable


@dataclass(frozen=True, slots=True)
class Cell:
    """What a field would say, and whether something keeps the row from being taken."""

    text: str
    wrong: bool = False
    new: bool = False


def preview(mapping: Mapping, header: Sequence[str], rows: Sequence[Row]) -> list[list[Cell]]:
    """Row by row the fields of the mapping, in its order."""
    evaluator = Evaluator(header, lambda _column, _instead: None, mapping.nulls)
    finder = Finder(mapping.source, now())
    for source in mapping.fields:
        if source.find:
            finder.prepare(source.find, [evaluator.named(source, row.cells) for row in rows])
    return [
        [_cell(mapping, evaluator, finder, source, row) for source in mapping.fields]
        for row in rows
    ]


def _cell(
    mapping: Mapping, evaluator: Evaluator, finder: Finder, source: Source, row: Row
) -> Cell:  # fmt: skip
    made = {(also.kind.record, evaluator.text(also.key, row.cells)) for also in mapping.also}
    found: list[Cell] = []

    def look(asked: Source, text: str) -> int | str | None:
        found.append(_named(mapping.kind, finder, asked, text, made))
        return text

    try:
        said = evaluator.fields([source], row.cells, look).get(source.name)
    except Unreadable as error:
        return Cell(str(error), wrong=True)
    if found:
        return found[0]
    if said is None:
        return _nothing(mapping.kind, source)
    return Cell(_spoken(mapping.kind, source.name, said))


def _nothing(kind: Kind, source: Source) -> Cell:
    missing = source.name in kind.required
    return Cell(_("missing") if missing else "", wrong=missing)


def _named(
    kind: Kind, finder: Finder, source: Source, text: str, made: set[tuple[str, str]]
) -> Cell:
    try:
        key = finder.find(source.find, text)
    except Unreadable as error:
        return Cell(str(error), wrong=True)
    if key is not None:
        return Cell(finder.label(source.find, key))
    if (source.find, text) in made:
        return Cell(text, new=True)
    if source.name == kind.later:
        return Cell(text)
    return Cell(_("There is no %(name)s.", name=text[:80]), wrong=not source.optional)


def _spoken(kind: Kind, field: str, value: Any) -> str:
    if field in kind.choices:
        return choice_words(kind, field).get(str(value), str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
