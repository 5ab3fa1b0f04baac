"""The door to saved views, those that a person sees, and whether a list takes what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import BadRequest, Invalid, NotFound
from crm.exports import queries as exports
from crm.extensions import at_most, db
from crm.rights import Person, may
from crm.saved_views.lists import LISTS, ListOf, parts_of
from crm.saved_views.models import LONGEST_QUERY, MANAGES, SavedView
from crm.staff.models import Staff
from crm.text.normal import search_key

MOST = 100
"""So many views a person may keep of one list."""
SHOWN = 1000
IN_PALETTE = 5


@dataclass(frozen=True, slots=True)
class View:
    """A saved view as a person meets it; `owner` is a name, `editable` for this person."""

    id: int
    list: str
    name: str
    name_key: str
    query: str
    shared: bool
    owner: str
    mine: bool
    editable: bool
    address: str


def get_view(key: int, user: Person, action: str = "view") -> SavedView:
    """The door to a saved view. Raises NotFound."""
    found = db.session.get(SavedView, key)
    if found is None or not may(user, action, "saved_view", found):
        raise NotFound
    return found


def views_of(user: Person, only: ListOf | None = None) -> list[View]:
    """The views that a person sees, of one list or of all: her own first, each by name."""
    table = SavedView.__table__.c
    own = table.owner_id == user.id
    where = [SavedView.within(user)] + ([] if only is None else [table.list == only.name])
    rows = db.session.execute(
        sa.select(
            table.id, table.list, table.name, table.name_key, table.query, table.shared,
            Staff.name.label("owner"), own.label("mine"),
        )
        .join(Staff, Staff.id == table.owner_id)
        .where(*where)
        .order_by(table.shared, table.name_key, table.id)
        .limit(at_most(SHOWN))
    )  # fmt: skip
    return [
        View(
            row.id, row.list, row.name, row.name_key, row.query, row.shared, row.owner,
            bool(row.mine), bool(row.mine) or user.role in MANAGES,
            LISTS[row.list].address(row.query, user),
        )
        for row in rows
        if row.list in LISTS and LISTS[row.list].open_to(user)
    ]  # fmt: skip


def named(views: Sequence[View], query: str, user: Person) -> View | None:
    """The view that shows just this, if one does; a person's own before another's."""
    if not query:
        return None
    for one in sorted(views, key=lambda view: not view.mine):
        there = LISTS[one.list].address(query, user)
        if one.address == there:
            return one
    return None


def found_by(words: str, user: Person) -> list[View]:
    """The views whose names hold what was typed, those that begin with it first."""
    key = search_key(words)
    if not key:
        return []
    found = [one for one in views_of(user) if key in one.name_key]
    return sorted(found, key=lambda one: not one.name_key.startswith(key))[:IN_PALETTE]


def is_taken(view: SavedView) -> bool:
    """Is there another view of this name, in the same list and for the same people?"""
    of = SavedView.owner_id == view.owner_id
    other = sa.select(SavedView.id).where(
        SavedView.list == view.list,
        SavedView.name_key == view.name_key,
        SavedView.shared if view.shared else sa.and_(sa.not_(SavedView.shared), of),
        SavedView.id != (view.id or 0),
    )
    return db.session.scalar(other.limit(at_most(1))) is not None


def number_of(owner_id: int, name: str) -> int:
    """How many views of a list a person keeps."""
    of = SavedView.owner_id == owner_id, SavedView.list == name
    some = sa.select(SavedView.id).where(*of).limit(at_most(MOST)).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def checked(of: ListOf, query: str, user: Person) -> str:
    """A query as it is kept, after the list itself was asked for it.

    Raises Invalid naming `query` for what the list refuses, and where nothing of it would be kept;
    Forbidden where the role may not see the list.
    """
    kept = of.kept(parts_of(query))
    if not kept:
        raise _wrong(_("Nothing is narrowed or sorted, so there is nothing to keep."))
    if len(kept) > LONGEST_QUERY:
        raise _wrong(_("The filters are too long to be kept."))
    table = exports.table_named(of.kind, user)
    filters = {name: value for name, value in parts_of(kept).items() if name in table.known()}
    try:
        of.check(parts_of(kept))
        exports.count_rows(exports.wanted_of(table, filters, "all", "words"), user, 0)
    except (BadRequest, Invalid) as error:
        raise _wrong(
            *(f"{name.removeprefix('filters.')}: {why}"
              for name, some in error.errors.items() for why in some)
        ) from error  # fmt: skip
    return kept


def _wrong(*why: str) -> Invalid:
    return Invalid({"query": list(why)})
