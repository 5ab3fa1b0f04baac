"""Record what happened, in the transaction of the change, and tell the listeners."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from flask import current_app

from crm.clock import now
from crm.extensions import db
from crm.outbox.actions import send
from crm.timeline.models import Event


class Subject(Protocol):
    """Anything with a key and a table."""

    id: Any
    __tablename__: Any


SUBJECT_TYPES = {
    "accounts": "account", "sites": "site", "contacts": "contact", "products": "product",
    "units": "unit", "service_contracts": "contract", "work_orders": "work_order",
    "tickets": "ticket", "deals": "deal", "activities": "activity", "alerts": "alert",
    "staff": "staff", "teams": "team", "offices": "office", "report_jobs": "report",
}  # fmt: skip


def record(
    kind: str,
    subject: Subject,
    by_id: int | None,
    *,
    account_id: int | None,
    at: datetime | None = None,
    restricted: bool = False,
    **facts: Any,
) -> Event:
    """Write one event and, for every listener of its kind, one outbox message. Does not commit.

    `facts` must be JSON: they are what the sentence in the history is made of.
    """
    db.session.flush()
    event = Event(
        kind=kind,
        at=at or now(),
        account_id=account_id,
        subject_type=SUBJECT_TYPES[subject.__tablename__],
        subject_id=subject.id,
        by_id=by_id,
        facts=facts,
        restricted=restricted,
    )
    db.session.add(event)
    listeners: dict[str, tuple[str, ...]] = current_app.extensions["listeners"]
    if kind in listeners:
        db.session.flush()
        for job in listeners[kind]:
            send(job, f"{job}:{event.id}", {"event_id": event.id})
    return event
