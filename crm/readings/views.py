"""Pages of meters: a unit's readings, the form for the next one, corrections."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, request, url_for
from werkzeug.datastructures import MultiDict

from crm.clock import zone
from crm.editing import Page, Sheet, changes, created, load, saved, sheet_of
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.installed_base.queries import get_unit
from crm.readings import actions, intake, queries, screens, words
from crm.readings.models import Meter, Reading
from crm.readings.schemas import CorrectionSchema, MeterSchema, ReadingSchema
from crm.rights import Person, guard, the_user
from crm.staff.queries import last_editor

bp = Blueprint("readings", __name__)
METER = ("name", "measure", "kind", "rated_limit", "decimals")


@bp.get("/units/<int:unit_id>/readings/panel")
@guard("view", "unit")
def panel(unit_id: int) -> str:
    """The meters of a unit, for its page."""
    user = the_user()
    return screens.panel(get_unit(unit_id, user), user)


@bp.get("/units/<int:unit_id>/readings")
@guard("view", "unit")
def listing(unit_id: int) -> str:
    """What the meters of a unit said."""
    user = the_user()
    return screens.unit_page(get_unit(unit_id, user), user)


@bp.post("/units/<int:unit_id>/readings")
@guard("edit", "unit")
def read_meter(unit_id: int) -> Page:
    """Note what a meter says; pressing twice notes it once."""
    user = the_user()
    unit = get_unit(unit_id, user, "edit")
    return created(
        lambda: _read(unit, user),
        lambda made: url_for("readings.listing", unit_id=unit_id, meter_id=made.meter_id),
        lambda sheet: screens.unit_page(unit, user, sheet),
    )


def _read(unit: Unit, user: Person) -> Reading:
    fields = load(ReadingSchema(), _with_zone(request.form))
    intake.checked_at(fields.get("at"))
    line = intake.line_of(fields, 1, intake.named_meter(unit.id, fields))
    return actions.read_meter(line, "person", user.id)


def _with_zone(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form with its time, which is typed on the company's clock, as an instant."""
    told = form.copy()
    try:
        typed = datetime.fromisoformat(form.get("at", ""))
    except ValueError:
        return told
    if typed.tzinfo is None:
        told["at"] = typed.replace(tzinfo=zone()).isoformat()
    return told


@bp.get("/units/<int:unit_id>/meters/new")
@guard("edit", "unit")
def new(unit_id: int) -> str:
    """An empty form of a meter."""
    unit = get_unit(unit_id, the_user(), "edit")
    return screens.meter_form(Sheet({"kind": "counter", "decimals": "0"}), unit, None)


@bp.post("/units/<int:unit_id>/meters")
@guard("edit", "unit")
def create(unit_id: int) -> Page:
    """A unit gets a meter; pressing twice makes one."""
    user = the_user()
    unit = get_unit(unit_id, user, "edit")
    return created(
        lambda: actions.add_meter(unit, load(MeterSchema(), request.form), user.id),
        lambda made: url_for("readings.listing", unit_id=unit_id, meter_id=made.id),
        lambda sheet: screens.meter_form(sheet, unit, None),
    )


@bp.get("/meters/<int:meter_id>/edit")
@guard("edit", "unit")
def edit(meter_id: int) -> str:
    """The form of a meter."""
    meter = queries.get_meter(meter_id, the_user(), "edit")
    return screens.meter_form(sheet_of(meter, METER), _unit(meter), meter)


@bp.post("/meters/<int:meter_id>/edit")
@guard("edit", "unit")
def change(meter_id: int) -> Page:
    """Save a meter."""
    user = the_user()
    meter = queries.get_meter(meter_id, user, "edit")
    unit, every = _unit(meter), words.labels()
    return saved(
        lambda: _change(meter, user), lambda sheet: screens.meter_form(sheet, unit, meter), meter,
        url_for("readings.listing", unit_id=unit.id, meter_id=meter.id),
        {name: every[name] for name in METER},
    )  # fmt: skip


def _change(meter: Meter, user: Person) -> None:
    by = last_editor("unit", meter.unit_id)
    fields = changes(meter, MeterSchema(partial=True), request.form, by)
    if fields:
        actions.change_meter(meter, fields, user.id)


@bp.get("/readings/<int:reading_id>/correction")
@guard("edit", "unit")
def correction(reading_id: int) -> str:
    """The form that corrects a reading."""
    reading = queries.get_reading(reading_id, the_user(), "edit")
    said = "" if reading.value is None else f"{reading.value:f}".rstrip("0").rstrip(".")
    return screens.correction_form(reading, Sheet({"value": said or "0"}))


@bp.post("/readings/<int:reading_id>/correction")
@guard("edit", "unit")
def correct(reading_id: int) -> Page:
    """Correct a reading, or take it back when no value is typed."""
    user = the_user()
    reading = queries.get_reading(reading_id, user, "edit")
    unit = _unit(db.session.get_one(Meter, reading.meter_id))

    def effect() -> Reading:
        fields = load(CorrectionSchema(), request.form)
        return actions.correct(reading, fields["value"], fields["reason"], user.id)

    return created(
        effect,
        lambda made: url_for("readings.listing", unit_id=unit.id, meter_id=made.meter_id),
        lambda sheet: screens.correction_form(reading, sheet),
    )


def _unit(meter: Meter) -> Unit:
    return db.session.get_one(Unit, meter.unit_id)
