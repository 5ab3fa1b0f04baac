"""Enter, change and remove products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from crm.attributes import values
from crm.errors import Conflict, Invalid, NotFound
from crm.extensions import db
from crm.products import queries
from crm.products.cards import product_cards
from crm.products.models import Product, ProductRelation
from crm.references import refuse_if_referred_to
from crm.search.actions import forget, index_many
from crm.text.serial import serial_key
from crm.timeline.actions import record, record_many

Fields = dict[str, Any]
LIFE = ("end_of_sale_on", "end_of_support_on", "parts_supply_end_on")
"""The days of which everybody is told who has such a product."""


def add_product(fields: Fields, by_id: int | None) -> Product:
    """Enter a model. Raises Invalid, and Conflict when the code is taken."""
    product = Product()
    _write(product, fields)
    custom = values.settle(product, fields.get("attributes"), True)
    db.session.add(product)
    if custom:
        values.keep(product)
    _index(product, fresh=True)
    record("product.added", product, by_id, account_id=None, **_facts(product))
    return product


def change_product(product: Product, fields: Fields, by_id: int | None) -> None:
    """Change a model. A change of its life is announced to everybody who owns one."""
    before = _life(product)
    _write(product, fields)
    custom = values.settle(product, fields.get("attributes"), False)
    if custom:
        values.keep(product)
    _index(product)
    changed = {name: [before[name], now] for name, now in _life(product).items()
               if now != before[name]}  # fmt: skip
    record(
        "product.changed", product, by_id, account_id=None, fields=list(fields),
        **_facts(product), **values.facts(custom),
    )  # fmt: skip
    if changed:
        record("product.life_changed", product, by_id, account_id=None,
               changes=_in_words(changed), **_facts(product))  # fmt: skip


def announce_many(products: Sequence[tuple[int, Fields, Fields]], by_id: int | None) -> None:
    """A file has changed the lives of products; of each its key, code and name, and the changes.

    The changes are old and new of each field, days as ISO texts. Everybody who owns one hears.
    """
    told = [(key, None, {**facts, "changes": changes}) for key, facts, changes in products]
    record_many("product.life_changed", "products", told, by_id)


def remove_product(product: Product, by_id: int | None) -> None:
    """Delete a model that nothing refers to. Raises Conflict."""
    refuse_if_referred_to(product, ("events", "product_relations"))
    forget("product", product.id)
    db.session.delete(product)
    record("product.removed", product, by_id, account_id=None, **_facts(product))


def relate(product: Product, kind: str, other: Product, by_id: int | None) -> ProductRelation:
    """Say what another product is to this one. Raises Invalid, and Conflict when it is known."""
    if other.id == product.id:
        raise Invalid({"other_id": [_("A product has no relation to itself.")]})
    for one, two in ((product, other), (other, product)):
        if queries.relation(one.id, kind, two.id) is not None:
            why = _("%(one)s names %(two)s already.", one=one.code, two=two.code)
            raise Conflict(why, {"other_id": [why]})
    if queries.count_relations(product.id) >= queries.MOST_RELATIONS:
        raise Invalid({"other_id": [_("This product names too many others already.")]})
    made = ProductRelation(product_id=product.id, kind=kind, other_id=other.id)
    db.session.add(made)
    record("product.related", product, by_id, account_id=None, **_relation_facts(made, other),
           **_facts(product))  # fmt: skip
    return made


def unrelate(product: Product, kind: str, other_id: int, by_id: int | None) -> None:
    """Take a relation back. Raises NotFound."""
    found = queries.relation(product.id, kind, other_id)
    if found is None:
        raise NotFound
    other = db.session.get_one(Product, other_id)
    db.session.delete(found)
    record("product.unrelated", product, by_id, account_id=None, **_relation_facts(found, other),
           **_facts(product))  # fmt: skip


def _relation_facts(relation: ProductRelation, other: Product) -> Fields:
    return {"relation": relation.kind, "other_id": other.id, "other": f"{other.code} {other.name}"}


def _write(product: Product, fields: Fields) -> None:
    if "code" in fields:
        other = queries.by_code(fields["code"])
        if other is not None and other.id != product.id:
            why = _("Another product has this code: %(name)s.", name=other.name)
            raise Conflict(why, {"code": [why]})
        product.code_key = serial_key(fields["code"])[:60]
    if fields.get("successor_id"):
        queries.check_successor(product.id, fields["successor_id"])
    for name, value in fields.items():
        if name != "attributes":
            setattr(product, name, value)
    check_days(product)


def check_days(product: Product) -> None:
    """Raises Invalid when the days of a model's life contradict each other."""
    sale = product.end_of_sale_on
    late = {
        "end_of_support_on": product.end_of_support_on,
        "parts_supply_end_on": product.parts_supply_end_on,
    }
    wrong = {
        name: [_("This cannot end before the end of sale.")]
        for name, day in late.items()
        if sale is not None and day is not None and day < sale
    }
    if wrong:
        raise Invalid(wrong)


def _life(product: Product) -> Fields:
    """What people are told of when it changes."""
    told = {name: getattr(product, name) for name in LIFE}
    return {
        **{name: day.isoformat() if day else None for name, day in told.items()},
        "successor_id": product.successor_id,
    }


def _in_words(changed: Fields) -> Fields:
    """Facts of an event: old and new of each field, a product by its code and name."""
    keys = changed.get("successor_id", ())
    names = queries.labels({key for key in keys if key is not None})
    return changed | ({"successor_id": [names.get(key) for key in keys]} if keys else {})


def _facts(product: Product) -> Fields:
    return {"code": product.code, "name": product.name}


def _index(product: Product, *, fresh: bool = False) -> None:
    db.session.flush()
    index_many(product_cards([product.id]), fresh=fresh)
