"""Meters and readings for programs and devices."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from crm.errors import Invalid
from crm.extensions import db
from crm.installed_base.queries import check_links, get_unit
from crm.readings import actions, intake, queries
from crm.readings.models import SOURCES, Meter, Reading
from crm.readings.schemas import (
    CorrectionSchema,
    NewMeterSchema,
    ReadingSchema,
    ReadingsSchema,
    ShownReadingSchema,
    VerdictsSchema,
)
from crm.rest import KEY, PREFIX, Collection, Fields, blueprint, collection, document, once
from crm.rights import Person, guard, the_user
from crm.typed import choice, key

blp = blueprint("readings", "Meters of units and what they said")


def _totals(rows: list[Fields], _user: Person) -> None:
    for row in rows:
        row["total"] = None if row["value"] is None else row["value"] + row["offset"]


def _create(fields: Fields, user: Person) -> Meter:
    check_links(fields, user)
    unit = get_unit(fields.pop("unit_id"), user, "edit")
    return actions.add_meter(unit, fields, user.id)


def _change(meter: Meter, fields: Fields, user: Person) -> None:
    if fields.pop("unit_id", meter.unit_id) != meter.unit_id:
        raise Invalid({"unit_id": [_("A meter stays on its unit.")]})
    actions.change_meter(meter, fields, user.id)


METERS = Collection(
    "meters", "unit", Meter, NewMeterSchema, queries.get_meter,
    create=_create, change=_change,
    remove=lambda meter, user: actions.remove_meter(meter, user.id),
    filters={"unit_id": key()},
)  # fmt: skip
READINGS = Collection(
    "readings", "unit", Reading, ShownReadingSchema, queries.get_reading,
    filters={"meter_id": key(), "source": choice(SOURCES)}, complete=_totals,
    changed="noted_at",
)  # fmt: skip
collection(blp, METERS)
collection(blp, READINGS)


@blp.route("/units/<int:unit_id>/readings", methods=["POST"])
@guard("edit", "unit")
@blp.doc(parameters=[KEY])
@blp.arguments(ReadingSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, ReadingSchema)
def read_meter(fields: Fields, unit_id: int) -> Response:
    """Note what a meter of a unit says; the same reading twice is one."""
    unit = get_unit(unit_id, the_user(), "edit")

    def effect() -> Fields:
        intake.checked_at(fields.get("at"))
        meter_id = intake.named_meter(unit.id, fields)
        line = intake.line_of(fields, 1, meter_id)
        return _shown(actions.read_meter(line, "api", the_user().id))

    return once(effect, lambda body: f"{PREFIX}/readings/{body['id']}")


@blp.route("/readings", methods=["POST"])
@guard("edit", "unit")
@blp.doc(parameters=[KEY])
@blp.arguments(ReadingsSchema)
@document(blp, 400, 401, 403, 409, 415)
@blp.response(200, VerdictsSchema)
def read_many(fields: Fields) -> Response:
    """Note up to 10,000 readings of any units; each line gets its verdict, in their order."""
    user = the_user()
    return once(
        lambda: intake.take_bodies(fields["readings"], "api", user.id),
        lambda _body: f"{PREFIX}/readings", 200,
    )  # fmt: skip


@blp.route("/readings/<int:reading_id>/correction", methods=["POST"])
@guard("edit", "unit")
@blp.doc(parameters=[KEY])
@blp.arguments(CorrectionSchema)
@document(blp, 400, 401, 403, 404, 409, 415)
@blp.response(201, ShownReadingSchema)
def correct(fields: Fields, reading_id: int) -> Response:
    """A reading said something else, or is taken back; both rows are kept."""
    user = the_user()
    found = queries.get_reading(reading_id, user, "edit")
    return once(
        lambda: _shown(actions.correct(found, fields["value"], fields["reason"], user.id)),
        lambda body: f"{PREFIX}/readings/{body['id']}",
    )


def _shown(reading: Reading) -> Fields:
    db.session.flush()
    return READINGS.show(reading, the_user())
