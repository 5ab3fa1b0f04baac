"""Warranties of units for programs."""

from __future__ import annotations

import marshmallow as ma
from flask import Response, jsonify
from marshmallow.validate import OneOf

from crm.installed_base import judging, queries, warranties
from crm.installed_base.models import Unit
from crm.installed_base.warranty_models import KINDS, Warranty
from crm.installed_base.warranty_schemas import WarrantySchema, WarrantyStandingSchema
from crm.rest import Collection, Fields, blueprint, collection, document, page_schema
from crm.rights import Person, guard, the_user
from crm.typed import key

blp = blueprint("warranties", "Warranties of units")


def _create(fields: Fields, user: Person) -> Warranty:
    queries.check_links(fields, user)
    unit = queries.get_unit(fields["unit_id"], user)
    return warranties.add_warranty(unit, fields, user.id)


def _change(warranty: Warranty, fields: Fields, user: Person) -> None:
    warranties.change_warranty(warranty, queries.check_links(fields, user), user.id)


collection(
    blp,
    Collection(
        "warranties", "warranty", Warranty, WarrantySchema, warranties.get_warranty,
        create=_create, change=_change,
        remove=lambda found, user: warranties.remove_warranty(found, user.id),
        filters={"unit_id": key(), "kind": ma.fields.String(validate=OneOf(KINDS))},
        sorts=("id", "ends_on"),
    ),
)  # fmt: skip


@blp.route("/units/<int:unit_id>/warranties", methods=["GET"])
@guard("view", "warranty")
@document(blp, 401, 403, 404)
@blp.response(200, page_schema("WarrantyStandings", WarrantyStandingSchema))
def of_unit(unit_id: int) -> Response:
    """The warranties of a unit in the order of their days, with the day each really ends."""
    unit: Unit = queries.get_unit(unit_id, the_user())
    rows = warranties.warranties_of(unit.id)
    ends = warranties.ends_of(judging.unit_terms([unit])[unit.id])
    items = [
        WarrantyStandingSchema().dump(
            {column.key: getattr(row, column.key) for column in Warranty.__table__.columns}
            | {"last_on": ends[row.id][0], "ended_by": ends[row.id][1]}
        )
        for row in rows
    ]
    return jsonify({"items": items, "next": None})
