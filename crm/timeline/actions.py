"""Record what happened, in the transaction of the change, and tell the listeners."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from flask import current_app

from crm.bulk import insert_many
from crm.clock import now
from crm.extensions import db
from crm.outbox.actions import send, send_many
from crm.timeline.models import Event

_EVENTS = db.metadata.tables[Event.__tablename__]


class Subject(Protocol):
    """Anything with a key and a table."""

    id: Any
    __tablename__: Any


Companion = Callable[[Event], None]
"""What happens together with an event, in its transaction: `TOGETHER` of crm/rooms.py."""

SUBJECT_TYPES = {
    "accounts": "account", "sites": "site", "contacts": "contact", "products": "product",
    "units": "unit", "service_contracts": "contract", "work_orders": "work_order",
    "tickets": "ticket", "deals": "deal", "activities": "activity", "alerts": "alert",
    "staff": "staff", "teams": "team", "offices": "office", "report_jobs": "report",
    "import_runs": "import", "import_mappings": "import_mapping",
    "exports": "export", "mass_changes": "mass_change",
    "attribute_definitions": "attribute", "register_files": "register_file",
    "register_proposals": "register_proposal", "campaigns": "campaign",
    "maintenance_plans": "plan", "visits": "visit",
    "fault_codes": "fault_code", "closed_days": "closed_day", "webhooks": "webhook",
    "saved_views": "saved_view",
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
    together: Mapping[str, tuple[Companion, ...]] = current_app.extensions["together"]
    for follow in together.get(kind, ()):
        follow(event)
    return event


def record_many(
    kind: str,
    table: str,
    happened: Sequence[tuple[int, int | None, dict[str, Any]]],
    by_id: int | None = None,
    quiet: bool = False,
) -> None:
    """Write the same event of many records at once; `happened` is (key, account, facts) of each.

    Nobody is named when the program did it. Listeners hear of every one, unless it is `quiet`:
    nobody is to be alarmed by what is long past.
    """
    if not happened:
        return
    at = now()
    values = [
        {
            "kind": kind, "at": at, "account_id": account_id, "by_id": by_id, "facts": facts,
            "subject_type": SUBJECT_TYPES[table], "subject_id": key, "restricted": False,
        }
        for key, account_id, facts in happened
    ]  # fmt: skip
    listeners: dict[str, tuple[str, ...]] = current_app.extensions["listeners"]
    follows = [] if quiet else _awake(kind)
    if quiet or (kind not in listeners and not follows):
        db.session.flush()
        insert_many(_EVENTS, values)
        return
    made = list(db.session.scalars(sa.insert(Event).returning(Event), values))
    for job in listeners.get(kind, ()):
        send_many(job, [(f"{job}:{one.id}", {"event_id": one.id}) for one in made])
    for follow in follows:
        for one in made:
            follow(one)


def _awake(kind: str) -> list[Companion]:
    """What follows an event of a kind in the same transaction; one that says beforehand that it
    would do nothing is left out, once for however many events."""
    together: Mapping[str, tuple[Companion, ...]] = current_app.extensions["together"]
    asleep: Mapping[Companion, Callable[[str], bool]] = current_app.extensions["asleep"]
    return [one for one in together.get(kind, ()) if one not in asleep or not asleep[one](kind)]
