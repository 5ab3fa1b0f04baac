"""What waits in the outbox for advice: whoever it concerns is told on her open screens."""

from __future__ import annotations

from typing import Any

from crm.extensions import db
from crm.live import push_after_commit
from crm.timeline.queries import event


def tell(payload: dict[str, Any]) -> None:
    """Tell whom an event concerns; it changes nothing, and a screen hears of an event once."""
    heard = event(payload["event_id"])
    if heard is None or not heard.facts.get("to"):
        return
    message = {
        "event": "advice", "id": f"advice:{heard.id}", "kind": heard.kind,
        "advice_id": heard.facts["advice_id"],
    }  # fmt: skip
    push_after_commit(db.session(), list(heard.facts["to"]), message)
