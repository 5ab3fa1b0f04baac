"""Enter, change and take away warranties; the unit keeps the last day of them all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import now, today
from crm.errors import Invalid, NotFound
from crm.extensions import at_most, db
from crm.installed_base import judging, rules
from crm.installed_base.cover_terms import ALL, UnitTerms
from crm.installed_base.models import Unit
from crm.installed_base.warranty_models import Warranty
from crm.products.models import Product
from crm.rights import Person, may
from crm.timeline.actions import record

Fields = dict[str, Any]
LONGEST = 50
"""Warranties that one unit may have."""


def get_warranty(warranty_id: int, user: Person, action: str = "view") -> Warranty:
    """The door to a warranty."""
    found = db.session.get(Warranty, warranty_id)
    if found is None or not may(user, action, "warranty", found):
        raise NotFound
    return found


def warranties_of(unit_id: int) -> Sequence[Warranty]:
    """The warranties of a unit in the order of their days."""
    return db.session.scalars(
        sa.select(Warranty)
        .where(Warranty.unit_id == unit_id)
        .order_by(Warranty.starts_on, Warranty.id)
        .limit(at_most(LONGEST + 1))
    ).all()


def add_warranty(unit: Unit, fields: Fields, by_id: int | None) -> Warranty:
    """Enter a warranty of a unit. Raises Invalid."""
    _keep_implied(unit)
    if len(warranties_of(unit.id)) >= LONGEST:
        raise Invalid({"unit_id": [_("A unit has at most %(n)s warranties.", n=LONGEST)]})
    warranty = Warranty(
        unit_id=unit.id, kind="maker", meter_name="", transferable=True, exchange="", exclusions="",
        labour_percent=ALL.labour, travel_percent=ALL.travel, parts_percent=ALL.parts,
    )  # fmt: skip
    _write(warranty, fields)
    db.session.add(warranty)
    settle(unit)
    record("warranty.added", unit, by_id, account_id=unit.account_id, **_facts(unit, warranty))
    return warranty


def change_warranty(warranty: Warranty, fields: Fields, by_id: int | None) -> None:
    """Change a warranty; it stays with its unit. Raises Invalid."""
    if fields.get("unit_id", warranty.unit_id) != warranty.unit_id:
        raise Invalid({"unit_id": [_("A warranty stays with its unit.")]})
    _write(warranty, fields)
    warranty.updated_at = now()
    unit = db.session.get_one(Unit, warranty.unit_id)
    settle(unit)
    facts = _facts(unit, warranty) | {"fields": list(fields)}
    record("warranty.changed", unit, by_id, account_id=unit.account_id, **facts)


def remove_warranty(warranty: Warranty, by_id: int | None) -> None:
    """Take away a warranty that was entered by mistake."""
    unit = db.session.get_one(Unit, warranty.unit_id)
    facts = _facts(unit, warranty)
    db.session.delete(warranty)
    settle(unit)
    record("warranty.removed", unit, by_id, account_id=unit.account_id, **facts)


def end_of_unit(unit: Unit, wanted: date | None) -> None:
    """The last day that was written into the unit itself becomes its maker's warranty.

    Raises Invalid when another warranty of the unit says otherwise.
    """
    db.session.flush()
    rows = warranties_of(unit.id)
    maker = next((one for one in rows if one.kind == "maker"), None)
    if wanted is None and maker is not None:
        db.session.delete(maker)
    elif wanted is not None and maker is not None:
        maker.ends_on = wanted
        maker.starts_on = min(maker.starts_on, wanted)
    elif wanted is not None:
        db.session.add(implied(unit, wanted))
    settle(unit)
    if unit.warranty_ends_on != wanted:
        why = _("Another warranty of this unit says otherwise: change that one.")
        raise Invalid({"warranty_ends_on": [why]})


def follow_unit(unit: Unit, first: date | None, ended: date | None) -> None:
    """A unit was changed: its first day, its last day of warranty, or its owner may be others.

    `first` and `ended` are what they were before. Raises Invalid.
    """
    rows = warranties_of(unit.id)
    begins = rules.first_day(unit)
    if begins is not None and begins != first:
        for one in rows:
            if one.kind == "maker" and first in (None, one.starts_on):
                one.starts_on = min(begins, one.ends_on)
    if unit.warranty_ends_on != ended:
        end_of_unit(unit, unit.warranty_ends_on)
    elif rows:
        settle(unit)


def follow_file(unit_ids: Sequence[int]) -> None:
    """A file said another last day of these units: it is their maker's warranty; others stay."""
    for first in range(0, len(unit_ids), 500):
        some = unit_ids[first : first + 500]
        for unit in db.session.scalars(sa.select(Unit).where(Unit.id.in_(some))):
            maker = next((one for one in warranties_of(unit.id) if one.kind == "maker"), None)
            if maker is not None and unit.warranty_ends_on is not None:
                maker.ends_on = unit.warranty_ends_on
                maker.starts_on = min(maker.starts_on, maker.ends_on)
            _keep_implied(unit)
            settle(unit)


def settle_file(unit_ids: Sequence[int]) -> None:
    """A file brought warranties of these units: each keeps the last day on which one holds."""
    for first in range(0, len(unit_ids), 500):
        some = unit_ids[first : first + 500]
        for unit in db.session.scalars(sa.select(Unit).where(Unit.id.in_(some))):
            settle(unit)


def ends_of(terms: UnitTerms) -> dict[int, tuple[date, str]]:
    """Warranty → the day on which it really ends, and why: over, metered or moved."""
    return {one.id: terms.warranty_end(one) for one in terms.warranties}


def _keep_implied(unit: Unit) -> None:
    """A unit that has only its last day gets the row that this day stood for."""
    if unit.warranty_ends_on is not None and not warranties_of(unit.id):
        db.session.add(implied(unit, unit.warranty_ends_on))


def implied(unit: Unit, ends_on: date) -> Warranty:
    """The maker's warranty that a unit's own last day stands for; it is not written yet."""
    first = rules.first_day(unit) or today()
    return Warranty(
        unit_id=unit.id, kind="maker", starts_on=min(first, ends_on), ends_on=ends_on,
        meter_name="", transferable=True, exchange="", exclusions="",
    )  # fmt: skip


def _write(warranty: Warranty, fields: Fields) -> None:
    for name, value in fields.items():
        setattr(warranty, name, value)
    wrong: dict[str, list[str]] = {}
    if warranty.ends_on < warranty.starts_on:
        wrong["ends_on"] = [_("It cannot end before it starts.")]
    if warranty.meter_limit is not None and not warranty.meter_name:
        wrong["meter_name"] = [_("Say which meter the limit is about.")]
    if warranty.meter_name and warranty.meter_limit is None:
        wrong["meter_limit"] = [_("Say at what reading the warranty ends.")]
    if wrong:
        raise Invalid(wrong)


def settle(unit: Unit) -> None:
    """The unit keeps the last day on which a warranty of it holds, for lists and rules."""
    db.session.flush()
    ends = ends_of(judging.unit_terms([unit])[unit.id]).values()
    unit.warranty_ends_on = max((end for end, _why in ends), default=None)


def _facts(unit: Unit, warranty: Warranty) -> Fields:
    product = db.session.get_one(Product, unit.product_id)
    return {
        "warranty_id": warranty.id, "warranty_kind": warranty.kind, "unit_id": unit.id,
        "serial_no": unit.serial_no, "product_code": product.code, "product": product.name,
        "starts_on": warranty.starts_on.isoformat(), "ends_on": warranty.ends_on.isoformat(),
    }  # fmt: skip
