"""Doors to exports, and what an export asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crm.errors import BadRequest, Forbidden, Invalid, NotFound
from crm.exports.kinds.every import TABLES
from crm.exports.models import Export, ExportPart
from crm.exports.tables import Table, Wanted, number_of, rows
from crm.extensions import at_most, db
from crm.rights import Person, branches, may

DIRECT = 20_000
"""So many rows are read and sent at once; a longer export is a job."""
SHOWN = 30


def get_export(export_id: int, user: Person, action: str = "view") -> Export:
    """The door: raises NotFound when missing or not for this person."""
    found = db.session.get(Export, export_id)
    if found is None or not may(user, action, "export", found):
        raise NotFound
    return found


def table_named(name: str, user: Person) -> Table:
    """A kind of record to export. Raises Invalid for an unknown one, Forbidden where the role may
    not see it at all."""
    table = TABLES.get(name)
    if table is None:
        raise Invalid({"kind": [_("One of: %(all)s.", all=", ".join(TABLES))]})
    if not may(user, table.action, table.record):
        raise Forbidden(_("Your role does not allow this. An administrator can grant it."))
    return table


def tables_of(user: Person) -> list[Table]:
    """What this person may export."""
    return [table for table in TABLES.values() if may(user, table.action, table.record)]


def wanted_of(table: Table, filters: dict[str, str], columns: str, names: str) -> Wanted:
    """An export as it is asked for. Raises Invalid naming a filter that the list does not have."""
    wrong = [_("This list has no such filter.")]
    if foreign := sorted(set(filters) - set(table.known())):
        raise Invalid({f"filters.{name}": wrong for name in foreign})
    given = MultiDict({name: value for name, value in filters.items() if value != ""})
    return Wanted(table, given, columns, names == "words")


def wanted_by(export: Export, user: Person) -> Wanted:
    """What an export asks for, with the rights that the person has now."""
    table = table_named(export.kind, user)
    return wanted_of(table, export.filters, export.columns, export.names)


def count_rows(wanted: Wanted, user: Person, most: int = DIRECT) -> int:
    """How many rows an export has, counted to one more than `most`; a wrong filter is Invalid."""
    with naming_filters():
        number = number_of(wanted, user, most)
        rows(wanted, user, [sa.false()])
    return number


@contextmanager
def naming_filters() -> Iterator[None]:
    """A filter that cannot be read is the fault of its field: raises Invalid naming it."""
    try:
        yield
    except BadRequest as error:
        named = {f"filters.{name}": why for name, why in error.errors.items()}
        raise Invalid(named or {"filters": [error.detail]}, error.detail) from error


def exports_of(user: Person) -> Sequence[Export]:
    """What a person has exported lately; for an administrator, what everybody has."""
    mine = branches(user, "view", "export", Export)
    return db.session.scalars(
        sa.select(Export).where(sa.or_(*mine)).order_by(Export.id.desc()).limit(at_most(SHOWN))
    ).all()


def has_file(export: Export) -> bool:
    """Is the file of a finished export still kept?"""
    first = sa.exists().where(ExportPart.export_id == export.id, ExportPart.position == 0)
    return bool(db.session.scalar(sa.select(first)))


def parts_of(export_id: int) -> Iterator[bytes]:
    """The pieces of a file in their order, one in memory at a time."""
    position = 0
    while True:
        content: Any = db.session.scalar(
            sa.select(ExportPart.content).where(
                ExportPart.export_id == export_id, ExportPart.position == position
            )
        )
        if content is None:
            return
        yield content
        position += 1
