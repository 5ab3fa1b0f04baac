"""Many records changed at once, for programs."""

from __future__ import annotations

import marshmallow as ma
from flask import Response
from marshmallow.validate import OneOf

from crm.extensions import db
from crm.language import chosen
from crm.mass_changes import actions, queries
from crm.mass_changes.kinds import KINDS
from crm.mass_changes.models import STATES, MassChange
from crm.mass_changes.schemas import MassChangeSchema
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rights import Person, guard, the_user
from crm.typed import Pressed

blp = blueprint("mass_changes", "Several records of a list changed at once")


def _filled(rows: list[Fields], _user: Person) -> None:
    """How far each has come, and what was refused; two statements. Words that somebody searched
    for are between her and the list."""
    keys = [row["id"] for row in rows]
    tallies = queries.tallies(keys)
    refusals: dict[int, list[Fields]] = {key: [] for key in keys}
    for one in queries.refused_of(keys, queries.TOLD):
        refusals[one.change_id].append({"record_id": one.record_id, "reason": one.reason})
    for row in rows:
        tally = tallies[row["id"]]
        row |= tally | {
            "number": sum(tally.values()), "progress": queries.progress(row["state"], tally),
            "refusals": refusals[row["id"]],
        }  # fmt: skip
        if row["filters"] and "q" in row["filters"]:
            row["filters"] = row["filters"] | {"q": "…"}


CHANGES = Collection(
    "mass-changes", "mass_change", MassChange, MassChangeSchema, queries.get_mass_change,
    filters={"state": ma.fields.String(validate=OneOf(STATES)),
             "list": ma.fields.String(validate=OneOf(tuple(KINDS)))},
    default_sort="-id",
    complete=_filled,
)  # fmt: skip
collection(blp, CHANGES)


def _where(body: Fields) -> str:
    return f"{PREFIX}/mass-changes/{body['id']}"


@blp.route("/mass-changes", methods=["POST"])
@guard("create", "mass_change")
@blp.doc(parameters=[KEY])
@blp.arguments(MassChangeSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(202, MassChangeSchema)
def ask(fields: Fields) -> Response:
    """Change many records. They are those that match now; look at Location for what becomes of
    them."""
    user = the_user()

    def effect() -> Fields:
        change = actions.request_mass_change(fields, user, chosen())
        db.session.flush()
        return CHANGES.show(change, user)

    return once(effect, _where, 202)


@blp.route("/mass-changes/<int:change_id>/reversal", methods=["POST"])
@guard("edit", "mass_change")
@blp.doc(parameters=[KEY])
@blp.arguments(Pressed)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(202, MassChangeSchema)
def reverse(_nothing: Fields, change_id: int) -> Response:
    """Put back what nobody has changed since; within 24 hours, by who asked for the change."""
    user = the_user()

    def effect() -> Fields:
        change = queries.get_mass_change(change_id, user, "edit")
        actions.put_back(change, user)
        db.session.flush()
        return CHANGES.show(change, user)

    return once(effect, _where, 202)
