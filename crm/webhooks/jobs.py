"""Tell addresses outside, and forget what was told long ago."""

from __future__ import annotations

import time
from typing import Any

from crm.crash import crashpoint
from crm.extensions import db
from crm.webhooks import actions, delivering
from crm.webhooks.schemas import inside
from crm.webhooks.sending import send

TURN_SECONDS = 5.0
"""After so long the turn goes to the next address; the rest of this one stands at the end."""


def deliver(payload: dict[str, Any]) -> None:
    """Send what is due to one address. Commits before it waits for the other side: a receiver that
    is silent holds no lock. Whoever dies after the answer sends once more, under the same key.
    """
    key, began = payload["webhook_id"], time.monotonic()
    if not delivering.begin(key):
        return
    going_on = True
    while going_on and time.monotonic() - began < TURN_SECONDS:
        task = delivering.next_task(key)
        db.session.commit()
        if task is None:
            break
        answer = send(task.url, task.headers, task.body, inside())
        crashpoint("webhooks.after_answer")
        going_on = delivering.settle(task, answer)
        db.session.commit()
    delivering.end(key)


def tidy(_payload: dict[str, Any]) -> None:
    """Forget what was told more than a month ago."""
    actions.tidy()
