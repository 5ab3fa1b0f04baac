"""Units and the contracts over them for programs."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, jsonify, make_response
from flask_babel import gettext as _
from marshmallow.validate import OneOf

from crm.accounts import telling
from crm.accounts.queries import get_site
from crm.attributes.narrowing import filter_field, narrowed
from crm.attributes.ordering import ordered
from crm.clock import today
from crm.errors import NotFound, named
from crm.extensions import db
from crm.installed_base import (
    actions,
    alike,
    contract_actions,
    judging,
    moves,
    places,
    queries,
    states,
)
from crm.installed_base.contract_listing import STANDINGS, standing_today
from crm.installed_base.models import (
    CRITICALITIES,
    UNIT_STATUSES,
    Location,
    ServiceContract,
    Unit,
)
from crm.installed_base.schemas import (
    ContractSchema,
    EntitlementQuery,
    EntitlementSchema,
    UnitSchema,
)
from crm.installed_base.unit_schemas import PlaceSchema, StateQuery, StateSchema, UnitMoveSchema
from crm.installed_base.verdict_words import as_json
from crm.rest import IF_MATCH, Collection, Fields, blueprint, collection, document, page_schema
from crm.rights import Person, guard, the_user
from crm.typed import key, line
from crm.versions import check_version, etag

blp = blueprint("installed_base", "Units and the contracts over them")


def _create(create: Any) -> Any:
    return lambda fields, user: create(queries.check_links(fields, user), user.id)


def _add_unit(fields: Fields, user: Person) -> Unit:
    fields = queries.check_links(fields, user)
    like = telling.found(alike.units_like(fields) if telling.wanted() else [])
    return telling.tell(actions.add_unit(fields, user.id), like)


def _change(change: Any) -> Any:
    def changing(found: Any, fields: Fields, user: Person) -> None:
        change(found, queries.check_links(fields, user), user.id)

    return changing


def _remove(remove: Any) -> Any:
    return lambda found, user: remove(found, user.id)


def _add_place(fields: Fields, user: Person) -> Location:
    with named("site_id"):
        get_site(fields["site_id"], user)
    return places.add_place(fields, user.id)


def _change_place(found: Location, fields: Fields, user: Person) -> None:
    places.change_place(found, fields, user.id)


UNITS = Collection(
    "units", "unit", Unit, UnitSchema, queries.get_unit,
    create=_add_unit, change=_change(actions.change_unit),
    remove=_remove(actions.remove_unit),
    filters={
        "account_id": key(), "site_id": key(), "product_id": key(), "serial_no": line(80),
        "parent_id": key(), "end_user_account_id": key(), "location_id": key(),
        "status": ma.fields.String(validate=OneOf(UNIT_STATUSES)),
        "criticality": ma.fields.String(validate=OneOf(CRITICALITIES[1:])),
        "attribute": filter_field(),
    },
    narrow=narrowed("unit"), further=ordered("unit"),
    sorts=("id", "installed_on", "warranty_ends_on"), complete=telling.fill, bulk=True,
)  # fmt: skip
collection(blp, UNITS)
collection(
    blp,
    Collection(
        "locations", "site", Location, PlaceSchema, places.get_place,
        create=_add_place, change=_change_place, remove=_remove(places.remove_place),
        filters={"site_id": key(), "parent_id": key()}, sorts=("id", "name"),
        complete=places.fill_paths,
    ),
)  # fmt: skip
collection(
    blp,
    Collection(
        "contracts", "contract", ServiceContract, ContractSchema, queries.get_contract,
        create=_create(contract_actions.add_contract),
        change=_change(contract_actions.change_contract),
        remove=_remove(contract_actions.remove_contract),
        filters={
            "account_id": key(), "number": line(40), "attribute": filter_field(),
            "standing": ma.fields.String(validate=OneOf(STANDINGS)),
        },
        narrow=narrowed("contract") | {"standing": standing_today}, further=ordered("contract"),
        sorts=("id", "ends_on"),
        complete=queries.fill_units, bulk=True,
    ),
)  # fmt: skip


@blp.route("/units/<int:unit_id>/entitlement", methods=["GET"])
@guard("view", "unit")
@blp.arguments(EntitlementQuery, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403, 404)
@blp.response(200, EntitlementSchema)
def entitlement(asked: Fields, unit_id: int) -> Response:
    """Free or chargeable on a day, and why."""
    unit = queries.get_unit(unit_id, the_user())
    verdict = judging.verdicts([unit], asked.get("at") or today())[unit.id]
    return jsonify(as_json(verdict))


@blp.route("/units/<int:unit_id>/state", methods=["GET"])
@guard("view", "unit")
@blp.arguments(StateQuery, location="query", unknown=ma.RAISE)
@document(blp, 400, 401, 403, 404)
@blp.response(200, StateSchema)
def state(asked: Fields, unit_id: int) -> Response:
    """How a unit stood on a day: whose, where, in what use; 404 before its first day."""
    unit = queries.get_unit(unit_id, the_user())
    row = states.state_of(unit.id, asked.get("on") or today())
    if row is None:
        raise NotFound(_("Nothing is known of this unit on that day."))
    return jsonify(StateSchema().dump(row))


@blp.route("/units/<int:unit_id>/states", methods=["GET"])
@guard("view", "unit")
@document(blp, 401, 403, 404)
@blp.response(200, page_schema("States", StateSchema))
def unit_states(unit_id: int) -> Response:
    """The newest hundred states of a unit, newest first."""
    rows = states.states_of(queries.get_unit(unit_id, the_user()).id)
    return jsonify({"items": StateSchema(many=True).dump(rows), "next": None})


@blp.route("/units/<int:unit_id>/move", methods=["POST"])
@guard("edit", "unit")
@blp.doc(parameters=[IF_MATCH | {"required": False}])
@blp.arguments(UnitMoveSchema)
@document(blp, 400, 401, 403, 404, 409, 412, 415)
@blp.response(200, UnitSchema)
def move(fields: Fields, unit_id: int) -> Response:
    """Move a unit to another account, site or place, from a day on; If-Match is optional."""
    user = the_user()
    unit = queries.get_unit(unit_id, user, "edit")
    check_version(unit)
    moves.move_unit(unit, queries.check_links(fields, user), user.id)
    db.session.commit()
    response = make_response(jsonify(UNITS.show(unit, user)))
    response.headers["ETag"] = etag(unit)
    return response
