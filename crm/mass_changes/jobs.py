"""Many records are changed in the background, some at a time; a killed run is gone on with."""

from __future__ import annotations

import time
from typing import Any

from flask_babel import force_locale

from crm.crash import crashpoint
from crm.extensions import db
from crm.mass_changes import actions, queries
from crm.mass_changes.changing import do_some
from crm.mass_changes.models import BUSY, MassChange
from crm.staff.models import Staff

SLICE = 60.0
"""Seconds after which other heavy work gets its turn."""


def work(payload: dict[str, Any]) -> None:
    """Go on with a mass change, with the rights that the person has now."""
    change = db.session.get(MassChange, payload["change_id"])
    if change is None or change.state not in BUSY:
        return
    user, until = db.session.get(Staff, change.requested_by_id), time.monotonic() + SLICE
    if user is None or not user.active:
        actions.give_up(change)
        return
    actions.begin(change)
    with force_locale(change.language):
        while do_some(change, user):
            crashpoint("mass_changes.before_commit")
            db.session.commit()
            crashpoint("mass_changes.after_commit")
            if time.monotonic() > until:
                actions.go_on(change, queries.left_of(change))
                return
    actions.finish(change)


def tidy(_payload: dict[str, Any]) -> None:
    """Every day: what became of each record goes after 90 days."""
    actions.forget_old()
