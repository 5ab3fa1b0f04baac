"""What a plan by meters must say, and which units it can be over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from crm.clock import today
from crm.errors import Invalid
from crm.extensions import DECIMALS, db
from crm.installed_base.models import Unit
from crm.readings.models import MOST, Meter
from crm.text.normal import search_key


def check(plan: Any) -> None:
    """Every field that the rule of a plan (a record, or alike) needs, in a sensible range; what the
    calendar alone goes by is filled in where it is left out.

    Raises Invalid naming the field.
    """
    plan.every, plan.first_due_on = plan.every or 1, plan.first_due_on or today()
    if not plan.meter:
        raise Invalid({"meter": [_("Say which meter the plan goes by.")]})
    name = "counts" if plan.rule == "counter" else "threshold"
    value = plan.counts if plan.rule == "counter" else plan.threshold
    if value is None:
        raise Invalid({name: [_("This is required.")]})
    if abs(value) > MOST or value != round(value, DECIMALS):
        raise Invalid({name: [_("A number of at most %(most)s.", most=f"{int(MOST):,}")]})
    if plan.rule == "counter" and value <= 0:
        raise Invalid({name: [_("A number above 0, of at most 6 decimals.")]})


def check_meters(plan: Any, unit_ids: Sequence[int]) -> None:
    """Every unit under the plan has the meter, and of the right kind. Raises Invalid."""
    key = search_key(plan.meter)[:120]
    with_it = sa.select(Meter.unit_id).where(
        Meter.unit_id.in_(unit_ids), Meter.name_key == key, Meter.kind == plan.rule
    )
    without = sa.select(Unit.serial_no).where(Unit.id.in_(unit_ids), Unit.id.not_in(with_it))
    missing = db.session.scalar(without.order_by(Unit.id).limit(1))
    if missing is not None:
        raise Invalid(
            {"meter": [_("Unit %(serial)s has no such meter of this kind.", serial=missing)]}
        )
