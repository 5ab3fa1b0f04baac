"""Install, change and remove units."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.accounts.queries import check_site_of
from crm.attributes import values
from crm.clock import today
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base import components, places, queries, rules, states, warranties
from crm.installed_base.cards import unit_cards
from crm.installed_base.models import (
    Unit,
)
from crm.products.models import Product
from crm.references import refuse_if_referred_to
from crm.search.actions import forget, index_many
from crm.text.firmware import firmware_key
from crm.text.serial import plain_serial, serial_key
from crm.timeline.actions import record

Fields = dict[str, Any]
MOVING = frozenset(("account_id", "site_id", "location", "location_id", "parent_id"))
WHERE = ("account_id", "site_id", "location", "location_id")


def add_unit(fields: Fields, by_id: int | None) -> Unit:
    """Enter a unit; without a warranty given, the product's counts. Raises Invalid, Conflict."""
    unit = Unit(status="in_use", ownership="bought", is_competitor=False, sold_by_us=True)
    _write_unit(unit, fields)
    custom = values.settle(unit, fields.get("attributes"), True)
    product = db.session.get_one(Product, unit.product_id)
    if "warranty_ends_on" not in fields:
        unit.warranty_ends_on = rules.default_warranty(unit, product.warranty_months)
    rules.check_unit(unit)
    db.session.add(unit)
    index_unit(unit, fresh=True)
    if custom:
        values.keep(unit)
    states.begin(unit, by_id)
    if unit.warranty_ends_on is not None:
        warranties.end_of_unit(unit, unit.warranty_ends_on)
    record("unit.added", unit, by_id, account_id=unit.account_id, **unit_facts(unit, product))
    return unit


def change_unit(unit: Unit, fields: Fields, by_id: int | None) -> None:
    """Change or remove a unit; how it stands from today on is a row of its own.

    A unit that is taken out of use takes along what it consists of. Another account is a move,
    which is refused while tickets about the unit are unfinished.
    """
    place, before = [getattr(unit, name) for name in WHERE], unit.status
    first, ended = rules.first_day(unit), unit.warranty_ends_on
    parts = [row.id for row in components.below(unit.id)] if MOVING & fields.keys() else []
    if fields.get("account_id", unit.account_id) != unit.account_id:
        queries.refuse_with_open_tickets([unit.id, *parts])
    given, product_id = fields.get("attributes"), unit.product_id
    _write_unit(unit, fields)
    custom: values.Told = []
    if given is not None or product_id != unit.product_id:
        custom = values.settle(unit, given or {}, False)
        values.keep(unit)
    if unit.status == "removed" and unit.removed_on is None:
        unit.removed_on = today()
    rules.check_unit(unit)
    product = db.session.get_one(Product, unit.product_id)
    index_unit(unit)
    gone = unit.status == "removed" != before
    states.note(unit, by_id, unit.removed_on if gone else None)
    if gone:
        _take_along(unit, by_id)
    warranties.follow_unit(unit, first, ended)
    facts = unit_facts(unit, product) | {"fields": list(fields), **values.facts(custom)}
    if place[:2] != [unit.account_id, unit.site_id]:
        facts["account_before_id"], facts["site_before_id"] = place[:2]
    if place != [getattr(unit, name) for name in WHERE]:
        carry(unit, parts, by_id)
    record("unit.changed", unit, by_id, account_id=unit.account_id, **facts)


def _take_along(unit: Unit, by_id: int | None) -> None:
    """What a unit still consists of when it goes out of use goes with it, from the same day."""
    parts = sa.select(Unit).where(Unit.parent_id == unit.id, Unit.status != "removed")
    for part in db.session.scalars(parts.order_by(Unit.id)).all():
        try:
            change_unit(part, {"status": "removed", "removed_on": unit.removed_on}, by_id)
        except Invalid as error:
            told = [why for some in error.errors.values() for why in some]
            named = [_("%(unit)s: %(why)s", unit=part.serial_no, why=why) for why in told]
            raise Invalid({"removed_on": named}) from error


def carry(
    unit: Unit, parts: list[int], by_id: int | None, on: date | None = None, reason: str = ""
) -> None:
    """Take the components of a unit along to where it stands now."""
    for part in db.session.scalars(sa.select(Unit).where(Unit.id.in_(parts)).order_by(Unit.id)):
        before = part.account_id, part.site_id
        for name in WHERE:
            setattr(part, name, getattr(unit, name))
        product = db.session.get_one(Product, part.product_id)
        index_unit(part)
        states.note(part, by_id, on, reason)
        warranties.follow_unit(part, rules.first_day(part), part.warranty_ends_on)
        facts = unit_facts(part, product) | {
            "account_before_id": before[0], "site_before_id": before[1], "reason": reason,
            "with_unit_id": unit.id,
        }  # fmt: skip
        record("unit.moved", part, by_id, account_id=part.account_id, **facts)


def remove_unit(unit: Unit, by_id: int | None) -> None:
    """Delete a unit that nothing refers to. Raises Conflict."""
    parts = ("events", "unit_states", "warranties", "unit_dues")
    refuse_if_referred_to(unit, parts)
    product = db.session.get_one(Product, unit.product_id)
    forget("unit", unit.id)
    db.session.delete(unit)
    record("unit.removed", unit, by_id, account_id=unit.account_id, **unit_facts(unit, product))


def _write_unit(unit: Unit, fields: Fields) -> None:
    for name, value in fields.items():
        if name != "attributes":
            setattr(unit, name, value)
    if MOVING & fields.keys():
        components.check_parent(unit)
        places.settle(unit, fields)
    if fields.get("parent_id") and not {"site_id", "location", "location_id"} & fields.keys():
        above = db.session.get_one(Unit, unit.parent_id)
        for name in WHERE[1:]:
            setattr(unit, name, getattr(above, name))
    components.check_replaced(unit)
    if unit.site_id is not None:
        check_site_of(unit.site_id, unit.account_id)
    _write_serial(unit)


def _write_serial(unit: Unit) -> None:
    """Check the serial number; only a unit whose delivery is planned may have none yet."""
    unit.serial_no = plain_serial(unit.serial_no or "")
    unit.firmware = unit.firmware or None
    unit.firmware_key = firmware_key(unit.firmware or "") or None
    unit.serial_key = serial_key(unit.serial_no)[:80] or None
    if unit.serial_key is None:
        if unit.serial_no:
            raise Invalid({"serial_no": [_("A serial number has letters or digits.")]})
        if unit.status != "planned":
            why = _("Only a unit whose delivery is planned may be without a serial number.")
            raise Invalid({"serial_no": [why]})
        return
    other = queries.same_serial(unit.product_id, unit.serial_key)
    if other is not None and other != unit.id:
        why = _(
            "This product with this serial number is already registered (unit %(id)s).", id=other
        )
        raise Conflict(why, {"serial_no": [why]})


def unit_facts(unit: Unit, product: Product) -> Fields:
    """What the history keeps of a unit."""
    return {
        "unit_id": unit.id, "serial_no": unit.serial_no, "product_id": product.id,
        "product_code": product.code, "product": product.name, "status": unit.status,
        "site_id": unit.site_id, "installed_on": _iso(unit.installed_on),
        "warranty_ends_on": _iso(unit.warranty_ends_on),
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def index_unit(unit: Unit, *, fresh: bool = False) -> None:
    """Let the search find a unit; `fresh` for one that was made in this transaction."""
    db.session.flush()
    index_many(unit_cards([unit.id]), fresh=fresh)
