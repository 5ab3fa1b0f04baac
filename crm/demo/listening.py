"""A program of the demo company that hears of won deals: paused, as it does not exist."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from crm.clock import now
from crm.extensions import db
from crm.timeline.models import Event
from crm.webhooks.actions import add_webhook
from crm.webhooks.delivering import content
from crm.webhooks.models import Delivery

URL = "https://erp.example.com/hooks/engawa"
KINDS = ["deal.won", "work_order.done", "contract.renewed"]
SHOWN = 6


def listen() -> None:
    """Enter the address, with what it was told last. Written last: it hears of nothing before."""
    hook = add_webhook({"label": "販売管理システム", "url": URL, "kinds": KINDS}, None)
    hook.paused_at, hook.pause_reason = now(), "person"
    events = db.session.scalars(
        sa.select(Event).where(Event.kind.in_(KINDS)).order_by(Event.id.desc()).limit(SHOWN)
    )
    db.session.flush()
    for number, event in enumerate(reversed(list(events))):
        db.session.add(_told(hook.id, event, number))


def _told(hook_id: int, event: Event, number: int) -> Delivery:
    """One message as it went: the third was taken at the second try, the first was given up."""
    lost = number == 0
    at = now() - timedelta(hours=290 if lost else 3 * (SHOWN - number))
    sent = at + timedelta(hours=25.6 if lost else 0.1 if number == 2 else 0)
    went: dict[str, Any] = {"state": "given_up" if lost else "delivered", "attempts": 1}
    went |= {"status": 200, "answer": '{"ok": true}', "took_ms": 84 + 13 * number}
    if lost:
        went |= {"status": 503, "answer": "Service Unavailable", "error": "status", "attempts": 8}
    elif number == 2:
        went["attempts"] = 2
    told = Delivery(
        webhook_id=hook_id, event_id=event.id, kind=event.kind, made_at=at, due_at=at,
        updated_at=sent, sent_at=sent, message_id=f"msg_{event.id:024x}", **went,
    )  # fmt: skip
    told.request = json.dumps(content(told, event), ensure_ascii=False)
    return told
