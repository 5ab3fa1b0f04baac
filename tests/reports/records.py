"""Deals with a history, written as the deals capability writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from crm.accounts.models import Account
from crm.deals.models import Deal, DealChange
from crm.extensions import db

Change = tuple[datetime, dict[str, object]]


def at(month: int, day: int, hour: int = 3, year: int = 2026) -> datetime:
    """An instant in UTC; hour 3 is noon in Tokyo."""
    return datetime(year, month, day, hour, tzinfo=UTC)


def account(name: str = "株式会社青嶺製作所") -> Account:
    found = Account(name=name)
    db.session.add(found)
    db.session.flush()
    return found


def deal(owner_id: int, team_id: int, *history: Change, account_id: int, **facts: object) -> Deal:
    """A deal whose last state is the sum of its history; every entry says what changed."""
    state: dict[str, object] = {
        "stage": "lead", "rank": "D", "amount": 1_000_000, "owner_id": owner_id,
        "team_id": team_id, "expected_close_on": date(2026, 12, 20),
    }  # fmt: skip
    made = Deal(title="天びん 更新", account_id=account_id, created_at=history[0][0], **facts)
    changes = []
    since = history[0][0]
    for moment, changed in history:
        if changed.get("stage", state["stage"]) != state["stage"]:
            since = moment
        state |= changed
        changes.append(DealChange(at=moment, stage_since=since, **state))
    for name, value in (state | {"stage_since": since}).items():
        setattr(made, name, value)
    if made.stage in ("won", "lost"):
        made.closed_on = since.date()
    db.session.add(made)
    db.session.flush()
    for change in changes:
        change.deal_id = made.id
    db.session.add_all(changes)
    db.session.flush()
    return made
