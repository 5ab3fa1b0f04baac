"""The menu of a list's saved views, its forms, and what other pages show of them by address."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from crm.columns import ASKED, chosen, written
from crm.editing import Fields, Form, Page, Sheet, changes, created, load, saved, sheet_of
from crm.errors import Invalid
from crm.extensions import db
from crm.rights import guard, the_user
from crm.saved_views import actions, queries
from crm.saved_views.lists import LISTS, ListOf, parts_of
from crm.saved_views.models import SavedView
from crm.saved_views.schemas import SavedViewSchema
from crm.staff.queries import names
from crm.versions import lock
from crm.web import go

bp = Blueprint("saved_views", __name__)
EDITED = ("name", "shared", "query")


@bp.get("/views")
@guard("view", "saved_view")
def listing() -> str:
    """The views of a list, and the form to keep what it shows; without `list` those of all.

    The rest of the address is that of the list.
    """
    if not request.args.get("list"):
        return _all()
    return _menu(_asked(), Sheet({}))


@bp.get("/views/name")
@guard("view", "saved_view")
def name() -> str:
    """What the list of the address is called, if somebody has kept just this."""
    user, of = the_user(), _asked()
    found = queries.named(queries.views_of(user, of), of.kept(request.args), user)
    return render_template("saved_views/name.html", view=found)


@bp.get("/views/palette")
@guard("view", "saved_view")
def palette() -> str:
    """The views that the palette lists while one types."""
    found = queries.found_by(request.args.get("q", "")[:200], the_user())
    return render_template("saved_views/palette.html", views=found, lists=LISTS)


@bp.get("/views/columns")
@guard("view", "saved_view")
def columns() -> Response:
    """The list of the address with the columns that are ticked; several `columns`, or none."""
    of, args = _asked(), request.args.to_dict()
    known = of.columns(the_user())
    args[ASKED] = written(request.args.getlist(ASKED), known) if known else ""
    return go(of.address(of.kept(args), the_user()))


@bp.post("/views")
@guard("create", "saved_view")
def create() -> Page:
    """Keep what a list shows; also what "Undo" asks after one was thrown away."""
    user, of = the_user(), _asked()
    typed = request.form if "name" in request.form else request.args
    fields: Form = MultiDict({"list": of.name, "query": of.kept(request.args)})
    fields.update({one: typed[one] for one in ("name", "shared") if one in typed})

    def effect() -> SavedView:
        if not fields["query"]:
            raise Invalid({"_schema": [_nothing()]})
        return actions.save_view(load(SavedViewSchema(), fields), user)

    return created(
        effect, lambda view: of.address(view.query, user), lambda sheet: _menu(of, sheet)
    )


@bp.get("/views/<int:view_id>/edit")
@guard("edit", "saved_view")
def edit(view_id: int) -> str:
    """Another name, other filters, other readers."""
    view = queries.get_view(view_id, the_user(), "edit")
    return _form(view, sheet_of(view, EDITED))


@bp.post("/views/<int:view_id>/edit")
@guard("edit", "saved_view")
def change(view_id: int) -> Page:
    """Save what was changed."""
    user = the_user()
    view = queries.get_view(view_id, user, "edit")
    schema = SavedViewSchema(only=EDITED, partial=True)

    def effect() -> None:
        actions.change_view(view, changes(view, schema, request.form), user)

    def again(sheet: Sheet) -> str:
        return _form(queries.get_view(view_id, user, "edit"), sheet)

    return saved(effect, again, view, _back(LISTS[view.list]), _labels())


@bp.post("/views/<int:view_id>/removal")
@guard("delete", "saved_view")
def remove(view_id: int) -> Response:
    """Throw it away; for ten seconds it can be had back."""
    user = the_user()
    view = lock(queries.get_view(view_id, user, "delete"))
    target = _back(LISTS[view.list])
    kept = {"list": view.list, "name": view.name, "shared": str(int(view.shared))}
    undo = f"{url_for('saved_views.create')}?{urlencode(kept | parts_of(view.query))}"
    told, mine = _("View removed: %(name)s", name=view.name), view.owner_id == user.id
    actions.remove_view(view, user)
    db.session.commit()
    flash({"text": told, "undo": undo if mine else ""}, "undo")  # type: ignore[arg-type]  # drawn by parts/flashes
    return go(target)


def _labels() -> Fields:
    return {"name": pgettext("view", "Name"), "shared": _("For whom"), "query": _("Filters")}


def _asked() -> ListOf:
    """The list of the address. Raises Invalid."""
    found = LISTS.get(request.args.get("list", ""))
    if found is None:
        raise Invalid({"list": [_("One of: %(all)s.", all=", ".join(LISTS))]})
    return found


def _back(of: ListOf) -> str:
    """The list as it stood when the menu was opened."""
    return of.address(of.kept(request.args), the_user())


def _nothing() -> str:
    return _("Nothing is narrowed or sorted, so there is nothing to keep.")


def _all() -> str:
    found = sorted(queries.views_of(the_user()), key=lambda one: list(LISTS).index(one.list))
    groups = [(LISTS[of].title(), list(some)) for of, some in groupby(found, attrgetter("list"))]
    return render_template("saved_views/page.html", of=None, groups=groups, query="", now=None)


def _menu(of: ListOf, sheet: Sheet) -> str:
    user, query = the_user(), of.kept(request.args)
    found = queries.views_of(user, of)
    mine, shared = _("Only for me"), _("For everybody")
    groups = [
        (mine, [one for one in found if not one.shared]),
        (shared, [one for one in found if one.shared]),
    ]
    known, said = of.columns(user), parts_of(query)
    shown = chosen(said, known) if known else []
    return _drawn(
        "menu", of, query, groups=groups, sheet=sheet, now=queries.named(found, query, user),
        columns=[(name, text, name in shown) for name, text in known.items() if text],
        rest={name: value for name, value in said.items() if name != ASKED},
    )  # fmt: skip


def _form(view: SavedView, sheet: Sheet) -> str:
    of = LISTS[view.list]
    owner = "" if view.owner_id == the_user().id else names({view.owner_id})[view.owner_id]
    return _drawn("edit", of, of.kept(request.args), view=view, sheet=sheet, owner=owner)


def _drawn(what: str, of: ListOf, query: str, **more: object) -> str:
    """Inside the dialog of a page, or as a page of its own."""
    inside = request.headers.get("HX-Request") is not None
    return render_template(
        f"saved_views/{'_' if inside else ''}{what}.html", of=of, query=query, inside=inside,
        back=_back(of), **more,
    )  # fmt: skip
