"""Move a unit to another account, site or place: an act of its own, with its day and reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.accounts.queries import check_site_of
from crm.clock import today
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base import components, places, queries, rules, states, warranties
from crm.installed_base.actions import carry, index_unit, unit_facts
from crm.installed_base.models import Unit
from crm.look import day as written
from crm.products.models import Product
from crm.timeline.actions import record

Fields = dict[str, Any]
PLACE = ("account_id", "site_id", "location", "location_id")


def move_unit(unit: Unit, fields: Fields, by_id: int | None) -> None:
    """Move a unit from a day on. Raises Invalid, and Conflict while tickets about it are open.

    `even_with_open_tickets` says that the mover knows of them. At another account or site nothing
    is kept of the old place.
    """
    on, reason = fields.get("on") or today(), fields["reason"]
    place = _new_place(unit, fields)
    before = {name: getattr(unit, name) for name in PLACE}
    if place == before:
        raise Invalid({"account_id": [_("It stands there already: say where it goes.")]})
    if unit.parent_id is not None:
        raise Conflict(_("It moves with the unit that it is part of: take it out first."))
    _check_day(unit, on)
    if place["site_id"] is not None:
        check_site_of(place["site_id"], place["account_id"])
    parts = [row.id for row in components.below(unit.id)]
    if {n: place[n] for n in PLACE[:2]} != {n: before[n] for n in PLACE[:2]}:
        queries.refuse_with_open_tickets(
            [unit.id, *parts], bool(fields.get("even_with_open_tickets"))
        )
    for name, value in place.items():
        setattr(unit, name, value)
    places.settle(unit, place)
    rules.check_unit(unit)
    product = db.session.get_one(Product, unit.product_id)
    index_unit(unit)
    states.note(unit, by_id, on, reason)
    warranties.follow_unit(unit, rules.first_day(unit), unit.warranty_ends_on)
    carry(unit, parts, by_id, on, reason)
    facts = unit_facts(unit, product) | {
        "account_before_id": before["account_id"], "site_before_id": before["site_id"],
        "from_on": on.isoformat(), "reason": reason, "fields": list(PLACE),
    }  # fmt: skip
    for account_id in dict.fromkeys((before["account_id"], unit.account_id)):
        record("unit.moved", unit, by_id, account_id=account_id, **facts)


def _new_place(unit: Unit, fields: Fields) -> Fields:
    account_id = fields.get("account_id") or unit.account_id
    stays = account_id == unit.account_id
    site_id = fields.get("site_id", unit.site_id if stays else None)
    same = stays and site_id == unit.site_id
    location = fields.get("location", unit.location if same else "")
    place_id = fields.get("location_id", unit.location_id if same else None)
    if place_id not in (None, unit.location_id) and site_id in (None, unit.site_id):
        site_id = places.site_of(place_id)
    if place_id == unit.location_id and same and location != unit.location:
        place_id = None
    place = {"site_id": site_id, "location": location, "location_id": place_id}
    return {"account_id": account_id} | place


def _check_day(unit: Unit, on: date) -> None:
    if on > today():
        raise Invalid({"on": [_("This day has not come yet.")]})
    last = next(iter(states.states_of(unit.id, 1)), None)
    if last is not None and on < last.from_on:
        why = _(
            "It stands as it does since %(day)s; it cannot have moved before.",
            day=written(last.from_on),
        )
        raise Invalid({"on": [why]})
