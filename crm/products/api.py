"""Products for programs."""

from __future__ import annotations

import marshmallow as ma
from flask import Response, jsonify, make_response

from crm.accounts import telling
from crm.attributes.narrowing import filter_field, narrowed
from crm.attributes.ordering import ordered
from crm.errors import named
from crm.extensions import db
from crm.products import actions, alike, queries
from crm.products.models import Product
from crm.products.schemas import (
    NewRelationSchema,
    ProductSchema,
    RelationQuery,
    RelationSchema,
)
from crm.rest import (
    KEY,
    PREFIX,
    Collection,
    Fields,
    blueprint,
    collection,
    document,
    once,
    page_schema,
)
from crm.rights import Person, guard, the_user
from crm.typed import key, line

blp = blueprint("products", "The catalogue")


def _add(fields: Fields, user: Person) -> Product:
    fields = queries.check_links(fields, user)
    like = telling.found(alike.products_like(fields) if telling.wanted() else [])
    return telling.tell(actions.add_product(fields, user.id), like)


def _change(product: Product, fields: Fields, user: Person) -> None:
    actions.change_product(product, queries.check_links(fields, user), user.id)


collection(
    blp,
    Collection(
        "products", "product", Product, ProductSchema, queries.get_product,
        create=_add, change=_change,
        remove=lambda product, user: actions.remove_product(product, user.id),
        filters={"code": line(60), "category": line(60), "maker": line(100), "successor_id": key(),
                 "attribute": filter_field()},
        narrow=narrowed("product"), further=ordered("product"),
        sorts=("id", "code", "name"), complete=telling.fill, bulk=True,
    ),
)  # fmt: skip


@blp.route("/products/<int:product_id>/relations", methods=["GET"])
@guard("view", "product")
@document(blp, 401, 403, 404)
@blp.response(200, page_schema("Relation", RelationSchema))
def relations(product_id: int) -> Response:
    """What a product is to others: consumables, options, upgrades, successor, competitors'."""
    product = queries.get_product(product_id, the_user())
    rows = RelationSchema(many=True).dump(queries.relations_of(product))
    return jsonify({"items": rows, "next": None})


@blp.route("/products/<int:product_id>/relations", methods=["POST"])
@guard("edit", "product")
@blp.doc(parameters=[KEY])
@blp.arguments(NewRelationSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, RelationSchema)
def relate(fields: Fields, product_id: int) -> Response:
    """Say what another product is to this one."""
    user = the_user()
    product = queries.get_product(product_id, user, "edit")

    def effect() -> Fields:
        with named("other_id"):
            other = queries.get_product(fields["other_id"], user)
        actions.relate(product, fields["kind"], other, user.id)
        shown: Fields = RelationSchema().dump(
            {**fields, "incoming": False, "code": other.code, "name": other.name}
        )
        return shown

    return once(effect, lambda _body: f"{PREFIX}/products/{product_id}/relations")


@blp.route("/products/<int:product_id>/relations", methods=["DELETE"])
@guard("edit", "product")
@blp.arguments(RelationQuery, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403, 404)
@blp.response(204)
def unrelate(fields: Fields, product_id: int) -> Response:
    """Take a relation back."""
    product = queries.get_product(product_id, the_user(), "edit")
    actions.unrelate(product, fields["kind"], fields["other_id"], the_user().id)
    db.session.commit()
    return make_response("", 204)
