"""Addresses outside, their secrets and what was told to them, for programs."""

from __future__ import annotations

from flask import Response, jsonify

from crm.extensions import db
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rights import guard, the_user
from crm.typed import Pressed, choice, key
from crm.versions import lock
from crm.webhooks import actions, queries
from crm.webhooks.kinds import KINDS, PING
from crm.webhooks.models import STATES, Delivery, Webhook
from crm.webhooks.schemas import (
    DeliverySchema,
    ReplayedSchema,
    SecretSchema,
    SinceSchema,
    WebhookSchema,
)

blp = blueprint("webhooks", "Addresses outside that are told of events")

collection(
    blp,
    Collection(
        "webhooks", "webhook", Webhook, WebhookSchema, queries.get_webhook,
        create=lambda fields, user: actions.add_webhook(fields, user.id),
        change=lambda hook, fields, user: actions.change_webhook(hook, fields, user.id),
        remove=lambda hook, user: actions.remove_webhook(hook, user.id),
    ),
)  # fmt: skip
DELIVERIES = Collection(
    "webhook-deliveries", "webhook", Delivery, DeliverySchema, queries.get_delivery,
    filters={"webhook_id": key(), "state": choice(STATES), "kind": choice((*KINDS, PING))},
)  # fmt: skip
collection(blp, DELIVERIES)


@blp.route("/webhooks/<int:webhook_id>/secret", methods=["POST"])
@guard("edit", "webhook")
@blp.arguments(Pressed, required=False)
@document(blp, 400, 401, 403, 404, 415)
@blp.response(201, SecretSchema)
def new_secret(_nothing: Fields, webhook_id: int) -> Response:
    """Make the secret, or a new one: shown this once; the one before signs for another day."""
    hook = lock(queries.get_webhook(webhook_id, the_user(), "edit"))
    secret = actions.renew_secret(hook, the_user().id)
    db.session.commit()
    answer = jsonify({"secret": secret})
    answer.status_code = 201
    return answer


@blp.route("/webhooks/<int:webhook_id>/ping", methods=["POST"])
@guard("edit", "webhook")
@blp.doc(parameters=[KEY])
@blp.arguments(Pressed, required=False)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, DeliverySchema)
def ping(_nothing: Fields, webhook_id: int) -> Response:
    """Send a test message."""
    hook = queries.get_webhook(webhook_id, the_user(), "edit")

    def effect() -> Fields:
        return DELIVERIES.show(actions.ping(hook), the_user())

    return once(effect, lambda body: f"{PREFIX}/webhook-deliveries/{body['id']}")


@blp.route("/webhooks/<int:webhook_id>/pause", methods=["POST"])
@guard("edit", "webhook")
@blp.arguments(Pressed, required=False)
@document(blp, 400, 401, 403, 404, 415)
@blp.response(204)
def pause(_nothing: Fields, webhook_id: int) -> Response:
    """Send nothing for now; what happens meanwhile waits."""
    hook = lock(queries.get_webhook(webhook_id, the_user(), "edit"))
    if hook.paused_at is None:
        actions.pause(hook, "person", the_user().id)
    db.session.commit()
    return Response(status=204)


@blp.route("/webhooks/<int:webhook_id>/pause", methods=["DELETE"])
@guard("edit", "webhook")
@document(blp, 401, 403, 404)
@blp.response(204)
def resume(webhook_id: int) -> Response:
    """Send again, first what has waited."""
    hook = lock(queries.get_webhook(webhook_id, the_user(), "edit"))
    if hook.paused_at is not None:
        actions.resume(hook, the_user().id)
    db.session.commit()
    return Response(status=204)


@blp.route("/webhooks/<int:webhook_id>/replay", methods=["POST"])
@guard("edit", "webhook")
@blp.arguments(SinceSchema, required=False)
@document(blp, 400, 401, 403, 404, 415)
@blp.response(200, ReplayedSchema)
def replay_failed(asked: Fields, webhook_id: int) -> Response:
    """Send again what was given up since an instant, each under its own key."""
    hook = queries.get_webhook(webhook_id, the_user(), "edit")
    number = actions.replay_failed(hook, asked.get("since"))
    db.session.commit()
    return jsonify({"number": number})


@blp.route("/webhook-deliveries/<int:record_id>/replay", methods=["POST"])
@guard("edit", "webhook")
@blp.arguments(Pressed, required=False)
@document(blp, 400, 401, 403, 404, 415)
@blp.response(200, DeliverySchema)
def replay(_nothing: Fields, record_id: int) -> Response:
    """Send one message again, under the same key."""
    delivery = queries.get_delivery(record_id, the_user(), "edit")
    actions.replay(delivery)
    db.session.commit()
    db.session.refresh(delivery)
    return jsonify(DELIVERIES.show(delivery, the_user()))
