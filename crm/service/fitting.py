"""The unit's tree follows the parts: what was fitted stands in it, what was taken out does not."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.installed_base import components, queries
from crm.installed_base.actions import add_unit, change_unit
from crm.installed_base.models import Unit, WorkOrder
from crm.products.models import Product
from crm.products.queries import by_code
from crm.service.models import WorkPart
from crm.service.queries import parts_of
from crm.text.serial import serial_key

Fields = dict[str, Any]


def follow_parts(work: WorkOrder, unit: Unit, by_id: int | None) -> None:
    """Bring the tree of a unit to what the finished work says; done again it changes nothing.

    A fitted serial number of a known product becomes a component; one that lies in reserve is
    moved in. A serial number that was taken out marks its component as removed. On the phone
    nobody chooses a product: it is that of the part number, else of the component taken out.
    Raises Invalid naming the line when a serial number stands elsewhere.
    """
    for number, part in enumerate(parts_of(work.id)):
        if part.removed_serial and part.removed_unit_id is None:
            part.removed_unit_id = _take_out(part, work, unit, by_id)
        if part.fitted_serial and part.product_id is None:
            part.product_id = _product_of(part)
        if part.fitted_serial and part.product_id and part.fitted_unit_id is None:
            part.fitted_unit_id = _fit(part, f"parts.{number}.fitted_serial", work, unit, by_id)
    db.session.flush()


def _take_out(part: WorkPart, work: WorkOrder, unit: Unit, by_id: int | None) -> int | None:
    """Mark the component of this serial number as removed; None when the tree holds none."""
    key = serial_key(part.removed_serial)[:80]
    held = [row.id for row in components.below(unit.id)]
    if not key or not held:
        return None
    same = sa.select(Unit).where(
        Unit.id.in_(held), Unit.serial_key == key, Unit.status != "removed"
    )
    order = sa.case((Unit.product_id == part.product_id, 0), else_=1)
    found = db.session.scalars(same.order_by(order, Unit.id).limit(1)).first()
    if found is None:
        return None
    change_unit(found, {"status": "removed", "removed_on": work.done_on}, by_id)
    return found.id


def _product_of(part: WorkPart) -> int | None:
    named = by_code(part.part_no) if serial_key(part.part_no) else None
    if named is not None and named.serialised:
        return named.id
    if part.removed_unit_id is None:
        return None
    return db.session.get_one(Unit, part.removed_unit_id).product_id


def _fit(part: WorkPart, field: str, work: WorkOrder, unit: Unit, by_id: int | None) -> int:
    key = serial_key(part.fitted_serial)[:80]
    there = queries.same_serial(part.product_id or 0, key) if key else None
    place: Fields = {
        "account_id": unit.account_id, "parent_id": unit.id, "site_id": unit.site_id,
        "location": unit.location, "location_id": unit.location_id, "status": "in_use",
    }  # fmt: skip
    try:
        if there is None:
            return _new(part, place, work, by_id)
        return _move_in(db.session.get_one(Unit, there), place, unit, field, by_id)
    except (Invalid, Conflict) as error:
        if field in error.errors:
            raise
        raise Invalid({field: [why for some in error.errors.values() for why in some]}) from error


def _new(part: WorkPart, place: Fields, work: WorkOrder, by_id: int | None) -> int:
    replaced = part.removed_unit_id
    taken = replaced and db.session.scalar(sa.select(Unit.id).where(Unit.replaces_id == replaced))
    fields = place | {
        "product_id": part.product_id, "serial_no": part.fitted_serial,
        "installed_on": work.done_on, "replaces_id": None if taken else replaced,
    }  # fmt: skip
    return add_unit(fields, by_id).id


def _move_in(found: Unit, place: Fields, unit: Unit, field: str, by_id: int | None) -> int:
    """A unit that lies in reserve goes in; one that is in this tree already is left as it is."""
    if found.status != "removed" and found.id in {row.id for row in components.below(unit.id)}:
        return found.id
    if found.status != "spare" or found.parent_id is not None:
        code = db.session.get_one(Product, found.product_id).code
        why = _(
            "%(code)s %(serial)s stands elsewhere (unit %(id)s). Take it out there first.",
            code=code,
            serial=found.serial_no,
            id=found.parent_id or found.id,
        )
        raise Invalid({field: [why]})
    change_unit(found, place, by_id)
    return found.id
