"""Custom fields as columns of a list on a page: `also=KEY,KEY` of its address.

The field that the list is filtered or sorted by is shown unasked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crm.attributes.asking import Definitions
from crm.attributes.kinds import RECORDS
from crm.attributes.models import ORDERED, AttributeDefinition
from crm.attributes.naming import names_of
from crm.attributes.ordering import ORDER, is_field, sortable
from crm.attributes.reading import label, read
from crm.attributes.values import Shown, references, spoken
from crm.errors import Invalid
from crm.extensions import db
from crm.rights import Person

ALSO = "also"
MOST = 5
"""Columns that can be added to a list."""
Asked = Mapping[str, Sequence[AttributeDefinition]]


@dataclass(frozen=True, slots=True)
class Column:
    """One field: `order` is what the list is sorted by it with, `off` the `also` of the address
    without it (None: it stands because of the filter or the order)."""

    key: str
    label: str
    order: str
    right: bool
    off: str | None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns shown, those that can be added (name, the `also` with it), and the values."""

    shown: Sequence[Column] = ()
    offered: Sequence[tuple[str, str]] = ()
    texts: Mapping[int, Mapping[str, Shown]] = field(default_factory=dict)

    def of(self, record_id: int) -> list[tuple[Column, Shown | None]]:
        """The cells of a row."""
        said = self.texts.get(record_id, {})
        return [(one, said.get(one.key)) for one in self.shown]


def columns_of(
    kind: str, some: Definitions, args: Mapping[str, str], filtered: str, keys: Iterable[int],
    user: Person,
) -> Columns:  # fmt: skip
    """What a list of the records `keys` shows of the fields `some`; `filtered` is the key of the
    field it is narrowed by. No statement unless a field is shown; then one, and one for names."""
    asked: dict[str, list[AttributeDefinition]] = {}
    for one in some:
        asked.setdefault(one.key, []).append(one)
    also = [key for key in args.get(ALSO, "")[:300].split(",") if key in asked][:MOST]
    order = args.get("sort", "")
    by = order.removeprefix("-").removeprefix(ORDER) if is_field(order) else ""
    wanted = list(dict.fromkeys([*(key for key in (filtered, by) if key in asked), *also]))
    return Columns(
        [_column(key, asked[key], also) for key in wanted],
        [(label(of[0]), ",".join([*also, key])) for key, of in asked.items()
         if key not in wanted and len(also) < MOST],
        _texts(kind, {key: asked[key] for key in wanted}, list(keys), user) if wanted else {},
    )  # fmt: skip


def _column(key: str, of: Sequence[AttributeDefinition], also: Sequence[str]) -> Column:
    off = ",".join(one for one in also if one != key) if key in also else None
    order = f"{ORDER}{key}" if all(map(sortable, of)) else ""
    return Column(key, label(of[0]), order, of[0].kind in ORDERED and of[0].kind != "date", off)


def _texts(
    kind: str, asked: Asked, keys: Sequence[int], user: Person
) -> dict[int, dict[str, Shown]]:  # fmt: skip
    table = db.metadata.tables[RECORDS[kind].table].c
    rows = db.session.execute(sa.select(table.id, table.attributes).where(table.id.in_(keys)))
    held: dict[int, list[tuple[AttributeDefinition, Any]]] = {}
    for record_id, values in rows:
        pairs = ((_of(asked[key], (values or {}).get(key)), (values or {}).get(key))
                 for key in asked)  # fmt: skip
        held[record_id] = [(one, value) for one, value in pairs if one is not None]
    named = [
        pair for some in held.values() for one, value in some
        for pair in references([one], {one.key: value})
    ]  # fmt: skip
    names = names_of(named, user)
    return {
        record_id: {one.key: spoken(one, value, names) for one, value in some}
        for record_id, some in held.items()
    }


def _of(some: Sequence[AttributeDefinition], value: Any) -> AttributeDefinition | None:
    """The field a value is of, where several product families share the key."""
    if value is None:
        return None
    for one in some:
        try:
            read(one, value)
        except Invalid:
            continue
        return one
    return next((one for one in some if one.kind == "choice"), None)  # one offered no more
