"""Hand-overs for programs."""

from __future__ import annotations

from flask import Response, jsonify

from crm.deals.models import Deal
from crm.deals.queries import get_deal
from crm.errors import NotFound
from crm.extensions import db
from crm.handover import filling, queries
from crm.handover.models import Handover
from crm.handover.outcome import Outcome, foresee
from crm.handover.schemas import DealHandoverSchema, FillingSchema, HandoverSchema
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rights import guard, the_user
from crm.typed import key

blp = blueprint("handover", "What won deals hand over to service")

HANDOVERS = Collection(
    "handovers", "unit", Handover, HandoverSchema, queries.get_handover,
    filters={"deal_id": key(), "account_id": key(), "ticket_id": key()},
    sorts=("id", "created_at"),
)  # fmt: skip
collection(blp, HANDOVERS)


@blp.route("/deals/<int:deal_id>/handover", methods=["GET"])
@guard("view", "deal")
@document(blp, 401, 403, 404)
@blp.response(200, DealHandoverSchema)
def of_deal(deal_id: int) -> Response:
    """The units of a deal to be filled in; `next` says what winning it, or opening it again, does.

    `next.ticket` is add, take, keep or empty.
    """
    return jsonify(_shown(get_deal(deal_id, the_user())))


@blp.route("/deals/<int:deal_id>/handover/units", methods=["POST"])
@guard("edit", "unit")
@blp.doc(parameters=[KEY])
@blp.arguments(FillingSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, DealHandoverSchema)
def fill(fields: Fields, deal_id: int) -> Response:
    """Fill in serial numbers, days and places: all units that are named, or none."""
    user = the_user()
    deal = get_deal(deal_id, user)
    handover = queries.of_deal(deal_id)
    if handover is None:
        raise NotFound

    def effect() -> Fields:
        rows = {row["unit_id"]: _cells(row) for row in fields["units"]}
        filling.fill(handover, rows, user.id)
        db.session.flush()
        return _shown(deal)

    return once(effect, lambda _body: f"{PREFIX}/deals/{deal_id}/handover")


def _cells(row: Fields) -> Fields:
    return {name: value for name, value in row.items() if name != "unit_id"}


def _shown(deal: Deal) -> Fields:
    handover = queries.of_deal(deal.id)
    rows = queries.unit_rows(handover.id) if handover else []
    body = {
        "handover": HANDOVERS.show(handover, the_user()) if handover else None,
        "units": [row._asdict() | {"unit_id": row.id} for row in rows],
        "to_remove": [row.id for row in queries.to_remove(handover.id)] if handover else [],
        "next": _outcome(foresee(deal, deal.stage != "won")),
    }
    shown: Fields = DealHandoverSchema(exclude=("handover",)).dump(body)
    return shown | {"handover": body["handover"]}


def _outcome(found: Outcome) -> Fields:
    return {
        "create": [
            {"product_id": wanted.product_id, "code": wanted.code, "number": number}
            for wanted, number in found.add
        ],
        "take_back": [{"unit_id": one.unit_id, "code": one.code} for one in found.take],
        "keep": [
            {"kind": one.kind, "id": one.id, "label": one.label, "reasons": list(one.reasons)}
            for one in found.kept
        ],
        "plans": len(found.new_plans) or len(found.gone_plans), "ticket": found.ticket,
    }  # fmt: skip
