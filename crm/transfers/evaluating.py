"""One row through a mapping: what the file says, field by field."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.extensions import Exact
from crm.sheets.layout import names
from crm.text.cells import MARK, restored
from crm.transfers.custom import values_in
from crm.transfers.days import joined
from crm.transfers.kinds import Fields, Item, Kind
from crm.transfers.labels import column_word
from crm.transfers.mapping import PART, Source
from crm.transfers.refusals import Unreadable
from crm.transfers.values import ERRORS, NULLS, READERS, is_flag
from crm.typed import MOST_YEN

_SORTED = json.JSONEncoder(sort_keys=True, ensure_ascii=False, check_circular=False)
SMALLEST_MOST = 2**15 - 1
"""The largest number in the smallest kind of column."""

Look = Callable[[Source, str], int | str | None]
"""Finds the record that a field names."""


class Evaluator:
    """Reads the fields of rows under one header. `blank` hears what was put where nothing stood."""

    def __init__(
        self, header: Sequence[str], blank: Callable[[str, str], None], nulls: Sequence[str] = ()
    ) -> None:
        self._place = {name: place for place, name in enumerate(names(header))}
        self._cache: dict[str, int] = {}
        self._cut: dict[str, list[tuple[str, str, str]]] = {}
        self._blank = blank
        self._said = frozenset((*NULLS, *nulls))
        self._nulls = self._said | ERRORS

    def cell(self, column: str, cells: Sequence[str]) -> str:
        """What stands in a column, without the mark of an export; blank for what means nothing."""
        place = self._cache.get(column)
        if place is None:
            place = self._cache[column] = self._place[names([column])[0]]
        text = cells[place].strip()
        if text in self._nulls:
            return self._nothing(column, text)
        return restored(text) if text[0] == MARK else text

    def _nothing(self, column: str, text: str) -> str:
        """Raises Unreadable where a spreadsheet shows that it could not work out a value."""
        if text in self._said:
            return ""
        raise Unreadable(
            _(
                "%(column)s: the spreadsheet shows an error here (%(text)s).",
                column=column,
                text=text,
            )
        )

    def _flag(self, column: str, cells: Sequence[str]) -> str:
        """Yes or no; what means nothing elsewhere in the file means no here: なし."""
        found = cells[self._place[names([column])[0]]].strip()
        return found if is_flag(found) else self.cell(column, cells)

    def has(self, column: str) -> bool:
        """Does the file have this column?"""
        return names([column])[0] in self._place

    def text(self, template: str, cells: Sequence[str]) -> str:
        """A text with columns in it. A part that cannot be read raises Unreadable."""
        said = []
        for before, column, reader in self._cut.get(template) or self._parts(template):
            said.append(before)
            if column:
                text = self.cell(column, cells)
                said.append(str(_read(reader, column, text)) if reader and text else text)
        return "".join(said).strip()

    def _parts(self, template: str) -> list[tuple[str, str, str]]:
        """A text cut at its columns: what stands before each, the column, how it is read."""
        words = [*PART.split(template), "", ""]
        some = zip(words[::3], words[1::3], words[2::3], strict=True)
        found = self._cut[template] = list(some)
        return found

    def fields(self, sources: Sequence[Source], cells: Sequence[str], look: Look) -> Fields:
        """Every field of a record. Raises Unreadable naming the column."""
        said: Fields = {}
        for source in sources:
            if source.lacking and not self.has(source.column):
                continue
            if source.simple:
                text = self.cell(source.column, cells)
                said[source.name] = _read(source.read, source.column, text) if text else None
            else:
                said[source.name] = self._field(source, cells, look, said)
        return said

    def named(self, source: Source, cells: Sequence[str]) -> str:
        """The text by which a field names another record; blank for none."""
        try:
            text = str(source.value or "") or self._typed(source, cells) or source.blank
        except Unreadable:
            return ""
        return source.alias.get(text, text)

    def _field(self, source: Source, cells: Sequence[str], look: Look, said: Fields) -> Any:
        if source.if_found:
            return source.no if said.get(source.if_found) is None else source.yes
        if source.value is not None and not source.find:
            return source.value
        text = str(source.value or "") or self._typed(source, cells)
        if not text and source.blank:
            self._blank(source.column or source.name, source.blank)
            text = source.blank
        if not text:
            return None
        text = source.alias.get(text, text)
        where = source.column or source.name
        if source.find:
            return look(source, text)
        if source.words:
            if text not in source.words:
                known = ", ".join(source.words)
                raise Unreadable(_("%(column)s: %(text)s is none of %(all)s.", column=where,
                                   text=text[:60], all=known))  # fmt: skip
            return source.words[text]
        found = _read(source.read, where, text)
        if source.years_before is not None:
            found = _years_before(source.years_before, found, where)
        return found

    def _typed(self, source: Source, cells: Sequence[str]) -> str:
        if source.column:
            if source.read == "flag":
                return self._flag(source.column, cells)
            text = self.cell(source.column, cells)
            return joined(text, self.cell(source.time, cells)) if source.time else text
        return self.text(source.text, cells)


def _read(reader: str, column: str, text: str) -> Any:
    try:
        return READERS[reader](text)
    except KeyError as error:
        raise Unreadable(_("There is no reader %(name)s.", name=reader)) from error
    except ValueError as error:
        shown = text if len(text) <= 60 else text[:60] + "…"
        raise Unreadable(
            _("%(column)s: %(why)s (%(text)s)", column=column, why=error, text=shown)
        ) from error


def _years_before(day: date, years: Any, column: str) -> date:
    if not isinstance(years, int) or not 0 <= years <= 200:
        raise Unreadable(_("%(column)s: This is not a number of years.", column=column))
    return date(day.year - years, day.month, min(day.day, 28) if day.month == 2 else day.day)


def make_item(kind: Kind, key: str, line: int, said: Fields, finder: Any) -> Item:
    """Judge the fields of a record and work out its columns. Raises Unreadable."""
    if not key:
        raise Unreadable(_("The columns of the key are blank."))
    if len(key) > 200:
        raise Unreadable(_("The key is longer than %(n)s characters.", n=200))
    for name in kind.required:
        if said.get(name) is None:
            raise Unreadable(_("%(field)s is missing.", field=column_word(kind.name, name)))
    for name, choices in kind.choices.items():
        if said.get(name) is not None and said[name] not in choices:
            raise Unreadable(
                _("%(column)s: %(text)s is none of %(all)s.", text=said[name],
                  column=column_word(kind.name, name), all=", ".join(choices))
            )  # fmt: skip
    _check_days(kind, said)
    columns = kind.derive(said, finder) | values_in(said)
    fits = _fits(kind.table)
    for name, value in columns.items():
        if value is not None and not (type(value) is str and len(value) <= fits[name].characters):
            _check_fits(kind, fits[name], value)
    if kind.lines is not None:
        columns |= kind.lines.read(said, finder)
    kind.question(said, columns, finder)
    frozen = freeze(said)
    text = _SORTED.encode(frozen)
    return Item(line, key, _digest(text), frozen, said, columns, text=text)


def _check_days(kind: Kind, said: Fields) -> None:
    """A mapping that forgot to have a day read as one."""
    for names_, wanted in ((kind.days, date), (kind.instants, datetime)):
        for name in names_:
            if said.get(name) is not None and not isinstance(said[name], wanted):
                word = column_word(kind.name, name)
                raise Unreadable(_("%(field)s must be read as a day or an instant.", field=word))


@dataclass(frozen=True, slots=True)
class _Fit:
    """What a column takes: the type, the characters, the largest number."""

    name: str
    wanted: type
    characters: float
    largest: int


@cache
def _fits(table: sa.Table) -> dict[str, _Fit]:
    """What each column of a table takes."""
    return {column.name: _fit(column) for column in table.columns}


def _fit(column: sa.Column[Any]) -> _Fit:
    kind = column.type
    wanted = kind.python_type
    largest = SMALLEST_MOST if isinstance(kind, sa.SmallInteger) else MOST_YEN
    characters = (getattr(kind, "length", None) or math.inf) if wanted is str else -1
    return _Fit(column.name, wanted, characters, largest)


def _check_fits(kind: Kind, fit: _Fit, value: Any) -> None:
    """Does a value fit its column: its type, its length, its range?"""
    if not isinstance(value, fit.wanted) or (isinstance(value, bool) and fit.wanted is int):
        word = column_word(kind.name, fit.name)
        raise Unreadable(_("%(field)s cannot be %(text)s.", field=word, text=str(value)[:60]))
    if isinstance(value, str) and len(value) > fit.characters:
        word = column_word(kind.name, fit.name)
        raise Unreadable(_("%(field)s is longer than %(n)s.", field=word, n=fit.characters))
    if fit.wanted is int and isinstance(value, int) and not 0 <= value <= fit.largest:
        raise Unreadable(
            _("%(field)s must be from 0 to %(n)s, not %(text)s.", n=fit.largest, text=value,
              field=column_word(kind.name, fit.name))
        )  # fmt: skip


def freeze(said: Fields) -> Fields:
    """What a file said, as JSON can hold it; what it did not say is left out."""
    return {
        name: value if type(value) is str else _frozen(value)
        for name, value in said.items() if value is not None
    }  # fmt: skip


def _frozen(value: Any) -> Any:
    if isinstance(value, date):
        at = value.astimezone(UTC) if isinstance(value, datetime) else value
        return at.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def thaw(kind: Kind, frozen: Fields) -> Fields:
    """The reverse of freeze."""
    said = dict(frozen)
    for name in kind.days:
        if name in said:
            said[name] = date.fromisoformat(said[name])
    for name in kind.instants:
        if name in said:
            said[name] = datetime.fromisoformat(said[name])
    for name in said.keys() & kind.table.c.keys():
        if isinstance(kind.table.c[name].type, Exact):
            said[name] = Decimal(said[name])
    return said


def digest(frozen: Fields) -> str:
    """One short name for all that a file said of a record."""
    return _digest(_SORTED.encode(frozen))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
