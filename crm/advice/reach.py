"""Advice reaches as far as the ticket or the deal it hangs on: whoever sees that one sees it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from crm.deals.models import Deal
from crm.extensions import db
from crm.rights import Person, branches, may, scope
from crm.support.models import Ticket

KINDS: dict[str, tuple[str, Any]] = {"ticket_id": ("ticket", Ticket), "deal_id": ("deal", Deal)}
"""The column that names the case → the kind of record that rights know it by, and its model."""
WRITING = {"ticket_id": "note", "deal_id": "edit"}
"""What whoever works on a case may do; she may ask, too."""


def record_of(name: str, key: int) -> Any:
    """The ticket or the deal; no door."""
    return db.session.get_one(KINDS[name][1], key)


def sees(user: Person, name: str, case: Any) -> bool:
    """May this person see the case?"""
    return may(user, "view", KINDS[name][0], case)


def writes(user: Person, name: str, case: Any) -> bool:
    """Does this person work on the case?"""
    return may(user, WRITING[name], KINDS[name][0], case)


def lets(one: Any, user: Person, action: str) -> bool:
    """Whoever was asked answers; the asker, and whoever works on the case, does all else."""
    name, key = one.case
    case = record_of(name, key)
    if not sees(user, name, case):
        return False
    if action == "view":
        return True
    asked = one.asked_id == user.id
    if action == "answer":
        return asked
    steers = one.asker_id == user.id or writes(user, name, case)
    return steers or (action == "hand" and asked)


def within(user: Person, ticket_id: Any, deal_id: Any) -> sa.ColumnElement[bool]:
    """The rows of a table with these two columns whose case this person may see.

    Each row asks its case by its key: nearly all are seen, so a page reads hardly more rows than
    it shows.
    """
    return sa.or_(_seen(user, "ticket_id", ticket_id), _seen(user, "deal_id", deal_id))


def _seen(user: Person, name: str, column: Any) -> sa.ColumnElement[bool]:
    kind, model = KINDS[name]
    case = aliased(model)
    if scope(user, "view", kind) == "all":
        found: sa.ColumnElement[bool] = column.is_not(None)
        return found
    return sa.exists().where(case.id == column, sa.or_(*branches(user, "view", kind, case)))
