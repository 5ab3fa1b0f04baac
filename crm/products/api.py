"""Products for programs."""

from __future__ import annotations

from crm.products import actions, queries
from crm.products.models import Product
from crm.products.schemas import ProductSchema
from crm.rest import Collection, Fields, blueprint, collection
from crm.rights import Person
from crm.typed import key, line

blp = blueprint("products", "The catalogue")


def _add(fields: Fields, user: Person) -> Product:
    return actions.add_product(queries.check_links(fields, user), user.id)


def _change(product: Product, fields: Fields, user: Person) -> None:
    actions.change_product(product, queries.check_links(fields, user), user.id)


collection(
    blp,
    Collection(
        "products", "product", Product, ProductSchema, queries.get_product,
        create=_add, change=_change,
        remove=lambda product, user: actions.remove_product(product, user.id),
        filters={"code": line(60), "category": line(60), "maker": line(100), "successor_id": key()},
        sorts=("id", "code", "name"),
    ),
)  # fmt: skip
