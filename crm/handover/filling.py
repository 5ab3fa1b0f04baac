"""Fill in what is known of the units of a hand-over: all rows of a save, or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.clock import today
from crm.errors import Conflict, Invalid
from crm.extensions import db
from crm.handover import queries
from crm.handover.models import Handover, HandoverUnit
from crm.installed_base.actions import change_unit
from crm.installed_base.models import Unit
from crm.installed_base.rules import begins_on, default_warranty
from crm.products.models import Product
from crm.text.serial import plain_serial, serial_key

Fields = dict[str, Any]
DAYS = ("delivered_on", "installed_on", "accepted_on")
RUNNING = ("installed_on", "accepted_on")


def fill(handover: Handover, rows: Mapping[int, Fields], by_id: int | None) -> int:
    """Write rows (unit → fields); returns how many units changed.

    Raises Invalid with a reason for each wrong cell, as `serial_no-17`; then nothing is written.
    """
    units = {key: db.session.get(Unit, key) for key in rows}
    ours = _ours(handover, units)
    changed = {
        unit.id: {n: v for n, v in _plain(rows[unit.id]).items() if getattr(unit, n) != v}
        for unit in ours
    }
    errors = _twice(ours, changed) | _early(changed)
    if not errors:
        _release(ours, changed)
        errors = _write(ours, changed, handover, by_id)
    if errors:
        raise Invalid(errors)
    return sum(1 for fields in changed.values() if fields)


def _plain(fields: Fields) -> Fields:
    if "serial_no" not in fields:
        return fields
    return fields | {"serial_no": plain_serial(fields["serial_no"])}


def _ours(handover: Handover, units: Mapping[int, Unit | None]) -> list[Unit]:
    found = []
    for key, unit in units.items():
        link = db.session.get(HandoverUnit, key)
        if unit is None or link is None or link.handover_id != handover.id:
            why = [_("Unit %(id)s is not one of this hand-over.", id=key)]
            raise Invalid({f"unit_id-{key}": why})
        found.append(unit)
    return found


def _twice(units: list[Unit], changed: Mapping[int, Fields]) -> dict[str, list[str]]:
    """Serial numbers that two rows of the same product have."""
    seen: dict[tuple[int, str], list[int]] = defaultdict(list)
    for unit in units:
        key = serial_key(changed[unit.id].get("serial_no", unit.serial_no))
        if key:
            seen[unit.product_id, key].append(unit.id)
    return {
        f"serial_no-{unit_id}": [_("This serial number stands in another row as well.")]
        for same in seen.values()
        if len(same) > 1
        for unit_id in same
        if "serial_no" in changed[unit_id]
    }


def _early(changed: Mapping[int, Fields]) -> dict[str, list[str]]:
    return {
        f"{name}-{key}": [_("This day has not come yet.")]
        for key, fields in changed.items()
        for name in DAYS
        if isinstance(fields.get(name), date) and fields[name] > today()
    }


def _release(units: list[Unit], changed: Mapping[int, Fields]) -> None:
    """Let go of the numbers that change, so that two rows may swap theirs."""
    for unit in units:
        if unit.serial_key and "serial_no" in changed[unit.id]:
            unit.serial_key = None
    db.session.flush()


def _write(
    units: list[Unit], changed: Mapping[int, Fields], handover: Handover, by_id: int | None
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    allowed = {key for key, _name in queries.replaceable(handover.deal_id, handover.account_id)}
    for unit in units:
        fields = changed[unit.id]
        if not fields:
            continue
        try:
            if fields.get("replaces_id") not in (None, *allowed):
                raise Invalid({"replaces_id": [_("The deal is not about this unit.")]})
            change_unit(unit, _what_follows(unit, fields), by_id)
        except (Invalid, Conflict) as error:
            reasons = error.errors or {"serial_no": [error.detail]}
            errors |= {f"{_shown(name)}-{unit.id}": why for name, why in reasons.items()}
    return errors


def _shown(name: str) -> str:
    """A reason that names a column without a cell stands at the serial number."""
    return name if name in (*DAYS, "serial_no", "location", "replaces_id") else "serial_no"


def _what_follows(unit: Unit, fields: Fields) -> Fields:
    """Installed, it is in use; its warranty counts from acceptance, else installation, delivery."""
    found = dict(fields)
    if unit.status == "planned" and any(fields.get(name) for name in RUNNING):
        found["status"] = "in_use"
    if not set(DAYS) & fields.keys():
        return found
    months = db.session.get_one(Product, unit.product_id).warranty_months
    usual = default_warranty(unit, months)
    if unit.warranty_ends_on not in (None, usual):
        return found
    after = {name: fields.get(name, getattr(unit, name)) for name in DAYS}
    first = Unit(sold_by_us=unit.sold_by_us, is_competitor=unit.is_competitor, **after)
    if begins_on(first) is not None or usual is not None:
        found["warranty_ends_on"] = default_warranty(first, months)
    return found


def remove_replaced(handover: Handover, unit_id: int, by_id: int | None) -> None:
    """Take out of use what a unit of this hand-over has replaced. Raises Conflict."""
    for row in queries.to_remove(handover.id):
        if row.id == unit_id:
            fields = {"status": "removed", "removed_on": row.accepted_on}
            change_unit(db.session.get_one(Unit, unit_id), fields, by_id)
            return
    raise Conflict(_("Nothing of this hand-over has replaced this unit yet."))
