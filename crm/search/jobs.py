"""What the search does in the background. Each can run twice: it reads what is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.exc import OperationalError

from crm.clock import now
from crm.extensions import db
from crm.outbox.actions import send
from crm.search import rebuilding
from crm.search.sources import refresh_account

CHUNK = 400
AGAIN = timedelta(seconds=1)


def rebuild(payload: dict[str, Any]) -> None:
    """One chunk of the index, and a message for the next: other work gets its turn between."""
    if "run_id" not in payload and not rebuilding.is_outdated():
        return
    run_id = payload.get("run_id") or rebuilding.begin().id
    try:
        with db.session.begin_nested():
            run = rebuilding.step(run_id)
            reached = run.kind, run.reached, run.finished_at
    except OperationalError:  # somebody holds an entry of it
        rebuilding.ask_on(run_id, str(now().timestamp()), now() + AGAIN)
        return
    if reached[2] is None:
        rebuilding.ask_on(run_id, f"{reached[0]}:{reached[1]}")


def follow(payload: dict[str, Any]) -> None:
    """A customer has another name or owner: what shows it is found under the new one."""
    reached = refresh_account(payload["account_id"], payload.get("after", 0), CHUNK)
    if reached is not None:
        said = payload | {"after": reached}
        send("search.follow", f"search.follow:{payload['of']}:{reached}", said)
