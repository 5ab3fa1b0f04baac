"""What the pages of meters and readings are drawn from; nothing here changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from crm.charts.drawing import SCREEN, svg
from crm.charts.trend import Ends, trend
from crm.clock import local, now, zone
from crm.editing import Sheet
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.look import when
from crm.products.models import Product
from crm.readings import queries, trends, words
from crm.readings.judging import Known, shown
from crm.readings.models import Meter, Reading
from crm.rights import Person, may

PAGE = 50
SHOWN = 6
"""Meters that the panel of a unit's page draws; the others are a link."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A meter with its last reading, its line and what follows from it."""

    meter: Any
    last: Known | None
    value: str
    used: str
    chart: Markup
    growth: str
    forecast: str


def tools() -> dict[str, Any]:
    """What the templates ask."""
    return {"words": words, "labels": words.labels(), "shown": shown}


def drawn(meters: Sequence[Any]) -> list[Drawn]:
    """Meters as they are drawn, in four statements for all of them."""
    keys = [meter.id for meter in meters]
    at, last = now(), queries.latest(keys)
    ends = [last[key].at for key in keys if key in last]
    newest = min(max(ends), at) if ends else at
    found = queries.thinned(keys, [*trends.instants(newest), newest]) if ends else {}
    return [_drawn(meter, last.get(meter.id), found.get(meter.id, [])) for meter in meters]


def _drawn(meter: Any, last: Known | None, known: Sequence[Known]) -> Drawn:
    counter = meter.kind == "counter"
    points = [(one.at, one.total if counter else one.value) for one in known]
    if last is not None and (not points or points[-1][0] < last.at):
        points.append((last.at, last.total if counter else last.value))
    total = points[-1][1] if points else None
    limit = meter.rated_limit
    ahead = trends.forecast(points, limit, zone()) if limit is not None and points else None
    return Drawn(
        meter, last, shown(last.value, meter) if last else "", words.used(total, meter),
        _chart(meter, points), words.growth(trends.growth(points), meter) if counter else "",
        words.forecast(ahead, meter),
    )  # fmt: skip


def _chart(meter: Any, points: Sequence[trends.Point]) -> Markup:
    if len(points) < 2:
        return Markup()
    year = [one for one in points if one[0] >= points[-1][0] - trends.YEAR] or points
    high = max(value for _at, value in year)
    limit = meter.rated_limit
    ends = Ends(
        when(year[0][0]), when(year[-1][0]), high=shown(high, meter),
        limit=shown(limit, meter) if limit is not None else "",
    )  # fmt: skip
    said = [f"{local(at):%Y-%m-%d} {shown(value, meter)}" for at, value in (year[0], year[-1])]
    line = [(at.astimezone(UTC).timestamp(), float(value)) for at, value in year]
    drawing = trend(line, ends, None if limit is None else float(limit),
                    title=f"{meter.name}: {' – '.join(said)}")  # fmt: skip
    return svg(drawing, SCREEN, attributes='class="charts dial-line"')


def panel(unit: Unit, user: Person) -> str:
    """The meters of a unit for its page."""
    meters = queries.meters_of(unit.id)
    return render_template(
        "readings/panel.html", unit=unit, meters=drawn(meters[:SHOWN]), more=len(meters) - SHOWN,
        may_edit=may(user, "edit", "unit", unit), **tools(),
    )  # fmt: skip


def unit_page(unit: Unit, user: Person, sheet: Sheet | None = None) -> str:
    """The meters of a unit with the readings of one of them, and the form for the next."""
    meters = queries.meters_of(unit.id)
    wanted = request.values.get("meter_id", type=int)
    chosen = next((one for one in meters if one.id == wanted), meters[0] if meters else None)
    product = db.session.get_one(Product, unit.product_id)
    rows = None
    if chosen is not None:
        rows = queries.reading_page(chosen.id, user, request.args.get("cursor"), PAGE)
    at = f"{local(now()):%Y-%m-%dT%H:%M}"
    return render_template(
        "readings/unit.html", unit=unit, product=product, meters=meters, chosen=chosen,
        drawn=drawn([chosen])[0] if chosen is not None else None,
        choices=[(one.id, one.name) for one in meters], rows=rows.rows if rows else [],
        next=rows.next if rows else None, may_edit=may(user, "edit", "unit", unit),
        sheet=sheet or Sheet({"meter_id": chosen.id if chosen else "", "at": at}), **tools(),
    )  # fmt: skip


def meter_form(sheet: Sheet, unit: Unit, meter: Meter | None) -> str:
    """The form of a meter."""
    product = db.session.get_one(Product, unit.product_id)
    return render_template(
        "readings/meter.html", sheet=sheet, unit=unit, product=product, meter=meter, **tools()
    )


def correction_form(reading: Reading, sheet: Sheet) -> str:
    """The form that corrects a reading."""
    meter = db.session.get_one(Meter, reading.meter_id)
    unit = db.session.get_one(Unit, meter.unit_id)
    product = db.session.get_one(Product, unit.product_id)
    return render_template(
        "readings/correction.html", reading=reading, meter=meter, unit=unit, product=product,
        sheet=sheet, **tools(),
    )  # fmt: skip
