"""The attributes of units: values checked by what is asked of their product family.

The values stand in the unit itself. `unit_traits` holds them once more, each folded into a text,
so that units are found by one of them at any number of units.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crm.editing import ORIGINAL, Sheet
from crm.errors import Invalid
from crm.extensions import db
from crm.installed_base.models import Unit, UnitTrait
from crm.look import day, number
from crm.products import attributes
from crm.products.models import AttributeDefinition
from crm.text.normal import clean
from crm.typed import FIRST_DAY, LARGEST_KEY, LAST_DAY

Values = dict[str, Any]
PREFIX = "attr-"
LONGEST = 200
FOLDED = 80
MOST = Decimal(10) ** 12
DECIMALS = 6


def from_form(form: MultiDict[str, str]) -> tuple[MultiDict[str, str], Values]:
    """A form without its attributes, and those that were changed in it, as typed."""
    kept: MultiDict[str, str] = MultiDict()
    typed: Values = {}
    for name, values in form.lists():
        if name.startswith(ORIGINAL + PREFIX):
            continue
        if not name.startswith(PREFIX):
            kept.setlist(name, values)
        elif values[-1] != form.get(ORIGINAL + name, ""):
            typed[name.removeprefix(PREFIX)] = values[-1]
    return kept, typed


def clashes(unit: Unit, form: MultiDict[str, str]) -> dict[str, tuple[str, str, str]]:
    """Attributes that this form and somebody else changed: field → (original, theirs, mine)."""
    held = unit.attributes or {}
    found: dict[str, tuple[str, str, str]] = {}
    for name, value in form.items():
        was = form.get(ORIGINAL + name)
        if name.startswith(PREFIX) and was is not None and value != was:
            theirs = str(held.get(name.removeprefix(PREFIX), ""))
            if theirs not in (was, value):
                found[name] = was, theirs, value
    return found


def names(unit: Unit) -> dict[str, str]:
    """Field of the form → what the attribute is called; one statement."""
    return {PREFIX + one.key: attributes.label(one) for one in asked_of(unit.product_id)}


def settle(unit: Unit, given: Mapping[str, Any] | None, new: bool) -> None:
    """Check and set what was given; what is left out stays, null or nothing takes it away.

    Raises Invalid with a reason for each wrong value, as `attributes.detector`. What has to be
    filled in may wait while the unit is planned, and until somebody fills in anything.
    """
    if given is None and not new:
        return
    asked = {one.key: one for one in attributes.of_product(unit.product_id)}
    errors: dict[str, list[str]] = {}
    values = {name: value for name, value in (unit.attributes or {}).items() if name in asked}
    for name, value in (given or {}).items():
        if name not in asked:
            errors[f"attributes.{name}"] = [_("Nothing like this is asked of this product.")]
            continue
        try:
            values[name] = read(asked[name], value)
        except Invalid as error:
            errors[f"attributes.{name}"] = error.errors["value"]
    for one in asked.values():
        missing = one.required and values.get(one.key) is None and unit.status != "planned"
        if missing and f"attributes.{one.key}" not in errors:
            errors[f"attributes.{one.key}"] = [_("This has to be filled in.")]
    if errors:
        raise Invalid(errors)
    unit.attributes = {name: value for name, value in values.items() if value is not None}


def read(one: AttributeDefinition, value: Any) -> Any:
    """What somebody typed or sent as a value of its kind; None for nothing. Raises Invalid."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Invalid({"value": [_("A text or a number.")]})
    text = " ".join(clean(str(value)).split())
    if one.kind == "number":
        return _number(text)
    if one.kind == "date":
        return _day(text)
    if one.kind == "choice" and text not in one.choices:
        raise Invalid({"value": [_("One of: %(all)s.", all=", ".join(one.choices))]})
    if len(text) > LONGEST:
        raise Invalid({"value": [_("%(n)s letters at most.", n=LONGEST)]})
    return text


def _number(text: str) -> int | float:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("−", "-")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= MOST or round(found, DECIMALS) != found:
        raise Invalid({"value": [_("A number with %(n)s decimals at most.", n=DECIMALS)]})
    return int(found) if found == found.to_integral_value() else float(found)


def _day(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("/", "-")
    try:
        found = date.fromisoformat(plain)
    except ValueError:
        found = None
    if found is None or not FIRST_DAY <= found <= LAST_DAY:
        raise Invalid({"value": [_("A day between 1900 and 2199.")]})
    return found.isoformat()


def folded(value: Any) -> str:
    """A value as it is looked up: width and case do not matter, 5 and 5.0 are one."""
    if isinstance(value, (int, float)):
        return f"{Decimal(str(value)).normalize():f}"
    return unicodedata.normalize("NFKC", str(value)).casefold()[:FOLDED]


def keep(unit: Unit) -> None:
    """Write the values once more, to be found by. The unit has its key already."""
    asked = {one.key: one.id for one in attributes.of_product(unit.product_id)}
    db.session.flush()
    db.session.execute(sa.delete(UnitTrait).where(UnitTrait.unit_id == unit.id))
    rows = [
        {"unit_id": unit.id, "definition_id": asked[name], "value": folded(value)}
        for name, value in (unit.attributes or {}).items()
        if name in asked
    ]
    if rows:
        db.session.execute(sa.insert(UnitTrait), rows)


def having(definition: AttributeDefinition, text: str) -> sa.ColumnElement[bool]:
    """Units whose attribute has a value. Raises Invalid for what cannot be one."""
    value = read(definition, text)
    some = sa.select(UnitTrait.unit_id).where(UnitTrait.definition_id == definition.id)
    if value is not None:
        some = some.where(UnitTrait.value == folded(value))
    return Unit.__table__.c.id.in_(some)


def narrow(text: str) -> sa.ColumnElement[bool]:
    """Units by detector:UV, whatever their families; without a value those that have one.

    Raises Invalid for a key that no family has, and for a value that none of them can have.
    """
    name, _colon, value = text.partition(":")
    known = db.session.scalars(
        sa.select(AttributeDefinition).where(AttributeDefinition.key == name.strip())
    ).all()
    if not known:
        raise Invalid({"attribute": [_("There is no such attribute.")]})
    found, wrong = [], []
    for one in known:
        try:
            found.append(having(one, value))
        except Invalid as error:
            wrong += error.errors["value"]
    if not found:
        raise Invalid({"attribute": list(dict.fromkeys(wrong))})
    return sa.or_(*found)


def shown(unit: Unit) -> list[tuple[str, str]]:
    """What is known of a unit besides the usual, as name and value in words; one statement."""
    held = unit.attributes or {}
    return [
        (attributes.label(one), _said(one, held[one.key]))
        for one in attributes.of_product(unit.product_id)
        if one.key in held
    ]


def _said(one: AttributeDefinition, value: Any) -> str:
    if one.kind == "date":
        return day(date.fromisoformat(value))
    said = number(value) if one.kind == "number" and isinstance(value, int) else str(value)
    return f"{said} {one.unit}".strip()


def asked_of(product_id: int | None) -> Sequence[AttributeDefinition]:
    """What a form asks of a product's units."""
    return attributes.of_product(product_id) if product_id and product_id <= LARGEST_KEY else []


def form_of(unit: Unit | None, sheet: Sheet) -> dict[str, Any]:
    """What the form of a unit shows of its attributes: asked, held and what they were."""
    text = sheet["product_id"]
    typed = int(text) if text.isascii() and text.isdigit() and len(text) < 17 else None
    asked = asked_of(unit.product_id if unit else typed)
    held = (unit.attributes or {}) if unit else {}
    was = {PREFIX + one.key: str(held.get(one.key, "")) for one in asked}
    values = was | {n: v for n, v in sheet.values.items() if n.startswith(PREFIX)}
    return {"asked": asked, "held": values, "was": was if unit else None}
