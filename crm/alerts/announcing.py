"""What a product's announcement does: every owner's history tells it, every rep is warned at once.

Whose units all have the changed day themselves is told nothing, as it is not about them.

The units of the product are walked in batches, each in its own transaction with the message of
the next. What is done depends on how the product stands now, so a batch that is done twice, or an
older announcement that is done late, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from crm.alerts.support_days import JUDGED, judge, take_back
from crm.crash import crashpoint
from crm.extensions import at_most, db
from crm.installed_base.models import Unit
from crm.installed_base.own_days import DAYS
from crm.outbox.actions import send
from crm.outbox.models import HEAVY
from crm.products.models import Product
from crm.timeline.actions import record
from crm.timeline.models import Event
from crm.timeline.queries import event

CHUNK = 500
"""Units reached in one transaction."""


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
    touched = [one for one in units if _touches(heard.facts["changes"], one)]
    _tell_owners(product, heard, {one.account_id for one in touched if one.status != "removed"})
    crashpoint("alerts.reach")
    take_back([one.id for one in units], heard.id)
    judge([one.id for one in touched if one.status in JUDGED], heard)
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
        sa.select(
            Unit.id, Unit.serial_key, Unit.account_id, Unit.status, Unit.end_of_support_on,
            Unit.parts_supply_end_on,
        )
        .where(Unit.product_id == product_id, behind)
        .order_by(Unit.serial_key)
        .limit(at_most(CHUNK))
    ).all()  # fmt: skip


def _touches(changes: Mapping[str, Any], unit: sa.Row[Any]) -> bool:
    """Is something of it the unit's? Of a day that it has itself the product's is not."""
    own = [name for name in DAYS.values() if unit._mapping[name] is not None]
    return bool(changes.keys() - set(own))


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
