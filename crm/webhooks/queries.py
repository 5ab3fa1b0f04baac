"""Ask for addresses and for what was told to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.errors import NotFound
from crm.extensions import at_most, db
from crm.paging import Page, Sort, page
from crm.rights import Person, may
from crm.webhooks.models import Delivery, Webhook

_W = Webhook.__table__.c
_D = Delivery.__table__.c
BY_ITSELF = ("failing", "gone", "restored")
"""Why an address was paused without anybody asking for it."""


def get_webhook(key: int, user: Person, action: str = "view") -> Webhook:
    """The door to an address. Raises NotFound."""
    found = db.session.get(Webhook, key)
    if found is None or not may(user, action, "webhook", found):
        raise NotFound
    return found


def get_delivery(key: int, user: Person, action: str = "view") -> Delivery:
    """The door to a delivery. Raises NotFound."""
    found = db.session.get(Delivery, key)
    if found is None or not may(user, action, "webhook", found):
        raise NotFound
    return found


def all_webhooks() -> Sequence[sa.Row[Any]]:
    """All addresses; there are a few."""
    return db.session.execute(sa.select(*_W).order_by(_W.label, _W.id).limit(at_most(200))).all()


def latest(keys: Sequence[int], since: datetime) -> dict[int, dict[str, int]]:
    """Address → state → how many of its deliveries since an instant."""
    found: dict[int, dict[str, int]] = {key: {} for key in keys}
    rows = db.session.execute(
        sa.select(_D.webhook_id, _D.state, sa.func.count())
        .where(_D.made_at >= since)
        .group_by(_D.webhook_id, _D.state)
    )
    for key, state, number in rows:
        found.setdefault(key, {})[state] = number
    return found


def deliveries(webhook: Webhook, state: str, cursor: str | None) -> Page:
    """What was told to an address, the newest first."""
    where = [_D.webhook_id == webhook.id] + ([_D.state == state] if state else [])
    columns = [_D[name] for name in (
        "id", "kind", "state", "attempts", "made_at", "due_at", "sent_at", "status", "took_ms",
        "error",
    )]  # fmt: skip
    return page(columns, _D.id, [sa.true()], where, Sort("id", _D.id, True), cursor, 50)


def counts(webhook: Webhook) -> dict[str, int]:
    """State → how many deliveries of an address are kept."""
    rows = db.session.execute(
        sa.select(_D.state, sa.func.count()).where(_D.webhook_id == webhook.id).group_by(_D.state)
    )
    return {row[0]: row[1] for row in rows}


def troubled() -> tuple[list[sa.Row[Any]], int]:
    """Addresses that were paused without anybody asking, and how many tellings were given up in
    the last seven days: what an administrator should know."""
    paused = sa.select(_W.id, _W.label, _W.pause_reason).where(_W.pause_reason.in_(BY_ITSELF))
    week = now() - timedelta(days=7)
    given_up = (
        sa.select(_D.id)
        .where(_D.state == "given_up", _D.updated_at >= week)
        .limit(at_most(1001))
        .subquery()
    )
    number = db.session.scalar(sa.select(sa.func.count()).select_from(given_up)) or 0
    return list(db.session.execute(paused.order_by(_W.id).limit(at_most(20)))), number
