"""What follows in the index from a change elsewhere."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm.extensions import db
from crm.outbox.actions import send
from crm.search.sources import refresh

NAMES = {"name", "name_kana"}


def follow_account(event: Any) -> None:
    """A customer's name and owner stand in the entries of what belongs to it: they follow by a
    message."""
    renamed = event.kind == "account.renamed" or NAMES & set(event.facts.get("fields", ()))
    if (renamed or "owner_id" in event.facts) and event.account_id is not None:
        db.session.flush()
        said = {"account_id": event.account_id, "of": event.id}
        send("search.follow", f"search.follow:{event.id}", said)


def follow_ticket(event: Any) -> None:
    """Documents on a ticket are found by whom the ticket is found."""
    files = db.metadata.tables["attachments"].c
    keys = db.session.scalars(sa.select(files.id).where(files.ticket_id == event.subject_id)).all()
    if keys:
        refresh("document", keys)
