"""One turn of telling an address: what is due, how a try went, and when to look again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from crm.clock import now
from crm.extensions import at_most, db
from crm.timeline.actions import record
from crm.timeline.models import Event
from crm.webhooks import signing
from crm.webhooks.actions import ask, pause, secrets_of
from crm.webhooks.models import Delivery, Webhook
from crm.webhooks.sending import Answer

log = structlog.get_logger()

PAUSES = (5, 300, 1800, 7200, 18_000, 28_800, 36_000)
"""Seconds before the second, third … try of one message: 25 hours in all, then it is given up."""
RESTS = (5, 60, 300, 900, 1800, 3600)
"""Seconds for which an address that failed so many times in a row is left alone."""
TURN = timedelta(seconds=30)
"""How long somebody who died in the middle keeps others from an address."""
GONE = 410


@dataclass(frozen=True, slots=True)
class Task:
    """One message, ready to be sent."""

    delivery_id: int
    webhook_id: int
    url: str
    headers: dict[str, str]
    body: bytes


def begin(webhook_id: int) -> bool:
    """Take the turn of telling an address. False: it is paused or rests, or another one has it."""
    at = now()
    free = sa.or_(Webhook.busy_until.is_(None), Webhook.busy_until < at)
    awake = sa.or_(Webhook.rest_until.is_(None), Webhook.rest_until <= at)
    taken = _write(webhook_id, [free, awake, Webhook.paused_at.is_(None)], busy_until=at + TURN)
    if not taken:
        _look_later(webhook_id, at)
    return taken


def _look_later(webhook_id: int, at: datetime) -> None:
    """Whoever finds somebody at work has it looked at once more when that one is done."""
    busy = sa.select(Webhook.busy_until).where(Webhook.id == webhook_id, Webhook.busy_until >= at)
    if db.session.scalar(busy) is not None:
        second = int(at.timestamp()) // 2 * 2 + 2
        ask(webhook_id, f"later:{second}", at + timedelta(seconds=2))


def next_task(webhook_id: int) -> Task | None:
    """The message that has waited longest, signed now. Not committed."""
    found = db.session.execute(
        sa.select(Delivery, Webhook)
        .join(Webhook, Webhook.id == Delivery.webhook_id)
        .where(
            Delivery.webhook_id == webhook_id, Delivery.state == "waiting",
            Delivery.due_at <= now(), Webhook.paused_at.is_(None),
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(at_most(1))
        .execution_options(populate_existing=True)
    ).first()  # fmt: skip
    if found is None:
        return None
    delivery, hook = found
    event = None if delivery.event_id is None else db.session.get(Event, delivery.event_id)
    body = json.dumps(content(delivery, event), ensure_ascii=False).encode()
    signed = signing.headers(secrets_of(hook), delivery.message_id, now(), body)
    return Task(delivery.id, hook.id, hook.url, signed, body)


def content(delivery: Delivery, event: Event | None) -> dict[str, Any]:
    """What is said. Of what is confidential now, the keys alone."""
    if event is None:
        data: dict[str, Any] = {}
        return {"type": delivery.kind, "timestamp": delivery.made_at.isoformat(), "data": data}
    data = {
        "event_id": event.id, "type": event.subject_type, "id": event.subject_id,
        "account_id": event.account_id, "by_id": event.by_id, "confidential": event.restricted,
        "facts": {} if event.restricted else event.facts,
    }  # fmt: skip
    return {"type": event.kind, "timestamp": event.at.isoformat(), "data": data}


def settle(task: Task, answer: Answer) -> bool:
    """Write how a try went; is there sense in sending the next one now? Not committed."""
    delivery = db.session.get(Delivery, task.delivery_id, populate_existing=True)
    hook = db.session.get(Webhook, task.webhook_id, populate_existing=True)
    if delivery is None or hook is None:
        return False
    delivery.request, delivery.answer = task.body.decode(), answer.text
    delivery.status, delivery.error, delivery.took_ms = answer.status, answer.error, answer.took_ms
    delivery.sent_at = delivery.updated_at = now()
    if delivery.state == "waiting":
        delivery.attempts += 1
    if answer.taken:
        _taken(delivery, hook)
        return True
    _refused(delivery, hook, answer)
    return False


def _taken(delivery: Delivery, hook: Webhook) -> None:
    at = now()
    delivery.state = "delivered"
    if hook.failures:
        waiting = (
            Delivery.webhook_id == hook.id,
            Delivery.state == "waiting",
            Delivery.due_at > at,
        )
        db.session.execute(sa.update(Delivery).where(*waiting).values(due_at=at))
        _write(hook.id, [], failures=0, failing_since=None, rest_until=None)


def _refused(delivery: Delivery, hook: Webhook, answer: Answer) -> None:
    at, since = now(), hook.failing_since or now()
    rest = RESTS[min(hook.failures, len(RESTS) - 1)]
    _write(
        hook.id, [], failures=hook.failures + 1, failing_since=since,
        rest_until=at + timedelta(seconds=rest),
    )  # fmt: skip
    given_up = delivery.state == "waiting" and delivery.attempts > len(PAUSES)
    if given_up:
        delivery.state = "given_up"
    elif delivery.state == "waiting":
        delivery.due_at = at + timedelta(seconds=PAUSES[delivery.attempts - 1])
    if hook.paused_at is None and (given_up or answer.status == GONE):
        _give_up(delivery, hook, since, answer.status == GONE)


def _give_up(delivery: Delivery, hook: Webhook, since: datetime, gone: bool) -> None:
    """Tell the administrators once: the address is paused when it has failed all the time."""
    long = timedelta(seconds=sum(PAUSES[:-1]))
    log.error("webhook.given_up", webhook=hook.id, delivery=delivery.id, error=delivery.error)
    if gone or now() - since >= long:
        db.session.refresh(hook)
        pause(hook, "gone" if gone else "failing", None)
    else:
        record("webhook.given_up", hook, None, account_id=None, label=hook.label,
               about=delivery.kind)  # fmt: skip


def end(webhook_id: int) -> None:
    """Give the turn back, and have it looked at again when the next message is due."""
    _write(webhook_id, [], busy_until=None)
    hook = db.session.execute(
        sa.select(Webhook.rest_until, Webhook.paused_at).where(Webhook.id == webhook_id)
    ).first()
    due = db.session.scalar(
        sa.select(Delivery.due_at)
        .where(Delivery.webhook_id == webhook_id, Delivery.state == "waiting")
        .order_by(Delivery.due_at, Delivery.id)
        .limit(at_most(1))
    )
    if hook is None or hook.paused_at is not None or due is None:
        return
    at = max(due, hook.rest_until or due)
    ask(webhook_id, f"due:{at.isoformat()}", at)


def _write(webhook_id: int, where: list[Any], **values: Any) -> bool:
    """How it goes with an address is no edit: neither its version nor its instant change."""
    done = db.session.execute(
        sa.update(Webhook)
        .where(Webhook.id == webhook_id, *where)
        .values(**values, updated_at=Webhook.updated_at)
        .returning(Webhook.id)
        .execution_options(synchronize_session=False)
    )
    return done.scalar() is not None
