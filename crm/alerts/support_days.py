"""Keep the alerts about the end of support in step with the day that holds for each unit: its own,
else its product's.

An announcement of a product asks for its units (`crm/alerts/announcing.py`), a change of a unit's
own day for that unit, and the daily round for all, as days also come by file and by a merge.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm.alerts.actions import raise_alert, withdraw
from crm.alerts.gathering import about_units
from crm.alerts.models import WAITING, Alert
from crm.alerts.rules import BY_CODE, matching
from crm.clock import local
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.installed_base.own_days import DAYS, ends
from crm.outbox.actions import send
from crm.products.models import Product
from crm.timeline.models import Event
from crm.timeline.queries import event

JUDGED = ("in_use", "spare")
RULE = BY_CODE["R08"]


def take_back(unit_ids: Sequence[int], event_id: int | None) -> None:
    """Undecided alerts expire that rest on another day or successor than holds for their unit now;
    one statement to find them."""
    target = sa.func.coalesce(Product.successor_id, Product.id).label("target")
    waiting = (
        sa.select(Alert, *ends(), target)
        .join(Unit, Unit.id == Alert.unit_id)
        .join(Product, Product.id == Unit.product_id)
        .where(
            Alert.subject.in_([f"unit:{key}" for key in unit_ids]), Alert.rule == RULE.code,
            Alert.state.in_(WAITING),
        )
    )  # fmt: skip
    for row in db.session.execute(waiting).all():
        alert, day = row[0], row._mapping[DAYS["support"]]
        rests_on = alert.dedupe.split("|")[2].split(":")[0]
        offered = alert.offer.get("product_id")
        if day is None or rests_on != day.isoformat() or offered != row.target:
            withdraw(alert, event_id)


def judge(unit_ids: Sequence[int], heard: Event) -> None:
    """Ask the rule about units in use or in reserve, as of the day of an event."""
    for facts in about_units(unit_ids, local(heard.at).date()):
        for rule, finding in matching(facts, "day", (RULE,)):
            raise_alert(rule, finding, facts, heard.id)


def follow_unit(changed: Event) -> None:
    """A unit was changed: when that was its own day of support, its alerts follow."""
    if DAYS["support"] in changed.facts.get("fields", ()):
        key = f"alerts.own_day:{changed.id}"
        send("alerts.own_day", key, {"event_id": changed.id})


def own_day(payload: dict[str, Any]) -> None:
    """A unit got a day of its own, another one, or none any more."""
    heard = event(payload["event_id"])
    unit = db.session.get(Unit, heard.subject_id) if heard is not None else None
    if heard is None or unit is None:
        return
    take_back([unit.id], heard.id)
    if unit.status in JUDGED:
        judge([unit.id], heard)
