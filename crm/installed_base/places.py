"""Where in a site a unit stands: building, floor, room, as a tree; and its names in a row.

A unit under a place shows the names of the path as its location. Who renames a place renames it
everywhere, in what was noted earlier as well: it is the same room.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.accounts.models import Site
from crm.accounts.queries import check_site_of
from crm.errors import Conflict, Invalid, NotFound
from crm.extensions import at_most, db
from crm.installed_base.models import Location, Unit, UnitState
from crm.rights import Person, may
from crm.timeline.actions import record

Fields = dict[str, Any]
MOST_LEVELS = 6
LONGEST_PATH = 100
MOST_OF_A_SITE = 1000
L = Location.__table__.c
Rows = dict[int, sa.Row[Any]]


def get_place(location_id: int, user: Person, action: str = "view") -> Location:
    """The door to a place; it has the rights of its site."""
    found = db.session.get(Location, location_id)
    if found is None or not may(user, action, "site", found):
        raise NotFound
    return found


def of_sites(site_ids: Collection[int]) -> Rows:
    """All places of some sites, by key, in one statement."""
    with db.session.no_autoflush:
        rows = db.session.execute(
            sa.select(*L)
            .where(L.site_id.in_(site_ids))
            .order_by(L.site_id, L.name, L.id)
            .limit(at_most(MOST_OF_A_SITE * max(len(site_ids), 1)))
        )
    return {row.id: row for row in rows}


def path(rows: Rows, location_id: int | None) -> list[int]:
    """A place and those that it is in, the nearest first; ends at a circle as well."""
    found: list[int] = []
    while location_id in rows and location_id not in found and location_id is not None:
        found.append(location_id)
        location_id = rows[location_id].parent_id
    return found


def words_of(rows: Rows, location_id: int | None) -> str:
    """The names of the path in a row, the widest first: 本館 2階 分析室."""
    return " ".join(rows[key].name for key in reversed(path(rows, location_id)))


def tree(rows: Rows) -> list[tuple[sa.Row[Any], int]]:
    """Places of one site in the order of the tree, each with its level from 0 on."""
    below: dict[int | None, list[sa.Row[Any]]] = {}
    for row in rows.values():
        below.setdefault(row.parent_id, []).append(row)
    found: list[tuple[sa.Row[Any], int]] = []

    def walk(parent_id: int | None, level: int) -> None:
        for row in below.get(parent_id, ()):
            found.append((row, level))
            walk(row.id, level + 1)

    walk(None, 0)
    return found


def inside(rows: Rows, location_id: int) -> list[int]:
    """A place and all that is in it."""
    return [key for key in rows if location_id in path(rows, key)]


def choices(account_id: int) -> list[tuple[str, list[tuple[int, str]]]]:
    """The sites of an account with their places in words, for a select; two statements."""
    sites = db.session.execute(
        sa.select(Site.id, Site.name).where(Site.account_id == account_id).order_by(Site.id)
    ).all()
    rows = of_sites([site.id for site in sites])
    found = []
    for site in sites:
        some = {key: row for key, row in rows.items() if row.site_id == site.id}
        found.append((site.name, [(row.id, words_of(some, row.id)) for row, _n in tree(some)]))
    return [(name, some) for name, some in found if some]


def fill_paths(shown: list[Fields], _user: Person) -> None:
    """Put the whole path into rows of places, in one statement."""
    rows = of_sites({one["site_id"] for one in shown})
    for one in shown:
        one["path"] = words_of(rows, one["id"])


def add_place(fields: Fields, by_id: int | None) -> Location:
    """Enter a place. Raises Invalid."""
    place = Location(site_id=fields["site_id"], name=fields["name"])
    place.parent_id = fields.get("parent_id")
    site = _lock(place.site_id)
    _check(place)
    db.session.add(place)
    db.session.flush()
    record("site.place_added", site, by_id, account_id=site.account_id, **_facts(place))
    return place


def change_place(place: Location, fields: Fields, by_id: int | None) -> None:
    """Rename a place or put it into another one; units and their history follow. Raises Invalid."""
    if fields.get("site_id", place.site_id) != place.site_id:
        raise Invalid({"site_id": [_("A place stays at its site.")]})
    site = _lock(place.site_id)
    before = words_of(of_sites([place.site_id]), place.id)
    with db.session.no_autoflush:
        place.name = fields.get("name", place.name)
        place.parent_id = fields.get("parent_id", place.parent_id)
        _check(place)
    db.session.flush()
    _rewrite(place)
    facts = _facts(place) | {"before": before}
    record("site.place_changed", site, by_id, account_id=site.account_id, **facts)


def remove_place(place: Location, by_id: int | None) -> None:
    """Delete a place in which nothing stands. Raises Conflict in words."""
    site = _lock(place.site_id)
    keys = inside(of_sites([place.site_id]), place.id)
    units = db.session.scalar(
        sa.select(sa.func.count()).where(Unit.location_id.in_(keys)).select_from(Unit)
    )
    if units:
        why = ngettext(
            "%(num)s unit stands here. Move it first.",
            "%(num)s units stand here. Move them first.", units,
        )  # fmt: skip
        raise Conflict(why)
    if len(keys) > 1:
        raise Conflict(_("There are places in it. Remove them first."))
    facts = _facts(place)
    earlier = sa.update(UnitState).where(UnitState.location_id == place.id)
    db.session.execute(earlier.values(location_id=None))
    db.session.delete(place)
    record("site.place_removed", site, by_id, account_id=site.account_id, **facts)


def _lock(site_id: int) -> Site:
    """The site, locked: two people do not put two places into one another."""
    with db.session.no_autoflush:
        found = db.session.scalar(sa.select(Site).where(Site.id == site_id).with_for_update())
    if found is None:
        raise Invalid({"site_id": [_("There is no such record, or it is not for you.")]})
    return found


def _facts(place: Location) -> Fields:
    rows = of_sites([place.site_id])
    return {"location_id": place.id, "place": words_of(rows, place.id) or place.name}


def _check(place: Location) -> None:
    """Raises Invalid when the tree would not be one, or its names would not fit."""
    rows = of_sites([place.site_id])
    above = path(rows, place.parent_id)
    down = [path(rows, key) for key in (inside(rows, place.id) if place.id else ())]
    depth = max((keys.index(place.id) for keys in down), default=0)
    why = ""
    if place.parent_id is not None and place.parent_id not in rows:
        why = _("This place is at another site.")
    elif place.id is not None and place.id in above:
        why = _("A place is not inside itself.")
    elif len(above) + 1 + depth > MOST_LEVELS:
        why = _("Places are at most %(n)s levels deep.", n=MOST_LEVELS)
    if why:
        raise Invalid({"parent_id": [why]})
    _check_name(place, rows, above, down)


def _check_name(place: Location, rows: Rows, above: list[int], down: list[list[int]]) -> None:
    why = ""
    same = [one for one in rows.values() if one.parent_id == place.parent_id]
    if any(one.name == place.name and one.id != place.id for one in same):
        why = _("There is a place of this name already.")
    names = [rows[key].name for key in reversed(above)] + [place.name]
    tails = [[rows[k].name for k in keys[: keys.index(place.id)]] for keys in down] or [[]]
    if max(len(" ".join([*names, *tail])) for tail in tails) > LONGEST_PATH:
        why = _("With all that it is in, the name has %(n)s letters at most.", n=LONGEST_PATH)
    if place.id is None and len(rows) >= MOST_OF_A_SITE:
        why = _("A site has %(n)s places at most.", n=MOST_OF_A_SITE)
    if why:
        raise Invalid({"name": [why]})


def _rewrite(place: Location) -> None:
    """The new names into every unit in it, and into what was noted of where units stood."""
    rows = of_sites([place.site_id])
    for key in inside(rows, place.id):
        text = words_of(rows, key)
        for table in (Unit, UnitState):
            db.session.execute(
                sa.update(table).where(table.location_id == key).values(location=text)
            )
    db.session.expire_all()


def standing_in(rows: Rows) -> dict[int, int]:
    """Place → how many units stand right in it, in one statement."""
    counted = db.session.execute(
        sa.select(Unit.location_id, sa.func.count().label("units"))
        .where(Unit.location_id.in_(rows), Unit.status != "removed")
        .group_by(Unit.location_id)
    )
    return {row.location_id: row.units for row in counted}


def settle(unit: Unit, fields: Fields) -> None:
    """Bring site, place and the text of a unit together after `fields` were written into it.

    A place names its site; a text that was typed instead of a place stands by itself.
    """
    given = fields.get("location_id")
    if given is None:
        _loosen(unit, fields)
        return
    site_id = site_of(given)
    if fields.get("site_id", site_id) != site_id:
        raise Invalid({"location_id": [_("This place is at another site.")]})
    check_site_of(site_id, unit.account_id)
    unit.site_id, unit.location = site_id, words_of(of_sites([site_id]), given)


def site_of(location_id: int) -> int:
    """The site of a place. Raises Invalid when there is no such place."""
    with db.session.no_autoflush:
        found = db.session.scalar(sa.select(L.site_id).where(L.id == location_id))
    if found is None:
        raise Invalid({"location_id": [_("There is no such record, or it is not for you.")]})
    return found


def _loosen(unit: Unit, fields: Fields) -> None:
    """Without a place chosen now: does the one that it had still fit?"""
    if unit.location_id is None or not {"site_id", "location", "account_id"} & fields.keys():
        return
    if unit.site_id != site_of(unit.location_id):
        unit.location_id = None
        unit.location = fields.get("location", "")
    elif "location" in fields:
        text = words_of(of_sites([unit.site_id]), unit.location_id)
        unit.location_id = unit.location_id if fields["location"] == text else None
