"""Records that custom fields refer to: by their door in SQL, by their name in the search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.attributes.kinds import RECORDS
from crm.attributes.models import AttributeDefinition
from crm.extensions import db
from crm.rights import Person, branches
from crm.search.asking import viewer_of
from crm.search.models import Entry, Handler, entry_id
from crm.search.queries import find
from crm.text.normal import clean

Asked = Mapping[str, AttributeDefinition]
Names = dict[tuple[str, int], str]
MOST = 8


def missing(asked: Asked, values: Mapping[str, Any], user: Person | None) -> dict[str, list[str]]:
    """Field → why, for every reference to a record that is not there or not for this person.

    One statement for each reference among `values`; a job (without a user) may name anything.
    """
    why = [_("There is no such record, or it is not for you.")]
    return {
        name: why
        for name, value in values.items()
        if value is not None and asked[name].kind == "reference"
        and not _there(asked[name].refers_to, int(value), user)
    }  # fmt: skip


def _there(kind: str, key: int, user: Person | None) -> bool:
    table = db.metadata.tables[RECORDS[kind].table]
    seen: sa.ColumnElement[bool] = sa.true()
    if user is not None:
        seen = sa.or_(*branches(user, "view", RECORDS[kind].right, table.c))
    with db.session.no_autoflush:
        return db.session.scalar(sa.select(table.c.id).where(table.c.id == key, seen)) is not None


def names_of(wanted: Iterable[tuple[str, int]], user: Person | None) -> Names:
    """(Kind, key) → what the record is called, of those that this person may see; one statement."""
    entries = {entry_id(kind, key): (kind, key) for kind, key in wanted}
    if not entries:
        return {}
    where: list[sa.ColumnElement[bool]] = [Entry.id.in_(entries)]
    viewer = viewer_of(user) if user is not None else None
    if viewer is not None and not viewer.sees_all:
        mine = sa.exists().where(Handler.entry_id == Entry.id, Handler.handler.in_(viewer.handles))
        where.append(sa.or_(Entry.restricted.is_(False), mine))
    rows = db.session.execute(sa.select(Entry.id, Entry.label).where(*where))
    return {entries[row.id]: row.label for row in rows}


def candidates(one: AttributeDefinition, q: str, user: Person) -> list[tuple[int, str, str]]:
    """Records that a reference may name, by what was typed: (key, name, what it is)."""
    if not clean(q):
        return []
    found = find(viewer_of(user), q[:200], (one.refers_to,), MOST)
    return [(hit.record_id, hit.label, hit.sublabel) for hit in found]
