"""Deals and activities for programs."""

from __future__ import annotations

import marshmallow as ma
from flask import Response, jsonify, make_response, request
from flask_babel import gettext as _
from flask_login import current_user
from marshmallow.validate import OneOf

from crm.attributes.narrowing import filter_field, narrowed
from crm.attributes.ordering import ordered
from crm.deals import actions, activity_actions, queries
from crm.deals.models import ACTIVITY_KINDS, OPEN_STAGES, ORIGINS, RANKS, STAGES, Activity, Deal
from crm.deals.schemas import ActivitySchema, DealSchema, StageChangeSchema, asked_key
from crm.errors import BadRequest, Invalid
from crm.extensions import db
from crm.rest import IF_MATCH, Collection, Fields, blueprint, collection, document
from crm.rights import Person, guard, sees_amounts, the_user
from crm.versions import check_version, etag

blp = blueprint("deals", "Deals and activities")


def _open(fields: Fields, user: Person) -> Deal:
    if fields.get("stage", "lead") not in OPEN_STAGES:
        raise Invalid({"stage": [_("A new deal is open. Win or lose it in a second step.")]})
    return actions.open_deal(fields, user)


@blp.before_request
def _keep_amounts_hidden() -> None:
    """The order of amounts says something of them too."""
    by_amount = request.args.get("sort", "").removeprefix("-") == "amount"
    if by_amount and current_user.is_authenticated and not sees_amounts(the_user()):
        raise BadRequest(_("You may not sort by amount."), {"sort": [_("Not a known order.")]})


DEALS = Collection(
    "deals", "deal", Deal, DealSchema, queries.get_deal,
    create=_open,
    change=actions.change_deal,
    remove=actions.remove_deal,
    filters={
        "stage": ma.fields.String(validate=OneOf(STAGES)),
        "owner_id": asked_key(), "team_id": asked_key(), "account_id": asked_key(),
        "from_alert_id": asked_key(),
        "rank": ma.fields.String(validate=OneOf(RANKS)),
        "origin": ma.fields.String(validate=OneOf(ORIGINS)),
        "expected_close_on": ma.fields.Date(), "attribute": filter_field(),
    },
    narrow=narrowed("deal"), further=ordered("deal"),
    sorts=("id", "expected_close_on", "amount", "updated_at"),
    complete=queries.complete_deals, bulk=True,
)  # fmt: skip
collection(blp, DEALS)


@blp.route("/deals/<int:record_id>/stage", methods=["POST"])
@guard("edit", "deal")
@blp.doc(parameters=[IF_MATCH | {"required": False}])
@blp.arguments(StageChangeSchema)
@document(blp, 400, 401, 403, 404, 409, 412, 415)
@blp.response(200, DealSchema)
def change_stage(fields: Fields, record_id: int) -> Response:
    """Move a deal. Won needs closed_on, lost needs lost_reason; If-Match is optional."""
    deal = queries.get_deal(record_id, the_user(), "edit")
    check_version(deal)
    actions.move_deal(deal, user=the_user(), **fields)
    db.session.flush()
    response = make_response(jsonify(DEALS.show(deal, the_user())))
    response.headers["ETag"] = etag(deal)
    db.session.commit()
    return response


collection(
    blp,
    Collection(
        "activities", "activity", Activity, ActivitySchema, queries.get_activity,
        create=activity_actions.record_activity,
        change=activity_actions.change_activity,
        remove=activity_actions.remove_activity,
        filters={
            "kind": ma.fields.String(validate=OneOf(ACTIVITY_KINDS)),
            "account_id": asked_key(), "deal_id": asked_key(), "by_id": asked_key(),
            "planned": ma.fields.Boolean(truthy={"true"}, falsy={"false"}),
            "attribute": filter_field(),
        },
        narrow=narrowed("activity"), further=ordered("activity"),
        sorts=("id", "at"),
        complete=queries.complete_activities, bulk=True,
    ),
)  # fmt: skip
