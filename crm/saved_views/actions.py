"""Keep what a list shows under a name, call it something else, share it, throw it away."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.rights import Person
from crm.saved_views import queries
from crm.saved_views.lists import LISTS
from crm.saved_views.models import SavedView
from crm.text.normal import search_key
from crm.timeline.actions import record

Fields = dict[str, Any]


def save_view(fields: Fields, user: Person) -> SavedView:
    """Keep what a list shows. Raises Conflict when the name is taken, and Invalid, Forbidden."""
    view = SavedView(owner_id=user.id, shared=fields.get("shared", False))
    _write(view, fields, user)
    if queries.number_of(user.id, view.list) >= queries.MOST:
        why = _("You keep %(n)s views of this list. Remove one first.", n=queries.MOST)
        raise Invalid({"name": [why]})
    _check_free(view)
    db.session.add(view)
    _put(view)
    if view.shared:
        _tell("saved_view.shared", view, user)
    return view


def change_view(view: SavedView, fields: Fields, user: Person) -> None:
    """Change the name, what is shown or who sees it. Raises as `save_view` does."""
    before = view.shared
    if fields.get("shared", before) != before and view.owner_id != user.id:
        raise Invalid({"shared": [_("Only who made it can keep it from others.")]})
    view.shared = fields.get("shared", before)
    _write(view, fields, user)
    with db.session.no_autoflush:
        _check_free(view)
    _put(view)
    if view.shared and not before:
        _tell("saved_view.shared", view, user)
    elif view.shared:
        _tell("saved_view.changed", view, user)
    elif before:
        _tell("saved_view.removed", view, user)


def remove_view(view: SavedView, user: Person) -> None:
    """Throw it away; the list and its records stay as they are."""
    db.session.delete(view)
    if view.shared:
        _tell("saved_view.removed", view, user)


def _write(view: SavedView, fields: Fields, user: Person) -> None:
    if "list" in fields or "query" in fields:
        name = fields.get("list", view.list)
        query = queries.checked(LISTS[name], fields.get("query", view.query), user)
        view.list, view.query = name, query
    if "name" in fields:
        view.name = fields["name"]
        view.name_key = search_key(view.name)[: SavedView.name_key.type.length]


def _check_free(view: SavedView) -> None:
    if queries.is_taken(view):
        raise _taken(view.shared)


def _put(view: SavedView) -> None:
    """Into the database, where somebody may have taken the name in the same instant."""
    shared = view.shared
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise _taken(shared) from error


def _taken(shared: bool) -> Conflict:
    if shared:
        why = _("There is a view of this name for everybody already.")
    else:
        why = _("You have a view of this name already.")
    return Conflict(why, {"name": [why]})


def _tell(kind: str, view: SavedView, user: Person) -> None:
    record(kind, view, user.id, account_id=None, name=view.name, list=view.list)
