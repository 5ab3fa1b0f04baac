"""Ask for products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm import neighbours
from crm.errors import Invalid, NotFound, named
from crm.extensions import db
from crm.paging import Page, Sort, count, page
from crm.products.models import RELATION_KINDS, Product, ProductRelation
from crm.rights import Person, branches, may
from crm.text.normal import search_key
from crm.text.serial import serial_key

SORTS = {"code": Product.__table__.c.code, "name": Product.__table__.c.name}
DEEPEST = 50
MOST_RELATIONS = 200
"""So many other products one product can name."""
Fields = dict[str, Any]


def get_product(product_id: int, user: Person, action: str = "view") -> Product:
    """The door to a product."""
    found = db.session.get(Product, product_id)
    if found is None or not may(user, action, "product", found):
        raise NotFound
    return found


def check_links(fields: Fields, user: Person) -> Fields:
    """The successor named in a body must exist. Raises Invalid."""
    if isinstance(fields.get("successor_id"), int):
        with named("successor_id"):
            get_product(fields["successor_id"], user)
    return fields


def check_successor(product_id: int | None, successor_id: int) -> None:
    """A product does not succeed itself, not even through others. Raises Invalid."""
    seen: int | None = successor_id
    if product_id == successor_id:
        raise Invalid({"successor_id": [_("A product cannot be its own successor.")]})
    for _step in range(DEEPEST):
        if seen is None:
            return
        if seen == product_id:
            why = _("This product comes after that one already, by its successors.")
            raise Invalid({"successor_id": [why]})
        seen = db.session.scalar(sa.select(Product.successor_id).where(Product.id == seen))
    raise Invalid({"successor_id": [_("The chain of successors is too long.")]})


def by_code(code: str) -> Product | None:
    """One product by its code, width and case folded."""
    with db.session.no_autoflush:
        return db.session.scalar(sa.select(Product).where(Product.code_key == serial_key(code)))


def product_page(
    where: Sequence[sa.ColumnElement[bool]],
    user: Person,
    sort: Sort,
    cursor: str | None,
    limit: int,
) -> tuple[Page, int]:
    """One page of the catalogue, and how many match (at most 1,001)."""
    columns = Product.__table__.columns
    scope = branches(user, "view", "product", Product)
    rows = page(list(columns), columns["id"], scope, where, sort, cursor, limit)
    return rows, count([sa.or_(*scope), *where], columns["id"])


def place(
    where: Sequence[sa.ColumnElement[bool]], user: Person, sort: Sort, product: Product
) -> neighbours.Place | None:
    """Where a product stands in the catalogue, with the ones beside it."""
    scope = sa.or_(*branches(user, "view", "product", Product))
    return neighbours.place(sort, Product.__table__.c.id, [scope, *where], product)


def conditions(q: str, category: str) -> list[sa.ColumnElement[bool]]:
    """What a product must be to stand in the list."""
    where: list[sa.ColumnElement[bool]] = []
    if q.strip():
        key = search_key(q)
        where.append(
            sa.or_(
                sa.func.lower(Product.code).contains(key, autoescape=True),
                sa.func.lower(Product.name).contains(key, autoescape=True),
            )
        )
    if category:
        where.append(Product.category == category)
    return where


def choices() -> Sequence[tuple[int, str]]:
    """Products for a form to choose from."""
    rows = db.session.execute(
        sa.select(Product.id, Product.code, Product.name).order_by(Product.code).limit(1000)
    )
    return [(row.id, f"{row.code} {row.name}") for row in rows]


def categories() -> list[str]:
    """The categories in use."""
    return list(
        db.session.scalars(
            sa.select(Product.category)
            .where(Product.category != "")
            .distinct()
            .order_by(Product.category)
            .limit(60)
        )
    )


def labels(ids: set[int]) -> dict[int, str]:
    """Key → code and name, in one statement."""
    rows = db.session.execute(
        sa.select(Product.id, Product.code, Product.name).where(Product.id.in_(ids))
    )
    return {row.id: f"{row.code} {row.name}" for row in rows}


def relation(product_id: int, kind: str, other_id: int) -> ProductRelation | None:
    """One relation of a product to another."""
    return db.session.scalar(
        sa.select(ProductRelation).where(
            ProductRelation.product_id == product_id,
            ProductRelation.kind == kind,
            ProductRelation.other_id == other_id,
        )
    )


def count_relations(product_id: int) -> int:
    """How many other products a product names."""
    mine = ProductRelation.product_id == product_id
    return count([mine], ProductRelation.__table__.c.id)


def relations_of(product: Product) -> list[Fields]:
    """What a product is to others and they to it, in one statement.

    `incoming` says that the other product names this one. The successor stands in no row of its
    own: it is read from `successor_id` of the two products.
    """
    far = ProductRelation.__table__.c
    successor, me = sa.literal("successor"), product.id
    parts = [
        _others(far.kind, 0).join(ProductRelation, far.other_id == Product.id)
        .where(far.product_id == me),
        _others(far.kind, 1).join(ProductRelation, far.product_id == Product.id)
        .where(far.other_id == me),
        _others(successor, 0).where(Product.id == product.successor_id),
        _others(successor, 1).where(Product.successor_id == me),
    ]  # fmt: skip
    rows = db.session.execute(sa.union_all(*(one.limit(MOST_RELATIONS).subquery().select()
                                             for one in parts)))  # fmt: skip
    found = [{**row._mapping, "incoming": bool(row.incoming)} for row in rows]
    return sorted(
        found,
        key=lambda one: (RELATION_KINDS.index(one["kind"]), one["incoming"], one["code"]),
    )


def _others(kind: Any, incoming: int) -> sa.Select[Any]:
    return sa.select(
        kind.label("kind"), sa.literal(incoming).label("incoming"), Product.id.label("other_id"),
        Product.code, Product.name,
    )  # fmt: skip
