"""The places of a site: buildings, floors and rooms as a tree, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for

from crm.accounts.models import Account, Site
from crm.accounts.queries import get_site
from crm.editing import Page, Sheet, attempt, created, load, sheet_typed
from crm.errors import Invalid
from crm.extensions import db
from crm.installed_base import places
from crm.installed_base.models import Location
from crm.installed_base.unit_schemas import PlaceSchema
from crm.rights import Person, guard, may, the_user
from crm.versions import lock, overtaken
from crm.web import go

bp = Blueprint("places", __name__)


@bp.get("/sites/<int:site_id>/places")
@guard("view", "site")
def tree(site_id: int) -> str:
    """The places of a site."""
    return _page(get_site(site_id, the_user()), Sheet(request.args.to_dict()))


@bp.post("/sites/<int:site_id>/places")
@guard("edit", "site")
def add(site_id: int) -> Page:
    """Enter a place; pressing twice enters one."""
    user = the_user()
    get_site(site_id, user, "edit")

    def effect() -> Location:
        fields = load(PlaceSchema(exclude=("site_id",)), request.form)
        return places.add_place(fields | {"site_id": site_id}, user.id)

    return created(
        effect,
        lambda made: f"{url_for('places.tree', site_id=site_id)}#place-{made.id}",
        lambda sheet: _page(get_site(site_id, user), sheet),
    )


@bp.get("/places/<int:location_id>")
@guard("edit", "site")
def edit(location_id: int) -> str:
    """The name of a place, and where it is."""
    place = places.get_place(location_id, the_user(), "edit")
    return _form(place, Sheet({"name": place.name, "parent_id": place.parent_id or ""}))


@bp.post("/places/<int:location_id>")
@guard("edit", "site")
def change(location_id: int) -> Page:
    """Rename a place or put it into another one."""
    user = the_user()
    place = lock(places.get_place(location_id, user, "edit"))
    site_id, late = place.site_id, overtaken(request.form, place)

    def effect() -> None:
        if late:
            raise Invalid(late)
        fields = load(PlaceSchema(only=("name", "parent_id")), request.form)
        places.change_place(place, fields, user.id)

    return _done(effect, place, site_id)


@bp.post("/places/<int:location_id>/removal")
@guard("edit", "site")
def remove(location_id: int) -> Page:
    """Take away a place in which nothing stands."""
    user = the_user()
    place = places.get_place(location_id, user, "edit")
    return _done(lambda: places.remove_place(place, user.id), place, place.site_id)


def _done(effect: Callable[[], None], place: Location, site_id: int) -> Page:
    _nothing, errors = attempt(effect)
    if errors:
        fresh = places.get_place(place.id, the_user(), "edit")
        typed = sheet_typed(request.form, errors)
        values = {"name": fresh.name, "parent_id": fresh.parent_id or ""} | typed.values
        return _form(fresh, Sheet(values, {}, errors)), 422
    db.session.commit()
    return go(url_for("places.tree", site_id=site_id))


def _around(site: Site, user: Person) -> dict[str, Any]:
    rows = places.of_sites([site.id])
    return {
        "site": site, "account": db.session.get_one(Account, site.account_id), "rows": rows,
        "tree": places.tree(rows), "levels": places.MOST_LEVELS,
        "may_edit": may(user, "edit", "site", site),
    }  # fmt: skip


def _page(site: Site, sheet: Sheet) -> str:
    around = _around(site, the_user())
    choices = [(row.id, places.words_of(around["rows"], row.id)) for row, _n in around["tree"]]
    return render_template(
        "installed_base/places.html", sheet=sheet, choices=choices,
        units=places.standing_in(around["rows"]), **around,
    )  # fmt: skip


def _form(place: Location, sheet: Sheet) -> str:
    user = the_user()
    around = _around(get_site(place.site_id, user), user)
    below = set(places.inside(around["rows"], place.id))
    choices = [
        (row.id, places.words_of(around["rows"], row.id))
        for row, _n in around["tree"]
        if row.id not in below
    ]
    return render_template(
        "installed_base/place.html", place=place, sheet=sheet, choices=choices, **around
    )
