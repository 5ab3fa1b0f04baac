"""Alerts for programs, and the live stream."""

from __future__ import annotations

from collections.abc import Iterator

import marshmallow as ma
from flask import Response, current_app, jsonify, make_response, request, stream_with_context
from flask_babel import gettext as _
from marshmallow.validate import OneOf

from crm.alerts import actions, queries, stream
from crm.alerts.models import STATES, Alert
from crm.alerts.schemas import AlertSchema, DismissalSchema, MadeDealSchema, SnoozeSchema
from crm.deals import queries as deals
from crm.deals.models import Deal
from crm.errors import BadRequest
from crm.extensions import db
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rights import Person, guard, the_user
from crm.typed import Pressed
from crm.versions import etag

blp = blueprint("alerts", "Opportunities that support events reveal")


def _in_words(rows: list[Fields], _user: Person) -> None:
    language = queries.language()
    for row in rows:
        row["reason"] = row["reason"][language]
        row["evidence"] = [one | {"text": one["text"][language]} for one in row["evidence"]]


ALERTS = Collection(
    "alerts", "alert", Alert, AlertSchema, queries.get_alert,
    filters={
        "state": ma.fields.String(validate=OneOf(STATES)),
        "account_id": ma.fields.Integer(),
        "unit_id": ma.fields.Integer(),
        "ticket_id": ma.fields.Integer(),
        "rule": ma.fields.String(),
        "owner_id": ma.fields.Integer(),
    },
    sorts=("id", "raised_at"),
    default_sort="-id",
    complete=_in_words,
)  # fmt: skip
collection(blp, ALERTS)


@blp.route("/alerts/<int:alert_id>/deal", methods=["POST"])
@guard("decide", "alert")
@blp.doc(parameters=[KEY])
@blp.arguments(Pressed, required=False)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, MadeDealSchema)
def make_deal(_nothing: Fields, alert_id: int) -> Response:
    """Make the deal that the alert proposes. A second press answers the first one's deal."""
    user = the_user()

    def effect() -> Fields:
        alert = queries.get_alert(alert_id, user, "decide", lock=True)
        deal = actions.accept(alert, user, queries.language())
        db.session.flush()
        return _made(deal, user)

    return once(effect, lambda body: f"{PREFIX}/deals/{body['id']}")


def _made(deal: Deal, user: Person) -> Fields:
    """The deal with its lines and units."""
    row = {column.key: getattr(deal, column.key) for column in Deal.__table__.columns}
    deals.complete_deals([row], user)
    made: Fields = MadeDealSchema().dump(row)
    return made


@blp.route("/alerts/<int:alert_id>/dismissal", methods=["POST"])
@guard("decide", "alert")
@blp.arguments(DismissalSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(200, AlertSchema)
def dismiss(fields: Fields, alert_id: int) -> Response:
    """Do not take it up, and say why."""
    alert = queries.get_alert(alert_id, the_user(), "decide", lock=True)
    actions.dismiss(alert, fields["reason"], fields["note"], the_user())
    db.session.commit()
    return _shown(alert)


@blp.route("/alerts/<int:alert_id>/snooze", methods=["POST"])
@guard("decide", "alert")
@blp.arguments(SnoozeSchema, required=False)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(200, AlertSchema)
def snooze(fields: Fields, alert_id: int) -> Response:
    """Put it off until a moment, a week when none is given."""
    alert = queries.get_alert(alert_id, the_user(), "decide", lock=True)
    actions.snooze(alert, fields["until"], the_user())
    db.session.commit()
    return _shown(alert)


def _shown(alert: Alert) -> Response:
    response = make_response(jsonify(ALERTS.show(alert, the_user())))
    response.headers["ETag"] = etag(alert)
    return response


@blp.route("/alerts/stream", methods=["GET"])
@guard("view", "alert")
@blp.doc(
    responses={"200": {"description": "Server-Sent Events", "content": {"text/event-stream": {}}}}
)
@document(blp, 400, 401, 403)
def live() -> Response:
    """A person's new alerts as they come: those after `Last-Event-ID`, or after `after`."""
    after = _key(request.headers.get("Last-Event-ID", ""), "Last-Event-ID")
    if after is None:
        after = _key(request.args.get("after", ""), "after")
    who = current_app.extensions["who"]

    def still() -> bool:
        """Signed in as when it began; asked before something is told."""
        found = who(request) is not None
        db.session.remove()
        return found

    frames: Iterator[str] = stream.listen(the_user().id, after, still)
    answer = Response(stream_with_context(frames), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _key(text: str, name: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadRequest(_("The event id is not usable."), {name: [_("A whole number.")]})
    return int(text)
