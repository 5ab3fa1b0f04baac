"""What an administrator wants to know before and while people work."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from crm.operations.queries import health
from crm.outbox.queries import dead
from crm.queue import Doorbell
from crm.reports.press import missing

KEEPS_EVERYTHING = "noeviction"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what, whether it is well, and what to do when it is not."""

    what: str
    well: bool
    words: str = ""


def checks() -> list[Check]:
    """Look at everything that this installation needs."""
    found = health()
    lacking = missing()
    lost = dead(1)
    return [
        Check("database", found.database, "" if found.database else "It does not answer."),
        Check("tables", found.migrated, "" if found.migrated else "Run bin/crm db upgrade."),
        _redis(found.redis),
        Check("printing", not lacking, lacking or ""),
        Check("outbox", not lost, lost[0].last_error or "" if lost else f"{found.waiting} waiting"),
    ]


def _redis(answers: bool | None) -> Check:
    if answers is None:
        return Check("redis", True, "not used")
    if not answers:
        return Check("redis", False, "It does not answer; alerts come by the timer.")
    bell: Doorbell = current_app.extensions["doorbell"]
    policy = bell.client.config_get("maxmemory-policy") if bell.client is not None else {}
    name = str(policy.get("maxmemory-policy", KEEPS_EVERYTHING))
    words = "" if name == KEEPS_EVERYTHING else f"Set maxmemory-policy {KEEPS_EVERYTHING}."
    return Check("redis", not words, words)
