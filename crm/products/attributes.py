"""What is asked of the units of a product family besides the usual: its attributes, as admins keep.

A family is a category of products. Values live with the units (crm/installed_base/traits.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.errors import Conflict, Invalid, NotFound
from crm.extensions import at_most, db
from crm.look import language
from crm.products.models import AttributeDefinition, Product
from crm.references import referring, refuse_if_referred_to
from crm.rights import Person, may
from crm.timeline.actions import record

Fields = dict[str, Any]
MOST_OF_A_FAMILY = 40
MOST_SHOWN = 500
FIXED = ("category", "key", "kind")
"""What does not change any more once a unit has a value."""


def get_attribute(definition_id: int, user: Person, action: str = "view") -> AttributeDefinition:
    """The door to a definition."""
    found = db.session.get(AttributeDefinition, definition_id)
    if found is None or not may(user, action, "attribute", found):
        raise NotFound
    return found


def of_product(product_id: int) -> Sequence[AttributeDefinition]:
    """What is asked of the units of a product, in order; one statement."""
    with db.session.no_autoflush:
        return db.session.scalars(
            sa.select(AttributeDefinition)
            .join(Product, Product.category == AttributeDefinition.category)
            .where(Product.id == product_id)
            .order_by(AttributeDefinition.position, AttributeDefinition.id)
        ).all()


def every() -> Sequence[AttributeDefinition]:
    """All definitions, family by family."""
    return db.session.scalars(
        sa.select(AttributeDefinition)
        .order_by(
            AttributeDefinition.category, AttributeDefinition.position, AttributeDefinition.id
        )
        .limit(at_most(MOST_SHOWN))
    ).all()


def label(one: Any) -> str:
    """The name of an attribute in the reader's language."""
    return str(one.label_ja if language() == "ja" else one.label_en)


def add_attribute(fields: Fields, by_id: int | None) -> AttributeDefinition:
    """Ask one more thing of a family. Raises Invalid and Conflict."""
    one = AttributeDefinition(kind="text", unit="", required=False, choices=[], position=0)
    _write(one, fields)
    db.session.add(one)
    record("product.attribute_added", one, by_id, account_id=None, **_facts(one))
    return one


def change_attribute(one: AttributeDefinition, fields: Fields, by_id: int | None) -> None:
    """Change what is asked. Raises Invalid, for what units rest on already as well."""
    held = {name: getattr(one, name) for name in FIXED}
    used = referring("attribute_definitions", [one.id], ("events",))[one.id]
    for name in FIXED:
        if used and fields.get(name, held[name]) != held[name]:
            raise Invalid({name: [_("Units have values of it already, so this stays.")]})
    _write(one, fields)
    record("product.attribute_changed", one, by_id, account_id=None, **_facts(one))


def remove_attribute(one: AttributeDefinition, by_id: int | None) -> None:
    """Ask it no longer. Raises Conflict while units have values of it."""
    refuse_if_referred_to(one)
    facts = _facts(one)
    db.session.delete(one)
    record("product.attribute_removed", one, by_id, account_id=None, **facts)


def _write(one: AttributeDefinition, fields: Fields) -> None:
    with db.session.no_autoflush:
        for name, value in fields.items():
            setattr(one, name, value)
        if one.kind == "choice" and not one.choices:
            raise Invalid({"choices": [_("Name the choices.")]})
        if one.kind != "choice":
            one.choices = []
        same = db.session.scalars(
            sa.select(AttributeDefinition).where(AttributeDefinition.category == one.category)
        ).all()
    others = [row for row in same if row.id != one.id]
    if any(row.key == one.key for row in others):
        why = _("This family has an attribute of this key.")
        raise Conflict(why, {"key": [why]})
    if len(others) >= MOST_OF_A_FAMILY:
        why = _("A family has %(n)s attributes at most.", n=MOST_OF_A_FAMILY)
        raise Invalid({"category": [why]})


def _facts(one: AttributeDefinition) -> Fields:
    return {"category": one.category, "key": one.key, "ja": one.label_ja, "en": one.label_en}
