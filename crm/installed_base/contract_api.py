"""The terms of contracts for programs: notice, and the chain of renewals."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, jsonify, make_response

from crm.extensions import db
from crm.installed_base import queries, renewals
from crm.installed_base.chain import chain
from crm.installed_base.contract_schemas import ContractNoticeSchema, ContractTermSchema
from crm.installed_base.models import ServiceContract
from crm.installed_base.schemas import ContractSchema
from crm.rest import KEY, PREFIX, Fields, blueprint, document, once, page_schema
from crm.rights import guard, the_user

blp = blueprint("contracts", "Notice on contracts, and their renewals")


@blp.route("/contracts/<int:contract_id>/terms", methods=["GET"])
@guard("view", "contract")
@document(blp, 401, 403, 404)
@blp.response(200, page_schema("ContractTerms", ContractTermSchema))
def terms(contract_id: int) -> Response:
    """All terms of the chain of renewals that a contract belongs to, the first first."""
    found = queries.get_contract(contract_id, the_user())
    rows = [asdict(one) for one in chain(found.id)]
    return jsonify({"items": ContractTermSchema(many=True).dump(rows), "next": None})


@blp.route("/contracts/<int:contract_id>/notice", methods=["POST"])
@guard("edit", "contract")
@blp.doc(parameters=[KEY])
@blp.arguments(ContractNoticeSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, ContractSchema)
def give_notice(fields: Fields, contract_id: int) -> Response:
    """Say that a contract is not to be renewed: who gave notice, on which day, why."""
    user = the_user()
    found = queries.get_contract(contract_id, user, "edit")

    def effect() -> Fields:
        renewals.give_notice(found, fields, user.id)
        return _shown(found)

    return once(effect, lambda _body: f"{PREFIX}/contracts/{contract_id}")


@blp.route("/contracts/<int:contract_id>/notice", methods=["DELETE"])
@guard("edit", "contract")
@document(blp, 401, 403, 404, 409)
@blp.response(204)
def take_back_notice(contract_id: int) -> Response:
    """The notice was a mistake or was withdrawn: the contract renews again."""
    user = the_user()
    found = queries.get_contract(contract_id, user, "edit")
    renewals.take_back_notice(found, user.id)
    db.session.commit()
    return make_response("", 204)


def _shown(contract: ServiceContract) -> Fields:
    db.session.flush()
    row = {c.key: getattr(contract, c.key) for c in ServiceContract.__table__.columns}
    queries.fill_units([row], the_user())
    shown: Fields = ContractSchema().dump(row)
    return shown
