"""Recalls and field campaigns for programs."""

from __future__ import annotations

from dataclasses import asdict

import marshmallow as ma
from flask import Response, jsonify
from marshmallow.validate import OneOf

from crm.attributes.narrowing import filter_field, narrowed
from crm.attributes.ordering import ordered
from crm.campaigns import actions, queries
from crm.campaigns.foreseen import foreseen
from crm.campaigns.models import KINDS, OUTCOMES, STATUSES, Campaign, CampaignItem
from crm.campaigns.schemas import (
    CampaignFiguresSchema,
    CampaignItemSchema,
    CampaignOutcomeSchema,
    CampaignSchema,
)
from crm.extensions import db
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rights import guard, the_user
from crm.typed import Pressed, key
from crm.versions import check_version, lock

blp = blueprint("campaigns", "Recalls and field campaigns")

CAMPAIGNS = Collection(
    "campaigns", "campaign", Campaign, CampaignSchema, queries.get_campaign,
    create=lambda fields, user: actions.add_campaign(fields, user.id),
    change=lambda found, fields, user: actions.change_campaign(found, fields, user.id),
    remove=lambda found, user: actions.remove_campaign(found, user.id),
    filters={
        "kind": ma.fields.String(validate=OneOf(KINDS)),
        "status": ma.fields.String(validate=OneOf(STATUSES)), "attribute": filter_field(),
    },
    narrow=narrowed("campaign"), further=ordered("campaign"), sorts=("id",),
    complete=queries.fill_products,
)  # fmt: skip
ITEMS = Collection(
    "campaign-items", "campaign", CampaignItem, CampaignItemSchema, queries.get_item,
    filters={
        "campaign_id": key(), "unit_id": key(), "account_id": key(),
        "status": ma.fields.String(validate=OneOf(OUTCOMES)),
    },
    sorts=("id", "account_id"),
)  # fmt: skip
collection(blp, CAMPAIGNS)
collection(blp, ITEMS)


@blp.route("/campaigns/<int:campaign_id>/figures", methods=["GET"])
@guard("view", "campaign")
@document(blp, 401, 403, 404)
@blp.response(200, CampaignFiguresSchema)
def figures(campaign_id: int) -> Response:
    """How far a campaign is; of one that is not started, how far it would reach now."""
    found = queries.get_campaign(campaign_id, the_user())
    planned = found.status == "planned"
    shown = foreseen(found).figures if planned else queries.figures(found)
    return jsonify(asdict(shown))


@blp.route("/campaigns/<int:campaign_id>/start", methods=["POST"])
@guard("edit", "campaign")
@blp.doc(parameters=[KEY])
@blp.arguments(Pressed, required=False)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, CampaignSchema)
def start(_nothing: Fields, campaign_id: int) -> Response:
    """Start a campaign: every unit it names has its part, and the reps are told. Twice is once."""
    user = the_user()
    found = lock(queries.get_campaign(campaign_id, user, "edit"))

    def effect() -> Fields:
        actions.start(found, user.id)
        return _shown(found)

    return once(effect, lambda _body: f"{PREFIX}/campaigns/{campaign_id}")


@blp.route("/campaigns/<int:campaign_id>/end", methods=["POST"])
@guard("edit", "campaign")
@blp.doc(parameters=[KEY])
@blp.arguments(Pressed, required=False)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, CampaignSchema)
def end(_nothing: Fields, campaign_id: int) -> Response:
    """End a campaign today; what is open bears nothing any more."""
    user = the_user()
    found = lock(queries.get_campaign(campaign_id, user, "edit"))

    def effect() -> Fields:
        actions.end(found, user.id)
        return _shown(found)

    return once(effect, lambda _body: f"{PREFIX}/campaigns/{campaign_id}")


def _shown(campaign: Campaign) -> Fields:
    db.session.flush()
    return CAMPAIGNS.show(campaign, the_user())


@blp.route("/campaign-items/<int:item_id>/outcome", methods=["POST"])
@guard("log", "campaign")
@blp.doc(parameters=[KEY])
@blp.arguments(CampaignOutcomeSchema)
@document(blp, 400, 401, 403, 404, 409, 412, 415)
@blp.response(201, CampaignItemSchema)
def log_outcome(fields: Fields, item_id: int) -> Response:
    """Say what became of a unit's part of a campaign."""
    user = the_user()
    found = queries.get_item(item_id, user, "log")
    check_version(found)

    def effect() -> Fields:
        actions.log_outcome(found, fields, user.id)
        db.session.flush()
        return ITEMS.show(found, user)

    return once(effect, lambda _body: f"{PREFIX}/campaign-items/{item_id}")
