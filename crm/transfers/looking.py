"""A file of a run, looked at: its columns, its first rows, and the draft that fits best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from flask_babel import get_locale

from crm.sheets.layout import names
from crm.sheets.rows import Row
from crm.sheets.tables import Choice, Table, open_table
from crm.transfers.adapting import adapted
from crm.transfers.choosing import shipped
from crm.transfers.custom import asked, with_columns
from crm.transfers.drafting import Draft, fingerprint, first_draft, with_reasons
from crm.transfers.drafts_of import draft_of
from crm.transfers.kinds import Kind
from crm.transfers.kinds.table import KINDS
from crm.transfers.mapping import Mapping, mapping_of
from crm.transfers.opening import with_days
from crm.transfers.profiles import Profile, profiles
from crm.transfers.reading_as import readers_asked, unit_above
from crm.transfers.refusals import Refusal
from crm.transfers.run_models import ImportRun
from crm.transfers.saved import mappings_of
from crm.transfers.storing import path_of

LOOKED_AT = 1_000
MOST = 100_000
"""So many rows are looked at where two orders of day and month fit the first ones, and for
further values of columns that have few."""
FEW = 30


@dataclass(frozen=True, slots=True)
class Offer:
    """A mapping that fits the columns of a file: kept by a person, or shipped. It is not `sure`
    where a file without a header has as many columns and no more is known."""

    key: str
    name: str
    mapping: Mapping
    exact: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Looked:
    """What the page of columns is made of."""

    run: ImportRun
    kind: Kind
    table: Table
    rows: Sequence[Row]
    junk: Sequence[Row]
    columns: Sequence[Profile]

    @property
    def comma(self) -> bool:
        """Is it parted by semicolons, as where commas begin the decimals?"""
        return self.table.delimiter == ";"

    def guessed(self) -> Draft:
        """The draft of what the file itself says."""
        return first_draft(self.kind, self.columns, self.comma, self.rows)

    def drafted(self, mapping: Mapping) -> Draft | None:
        """The draft of a mapping; None when it says more than the page can show."""
        found = draft_of(self.kind, mapping, self.columns)
        return found and with_reasons(found, self.guessed())


_REMEMBERED: dict[tuple[object, ...], tuple[list[Row], list[Profile]]] = {}
"""What was seen of the last files: each press on the page of columns asks for it again."""
MOST_REMEMBERED, MOST_CHARACTERS = 8, 1_000_000


def look(run: ImportRun, choice: Choice) -> Looked:
    """Open the file of a run and look at its rows. Raises Refusal when it is no table."""
    kind = asked(KINDS[run.kind])
    table = open_table(path_of(run.stored, run.file_name), choice)
    key = (run.stored, kind.name, kind.fields, str(get_locale()), table.encoding, table.delimiter,
           table.sheet, table.header_line, table.header)  # fmt: skip
    found = _REMEMBERED.get(key) or first_look(kind, table)
    first, columns = found
    if sum(len(cell) for row in first for cell in row.cells) < MOST_CHARACTERS:
        _REMEMBERED[key] = found
    for old in list(_REMEMBERED)[:-MOST_REMEMBERED]:
        _REMEMBERED.pop(old, None)
    good = [row for row in first if not row.junk and not row.blank]
    return Looked(run, kind, table, good, [row for row in first if row.junk], columns)


def first_look(kind: Kind, table: Table) -> tuple[list[Row], list[Profile]]:
    """The first rows of a table, and what stands in its columns."""
    every = table.rows()
    first = list(islice(every, LOOKED_AT))
    good = [row for row in first if not row.junk and not row.blank]
    columns = profiles(table.header, good)
    unit = unit_above([cell for row in table.titles for cell in row.cells])
    for one in columns:
        one.unit = unit
    dated = any(readers_asked(kind, field, one) for one in columns for field in _dated(kind))
    if dated or kind.choices:
        _settle(columns, islice(every, MOST))
    return first, columns


def _dated(kind: Kind) -> tuple[str, ...]:
    return (*kind.days[:1], *kind.instants[:1])


def _settle(columns: Sequence[Profile], rows: Iterator[Row]) -> None:
    """One value that fits a single order settles the column, wherever in the file it stands."""
    parted = [place for place, one in enumerate(columns) if one.share("parted")]
    few = [place for place, one in enumerate(columns) if one.repeated and len(one.distinct) <= FEW]
    for row in rows:
        if not row.junk and not row.blank:
            for place in parted:
                columns[place].order_of(row.cells[place])
            for place in few:
                columns[place].meet(row.cells[place])


def offers(looked: Looked) -> list[Offer]:
    """The mappings that fit the columns of a file, the one for just these columns first."""
    kind, header = looked.kind, looked.table.header
    fits = set(names(header))
    mark, found = fingerprint(kind, header), []
    for kept in mappings_of(kind):
        try:
            mapping = mapping_of(kept.name, with_days(kept.mapping))
        except Refusal:
            continue
        if set(names(mapping.wanted())) <= fits:
            found.append(Offer(f"kept-{kept.id}", kept.name, mapping, kept.fingerprint == mark))
    for mapping in shipped(kind):
        if mapping.columns:
            if not looked.table.header_line and len(mapping.columns) == len(header):
                found.append(Offer(mapping.name, mapping.name, mapping, sure=False))
        elif set(names(mapping.wanted())) <= fits:
            fitted = adapted(with_columns(mapping, header), looked.table)
            found.append(Offer(mapping.name, mapping.name, fitted))
    return sorted(found, key=lambda one: not one.exact)
