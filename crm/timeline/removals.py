"""What was removed is told to programs that keep a copy, whoever removes it and how."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from crm.clock import now
from crm.errors import NotFound
from crm.extensions import db
from crm.rights import Person, may
from crm.timeline.models import Removal

COLLECTIONS = {
    "accounts": "accounts", "sites": "sites", "locations": "locations", "contacts": "contacts",
    "products": "products", "attribute_definitions": "attributes", "units": "units",
    "warranties": "warranties", "service_contracts": "contracts", "campaigns": "campaigns",
    "campaign_items": "campaign-items", "work_orders": "work-orders", "loans": "loans",
    "maintenance_plans": "maintenance-plans", "meters": "meters", "readings": "readings",
    "closed_days": "closed-days", "visits": "visits", "tickets": "tickets", "deals": "deals",
    "saved_views": "views", "handovers": "handovers", "webhooks": "webhooks", "doubles": "doubles",
    "activities": "activities", "alerts": "alerts", "advice": "advice",
}  # fmt: skip
"""Table → the collection of the API from which a removed row is missed."""


def removed_many(table: str, keys: Iterable[int]) -> None:
    """Tell of rows that one statement deletes; those that a session deletes are told of alone."""
    at = now()
    rows = [{"collection": COLLECTIONS[table], "record_id": key, "removed_at": at} for key in keys]
    if rows:
        db.session.execute(sa.insert(Removal), rows)


def there_again(table: str, key: int) -> None:
    """A row has come back with its key: nobody is told any more that it is gone."""
    of = Removal.collection == COLLECTIONS[table], Removal.record_id == key
    db.session.execute(sa.delete(Removal).where(*of))


@event.listens_for(Session, "before_flush")
def _tell(session: Session, _context: Any, _instances: Any) -> None:
    """A row that the session deletes is told of in the same transaction."""
    for record in session.deleted:
        collection = COLLECTIONS.get(record.__tablename__)
        if collection is not None:
            session.add(Removal(collection=collection, record_id=record.id))


def get_removal(key: int, user: Person, action: str = "view") -> Removal:
    """The door to a removal. Raises NotFound."""
    found = db.session.get(Removal, key)
    if found is None or not may(user, action, "removal"):
        raise NotFound
    return found
