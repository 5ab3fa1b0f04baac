"""Records that custom fields refer to: by their door in SQL, by their name in the search.

Colleagues are no entries of the search: they are few, and are looked through.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.attributes.kinds import REFERRED, STAFF
from crm.attributes.models import AttributeDefinition
from crm.extensions import at_most, db
from crm.rights import Person, branches
from crm.search.asking import viewer_of
from crm.search.models import Entry, Handler, entry_id
from crm.search.queries import Viewer, find
from crm.staff.models import Staff
from crm.text.normal import clean, search_key

Asked = Mapping[str, AttributeDefinition]
Names = dict[tuple[str, int], str]
MOST = 8
PEOPLE = 5000
"""So many colleagues are offered at most."""


def missing(asked: Asked, values: Mapping[str, Any], user: Person | None) -> dict[str, list[str]]:
    """Field → why, for every reference to a record that is not there or not for this person.

    One statement for each reference among `values`; a job (without a user) may name anything.
    """
    found = {}
    for name, value in values.items():
        if value is None or asked[name].kind != "reference":
            continue
        kind = asked[name].refers_to
        if not _there(kind, int(value), user):
            found[name] = [_nobody() if kind == STAFF else _nothing()]
    return found


def _nothing() -> str:
    return _("There is no such record, or it is not for you.")


def _nobody() -> str:
    return _("There is no such colleague, or they have left the company.")


def _there(kind: str, key: int, user: Person | None) -> bool:
    table = db.metadata.tables[REFERRED[kind].table]
    seen: sa.ColumnElement[bool] = sa.true()
    if user is not None:
        seen = sa.or_(*branches(user, "view", REFERRED[kind].right, table.c))
    if kind == STAFF and user is not None:
        seen = sa.and_(seen, table.c.active.is_(True))
    with db.session.no_autoflush:
        return db.session.scalar(sa.select(table.c.id).where(table.c.id == key, seen)) is not None


def names_of(wanted: Iterable[tuple[str, int]], user: Person | None) -> Names:
    """(Kind, key) → what the record is called, of those that this person may see.

    One statement, and one more where colleagues are among them.
    """
    every = list(wanted)
    people = {key for kind, key in every if kind == STAFF}
    names = {(STAFF, key): name for key, name in _people(Staff.id.in_(people))} if people else {}
    entries = {entry_id(kind, key): (kind, key) for kind, key in every if kind != STAFF}
    if not entries:
        return names
    where: list[sa.ColumnElement[bool]] = [Entry.id.in_(entries)]
    viewer = viewer_of(user) if user is not None else None
    if viewer is not None and not viewer.sees_all:
        mine = sa.exists().where(Handler.entry_id == Entry.id, Handler.handler.in_(viewer.handles))
        where.append(sa.or_(Entry.restricted.is_(False), mine))
    rows = db.session.execute(sa.select(Entry.id, Entry.label).where(*where))
    return names | {entries[row.id]: row.label for row in rows}


def _people(which: sa.ColumnElement[bool]) -> list[tuple[int, str]]:
    """Key and name of colleagues, in the order of their names; who has left is marked."""
    rows = db.session.execute(
        sa.select(Staff.id, Staff.name, Staff.active)
        .where(which)
        .order_by(Staff.name_kana, Staff.id)
        .limit(at_most(PEOPLE))
    )
    left = _("%(name)s (left)", name="%s")
    return [(row.id, row.name if row.active else left % row.name) for row in rows]


def colleagues(held: Collection[int]) -> list[tuple[int, str]]:
    """Who may be named now, and whoever is named already; one statement."""
    return _people(sa.or_(Staff.active.is_(True), Staff.id.in_(held)))


def candidates(
    one: AttributeDefinition, q: str, user: Person | None
) -> list[tuple[int, str, str]]:  # fmt: skip
    """Records that a reference may name, by what was typed: (key, name, what it is)."""
    if not clean(q):
        return []
    if one.refers_to == STAFF:
        return _colleagues_called(q)
    viewer = viewer_of(user) if user is not None else Viewer(())
    found = find(viewer, q[:200], (one.refers_to,), MOST)
    return [(hit.record_id, hit.label, hit.sublabel) for hit in found]


def _colleagues_called(q: str) -> list[tuple[int, str, str]]:
    """Colleagues by a part of their name, its reading or their address; those here come first."""
    wanted = search_key(q)
    rows = db.session.execute(
        sa.select(Staff.id, Staff.name, Staff.name_kana, Staff.email)
        .order_by(Staff.active.desc(), Staff.name_kana, Staff.id)
        .limit(at_most(PEOPLE))
    )
    found = [
        (row.id, row.name, row.email) for row in rows
        if any(wanted in search_key(text) for text in (row.name, row.name_kana, row.email))
    ]  # fmt: skip
    return found[:MOST]
