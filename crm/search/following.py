"""What follows in the index from a change elsewhere."""

from __future__ import annotations

from typing import Any

from crm.extensions import db
from crm.outbox.actions import send

NAMES = {"name", "name_kana"}


def follow_account(event: Any) -> None:
    """A customer's name stands in the entries of what belongs to it: they follow by a message."""
    renamed = event.kind == "account.renamed" or NAMES & set(event.facts.get("fields", ()))
    if renamed and event.account_id is not None:
        db.session.flush()
        said = {"account_id": event.account_id, "of": event.id}
        send("search.follow", f"search.follow:{event.id}", said)
