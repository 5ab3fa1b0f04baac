"""What a product's announcement does: every owner's history tells it, every rep is warned at once.

The units of the product are walked in batches, each in its own transaction with the message of
the next. What is done depends on how the product stands now, so a batch that is done twice, or an
older announcement that is done late, changes nothing.
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
from crm.crash import crashpoint
from crm.extensions import at_most, db
from crm.installed_base.models import Unit
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.products.models import Product
from crm.timeline.actions import record
from crm.timeline.models import Event
from crm.timeline.queries import event

CHUNK = 500
"""Units reached in one transaction."""
JUDGED = ("in_use", "spare")
RULE = BY_CODE["R08"]


def announce(payload: dict[str, Any]) -> None:
    """A day or the successor of a product has changed: begin to walk over its units."""
    _send(payload["event_id"], None, 0)


def reach(payload: dict[str, Any]) -> None:
    """One batch of units: the history of their owners, the alerts on them, the next batch."""
    heard = event(payload["event_id"])
    product = db.session.get(Product, heard.subject_id) if heard is not None else None
    if heard is None or product is None:
        return
    units = _batch(product.id, payload["after"])
    _tell_owners(product, heard, {one.account_id for one in units if one.status != "removed"})
    crashpoint("alerts.reach")
    ids = [one.id for one in units]
    _take_back(product, ids, heard.id)
    judged = [one.id for one in units if one.status in JUDGED]
    for facts in about_units(judged, local(heard.at).date()):
        for rule, finding in matching(facts, "day", (RULE,)):
            raise_alert(rule, finding, facts, heard.id)
    if len(units) == CHUNK:
        _send(heard.id, units[-1].serial_key, units[-1].id)


def _send(event_id: int, after: str | None, unit_id: int) -> None:
    """The batch of units behind a serial number; one message however often it is asked for."""
    send("alerts.reach", f"alerts.reach:{event_id}:{unit_id}",
         {"event_id": event_id, "after": after}, HEAVY)  # fmt: skip


def _batch(product_id: int, after: str | None) -> Sequence[sa.Row[Any]]:
    """Units in the order of the index that keeps a serial number unique in its product."""
    behind = Unit.serial_key > after if after is not None else sa.true()
    return db.session.execute(
        sa.select(Unit.id, Unit.serial_key, Unit.account_id, Unit.status)
        .where(Unit.product_id == product_id, behind)
        .order_by(Unit.serial_key)
        .limit(at_most(CHUNK))
    ).all()


def _tell_owners(product: Product, heard: Event, account_ids: set[int]) -> None:
    """One line in the history of each account, at the moment of the announcement."""
    told = db.session.execute(
        sa.select(Event.account_id, Event.facts).where(
            Event.account_id.in_(account_ids), Event.at == heard.at,
            Event.kind == "product.announced", Event.subject_id == product.id,
        )
    )  # fmt: skip
    known = {account_id for account_id, facts in told if facts["announced_by"] == heard.id}
    for account_id in sorted(account_ids - known):
        record(
            "product.announced", product, heard.by_id, account_id=account_id, at=heard.at,
            **{**heard.facts, "announced_by": heard.id},
        )  # fmt: skip


def _take_back(product: Product, unit_ids: Sequence[int], event_id: int) -> None:
    """Undecided alerts that rest on another day or successor than the product has now."""
    day = product.end_of_support_on
    target = product.successor_id or product.id
    waiting = sa.select(Alert).where(
        Alert.unit_id.in_(unit_ids), Alert.rule == RULE.code, Alert.state.in_(WAITING)
    )
    for alert in db.session.scalars(waiting).all():
        rests_on = alert.dedupe.split("|")[2].split(":")[0]
        offered = alert.offer.get("product_id")
        if day is None or rests_on != day.isoformat() or offered != target:
            withdraw(alert, event_id)
