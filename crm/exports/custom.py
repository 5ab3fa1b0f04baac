"""Custom fields as columns of an export, and as a filter of every list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from crm.attributes.asking import of_kind
from crm.attributes.kinds import RECORDS
from crm.attributes.listing import FILTER, VALUE, conditions
from crm.attributes.naming import names_of
from crm.attributes.ordering import choose
from crm.attributes.reading import label
from crm.exports.marks import record_id
from crm.paging import Sort, choose_sort
from crm.rights import Person
from crm.sheets.writing import Cell

FILTERS = (FILTER, VALUE)
HELD = "_attributes"
_KINDS = {"number": "number", "money": "yen", "date": "day"}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One column: fields of several product families that share a key share it."""

    key: str
    kind: str
    label: str
    refers_to: str
    amount: bool

    @property
    def name(self) -> str:
        """The column as programs and mappings name it."""
        return f"attributes.{self.key}"

    @property
    def cell_kind(self) -> str:
        """What kind of cell its values are."""
        return _KINDS.get(self.kind, "text")


def asked_in(record: str, labels: Iterable[str]) -> list[Asked]:
    """The custom columns of a kind of record, none called like another (`labels`); one statement
    for kinds that may have any."""
    if record not in RECORDS:
        return []
    taken, found = set(labels), dict[str, Asked]()
    for one in of_kind(record):
        if one.key in found:
            continue
        said = label(one)
        called = f"{said} [{one.key}]" if said in taken else said
        taken.add(called)
        amount = one.kind == "money" and record == "deal"
        found[one.key] = Asked(one.key, one.kind, called, one.refers_to, amount)
    return list(found.values())


def fill(rows: Sequence[Row], asked: Sequence[Asked], user: Person | None, words: bool) -> None:
    """Put the values into the columns of some rows; one statement where records are named."""
    if not asked:
        return
    values = [row.get(HELD) or {} for row in rows]
    references = [one for one in asked if one.kind == "reference"]
    named = {
        (one.refers_to, int(said[one.key]))
        for one in references for said in values if said.get(one.key) is not None
    }  # fmt: skip
    names = names_of(named, user) if words else {}
    for row, said in zip(rows, values, strict=True):
        for one in asked:
            value = said.get(one.key)
            if one.kind == "reference" and words and value is not None:
                name = names.get((one.refers_to, int(value)), "")
                row[one.name] = f"{name} ({record_id(int(value))})".strip()
            else:
                row[one.name] = _cell(one, value)


def _cell(one: Asked, value: Any) -> Cell:
    if value is None:
        return None
    if one.kind == "date":
        return date.fromisoformat(value)
    if isinstance(value, float):
        return Decimal(str(value))
    return value if isinstance(value, int) else str(value)


def order(record: str, text: str | None, sorts: Mapping[str, Any], usual: str) -> Sort:
    """The order that an address asks for. Raises BadRequest naming `sort`."""
    if record in RECORDS:
        return choose(record, text, sorts, usual)
    return choose_sort(text, sorts, usual)


def condition(record: str, args: Mapping[str, str]) -> Sequence[sa.ColumnElement[bool]]:
    """The rows that an address asks for by a custom field. Raises BadRequest naming it."""
    return conditions(record, args) if record in RECORDS else ()
