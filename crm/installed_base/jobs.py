"""What waits in the outbox for contracts. Each job may run twice and leaves the same database."""

from __future__ import annotations

from datetime import date
from typing import Any

from crm.installed_base.renewals import CHUNK, due, renew_due
from crm.outbox.actions import send
from crm.outbox.models import HEAVY


def renew(payload: dict[str, Any]) -> None:
    """The day's round: one message for every 200 contracts that renew by themselves."""
    day = payload["day"]
    keys = due(date.fromisoformat(day))
    for first in range(0, len(keys), CHUNK):
        some = keys[first : first + CHUNK]
        said = {"day": day, "contract_ids": some}
        send("contracts.renew_some", f"contracts.renew_some:{day}:{some[0]}", said, HEAVY)


def renew_some(payload: dict[str, Any]) -> None:
    """Renew a few contracts that are still due."""
    renew_due(payload["contract_ids"], date.fromisoformat(payload["day"]))
