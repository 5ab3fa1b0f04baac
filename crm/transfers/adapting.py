"""A mapping that nobody wrote for one file, read in the way that the file is written: days in
another order, decimals with a comma, amounts in thousands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from re import Match

from crm.sheets.layout import names
from crm.sheets.rows import Row
from crm.sheets.tables import Table
from crm.transfers.mapping import PART, Mapping, Source
from crm.transfers.profiles import Profile
from crm.transfers.reading_as import ADAPTED, fitting, orders_left, unit_above

LOOKED_AT = 1_000
MOST = 100_000
"""So many rows are looked at where two orders of day and month fit the first ones."""


def adapted(mapping: Mapping, table: Table) -> Mapping:
    """The mapping with the readers that fit. Where two orders of a day fit all values the reader
    stays: such days are refused, not guessed."""
    wanted = _columns(mapping)
    columns = _looked_at(table, wanted) if wanted else {}
    readers = {
        (key, read): fitting(read, profile, table.delimiter == ";")
        for key, profile in columns.items() for read in wanted[key]
        if len(orders_left(read, profile)) < 2
    }  # fmt: skip
    changed = {at: read for at, read in readers.items() if at[1] != read}
    return _with(mapping, changed) if changed else mapping


def finding_last(mapping: Mapping) -> Mapping:
    """What names other records is read after the rest: a row that is refused makes none of them."""
    order = sorted(mapping.fields, key=lambda one: (bool(one.if_found), bool(one.find)))
    return replace(mapping, fields=tuple(order))


def _sources(mapping: Mapping) -> Iterable[Source]:
    for some in (mapping.fields, *(also.fields for also in mapping.also), *mapping.each):
        yield from some


def _columns(mapping: Mapping) -> dict[str, set[str]]:
    """The columns whose reader may change, with the readers that they have now."""
    wanted: dict[str, set[str]] = {}
    for source in _sources(mapping):
        if source.column and source.read in ADAPTED and not (source.find or source.words):
            wanted.setdefault(names([source.column])[0], set()).add(source.read)
    texts = (
        mapping.key,
        *(also.key for also in mapping.also),
        *(s.text for s in _sources(mapping)),
    )
    for hit in (hit for text in texts for hit in PART.finditer(text)):
        if hit[2] in ADAPTED:
            wanted.setdefault(names([hit[1]])[0], set()).add(hit[2])
    return wanted


def _looked_at(table: Table, wanted: Iterable[str]) -> dict[str, Profile]:
    places = {key: place for place, key in enumerate(names(table.header)) if key in set(wanted)}
    unit = unit_above([cell for row in table.titles for cell in row.cells])
    found = {key: Profile(table.header[place], unit=unit) for key, place in places.items()}
    rows = (row for row in table.rows() if not row.junk and not row.blank)
    for row in islice(rows, LOOKED_AT):
        for key, profile in found.items():
            profile.look(row.cells[places[key]])
    _settle([(places[key], one) for key, one in found.items() if one.share("parted")],
            islice(rows, MOST))  # fmt: skip
    return found


def _settle(dated: Sequence[tuple[int, Profile]], rows: Iterable[Row]) -> None:
    if any(len(profile.orders) > 1 for _place, profile in dated):
        for row in rows:
            for place, profile in dated:
                profile.order_of(row.cells[place])


def _with(mapping: Mapping, changed: dict[tuple[str, str], str]) -> Mapping:
    def source(one: Source) -> Source:
        read = changed.get((names([one.column])[0], one.read)) if one.column else None
        return replace(one, read=read or one.read, text=PART.sub(part, one.text))

    def part(hit: Match[str]) -> str:
        read = changed.get((names([hit[1]])[0], hit[2] or ""))
        return f"{{{hit[1]}|{read}}}" if read else hit[0]

    return replace(
        mapping,
        key=PART.sub(part, mapping.key),
        fields=tuple(map(source, mapping.fields)),
        each=tuple(tuple(map(source, some)) for some in mapping.each),
        also=tuple(
            replace(one, key=PART.sub(part, one.key), fields=tuple(map(source, one.fields)))
            for one in mapping.also
        ),
    )
