"""Advice for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import marshmallow as ma
from flask import Response
from flask_babel import gettext as _
from marshmallow.validate import OneOf

from crm.advice import actions, queries
from crm.advice.models import CASES, OUTCOMES, STATES, Advice
from crm.advice.schemas import (
    AdviceAnswerSchema,
    AdviceDeclineSchema,
    AdviceHandOnSchema,
    AdviceOutcomeSchema,
    AdviceSchema,
)
from crm.errors import Invalid, named
from crm.extensions import db
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rights import Person, guard, the_user
from crm.typed import Pressed, key
from crm.versions import check_version

blp = blueprint("advice", "Questions to colleagues over a ticket or a deal")


def _ask(fields: Fields, user: Person) -> Advice:
    given = [name for name in CASES if fields.get(name) is not None]
    if len(given) != 1:
        why = _("Say on which one record: %(all)s.", all=", ".join(CASES))
        raise Invalid({"ticket_id": [why]})
    (name,) = given
    with named(name):
        case = queries.get_case(name, fields[name], user, True)
    made = actions.ask(name, case, fields, user)
    db.session.flush()
    return made


ADVICE = Collection(
    "advice", "advice", Advice, AdviceSchema, queries.get_advice,
    create=_ask, change=actions.reword,
    filters={
        "ticket_id": key(), "deal_id": key(), "asker_id": key(), "asked_id": key(),
        "state": ma.fields.String(validate=OneOf(STATES)),
        "outcome": ma.fields.String(validate=OneOf(OUTCOMES)),
    },
    sorts=("id", "asked_at"),
)  # fmt: skip
collection(blp, ADVICE)


def _post(address: str, action: str, taken: Any, required: bool = True) -> Callable[[Any], Any]:
    """What can be done to a request: the right to do it, and what is taken. It answers the request
    as it stands then."""

    def wrap(view: Any) -> Any:
        view = blp.response(201, AdviceSchema)(view)
        view = document(blp, 400, 401, 403, 404, 409, 412, 415)(view)
        view = blp.doc(parameters=[KEY])(blp.arguments(taken, required=required)(view))
        return blp.route(address, methods=["POST"])(guard(action, "advice")(view))

    return wrap


@_post("/advice/<int:record_id>/answer", "answer", AdviceAnswerSchema)
def answer(fields: Fields, record_id: int) -> Response:
    """Advise: by the colleague who was asked."""
    return _press(record_id, "answer", lambda one: actions.answer(one, fields["answer"], _me()))


@_post("/advice/<int:record_id>/decline", "answer", AdviceDeclineSchema)
def decline(fields: Fields, record_id: int) -> Response:
    """Give it back to the asker, with the reason."""
    return _press(record_id, "answer", lambda one: actions.decline(one, fields["word"], _me()))


@_post("/advice/<int:record_id>/hand-on", "hand", AdviceHandOnSchema)
def hand_on(fields: Fields, record_id: int) -> Response:
    """Ask another colleague instead."""
    asked_id, word = fields["asked_id"], fields.get("word", "")
    return _press(record_id, "hand", lambda one: actions.hand_on(one, asked_id, word, _me()))


@_post("/advice/<int:record_id>/withdraw", "edit", Pressed, required=False)
def withdraw(_nothing: Fields, record_id: int) -> Response:
    """Take the question back while nobody has answered."""
    return _press(record_id, "edit", lambda one: actions.withdraw(one, _me()))


@_post("/advice/<int:record_id>/seen", "edit", Pressed, required=False)
def seen(_nothing: Fields, record_id: int) -> Response:
    """The asker has read what came back; twice is once."""
    return _press(record_id, "edit", lambda one: actions.note(one, _me()))


@_post("/advice/<int:record_id>/outcome", "edit", AdviceOutcomeSchema)
def judge(fields: Fields, record_id: int) -> Response:
    """Say whether the answer helped and what was done."""
    outcome, word = fields["outcome"], fields.get("outcome_word", "")
    return _press(record_id, "edit", lambda one: actions.judge(one, outcome, word, _me()))


def _me() -> Person:
    return the_user()


def _press(record_id: int, action: str, effect: Callable[[Advice], None]) -> Response:
    """Do it once to what stands behind the door, and show what stands then."""
    found = queries.get_advice(record_id, the_user(), action)
    check_version(found)

    def whole() -> Fields:
        effect(found)
        db.session.flush()
        return ADVICE.show(found, the_user())

    return once(whole, lambda _body: f"{PREFIX}/advice/{record_id}")
