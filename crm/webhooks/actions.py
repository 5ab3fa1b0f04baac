"""Change who is told, and write down that somebody has to be told."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from crm.clock import now
from crm.errors import Conflict
from crm.extensions import db
from crm.gathering import gathered
from crm.outbox.actions import send
from crm.outbox.models import HOOKS
from crm.timeline.actions import record
from crm.timeline.models import Event
from crm.webhooks import signing
from crm.webhooks.kinds import PING
from crm.webhooks.models import Delivery, Webhook

Fields = dict[str, Any]
OLD_SECRET = timedelta(hours=24)
"""How long the secret before signs too, so that no message is lost while it is exchanged."""
KEPT_DAYS = 30
FRESH = 0.5
NOBODY = "webhooks.nobody"


def add_webhook(fields: Fields, by_id: int | None) -> Webhook:
    """Enter an address; its secret is made by `renew_secret`."""
    made = Webhook(**fields, salt=secrets.token_urlsafe(24))
    db.session.add(made)
    db.session.flush()
    listen_again()
    record("webhook.added", made, by_id, account_id=None, label=made.label, url=made.url)
    return made


def change_webhook(hook: Webhook, fields: Fields, by_id: int | None) -> None:
    """Tell another address, or of other kinds."""
    for name, value in fields.items():
        setattr(hook, name, value)
    record(
        "webhook.changed", hook, by_id, account_id=None,
        label=hook.label, url=hook.url, fields=sorted(fields),
    )  # fmt: skip


def remove_webhook(hook: Webhook, by_id: int | None) -> None:
    """Tell an address nothing more; the list of what was told goes with it."""
    db.session.execute(sa.delete(Delivery).where(Delivery.webhook_id == hook.id))
    db.session.delete(hook)
    record("webhook.removed", hook, by_id, account_id=None, label=hook.label, url=hook.url)


def renew_secret(hook: Webhook, by_id: int | None) -> str:
    """A new secret, returned this once; the one before signs for another day as well."""
    hook.old_salt, hook.old_salt_until = hook.salt, now() + OLD_SECRET
    hook.salt = secrets.token_urlsafe(24)
    record("webhook.secret_renewed", hook, by_id, account_id=None, label=hook.label)
    return signing.shown(secrets_of(hook)[0])


def secrets_of(hook: Any) -> list[bytes]:
    """What signs for an address now, the newest first."""
    key: str = current_app.extensions["settings"].secret_key
    still = hook.old_salt_until is not None and hook.old_salt_until > now()
    salts = [hook.salt, hook.old_salt] if still else [hook.salt]
    return [signing.secret_of(salt, key) for salt in salts]


def pause(hook: Webhook, reason: str, by_id: int | None) -> None:
    """Send nothing until somebody resumes; what happens meanwhile waits."""
    hook.paused_at, hook.pause_reason = now(), reason
    record("webhook.paused", hook, by_id, account_id=None, label=hook.label, reason=reason)


def pause_restored(connection: sa.Connection) -> None:
    """A database put back from a copy tells nobody anything until somebody has looked."""
    if sa.inspect(connection).has_table(Webhook.__tablename__):
        running = sa.update(Webhook).where(Webhook.paused_at.is_(None))
        connection.execute(running.values(paused_at=now(), pause_reason="restored"))


def resume(hook: Webhook, by_id: int | None) -> None:
    """Send again, first what has waited."""
    hook.paused_at, hook.pause_reason = None, ""
    hook.failures, hook.failing_since, hook.rest_until = 0, None, None
    waiting = _waiting(hook)
    at = now()
    db.session.execute(sa.update(Delivery).where(*waiting).values(due_at=at, updated_at=at))
    record("webhook.resumed", hook, by_id, account_id=None, label=hook.label)
    ask(hook.id, f"resumed:{hook.version}")


def discard(hook: Webhook) -> None:
    """Let what waits go untold."""
    done = {"state": "discarded", "updated_at": now()}
    db.session.execute(sa.update(Delivery).where(*_waiting(hook)).values(**done))


def ping(hook: Webhook) -> Delivery:
    """Send a message that says nothing but that it arrived. Raises Conflict while paused."""
    if hook.paused_at is not None:
        raise Conflict(_("This webhook is paused. Resume it first."))
    return tell(hook.id, PING, None)


def replay(delivery: Delivery) -> None:
    """Send one message again, under the same key."""
    _again([delivery.id])
    ask(delivery.webhook_id, f"replay:{delivery.id}:{_stamp()}")


def replay_failed(hook: Webhook, since: datetime | None) -> int:
    """Send again what was given up since an instant; returns how many messages."""
    where = [Delivery.webhook_id == hook.id, Delivery.state == "given_up"]
    if since is not None:
        where.append(Delivery.made_at >= since)
    keys = list(db.session.scalars(sa.select(Delivery.id).where(*where)))
    for first in range(0, len(keys), 500):
        _again(keys[first : first + 500])
    if keys:
        ask(hook.id, f"replay:{hook.id}:{_stamp()}")
    return len(keys)


def _again(keys: Sequence[int]) -> None:
    at = now()
    db.session.execute(
        sa.update(Delivery)
        .where(Delivery.id.in_(keys))
        .values(state="waiting", attempts=0, due_at=at, updated_at=at)
    )


def follow(event: Event) -> None:
    """Write down, together with an event, who has to be told of it."""
    many = gathered(db.session())
    listening = _listening() if many is None else many.once(_listening)
    hooks = [key for key, kinds in listening if event.kind in kinds]
    if hooks:
        db.session.flush()
    for key in hooks:
        tell(key, event.kind, event.id)


def nobody_listens(kind: str) -> bool:
    """Is there no address that wants to hear of a kind of event?"""
    return not any(kind in kinds for _key, kinds in _listening())


def _listening() -> list[tuple[int, list[str]]]:
    """Who wants to hear of what; that there is nobody at all is believed for `FRESH` seconds."""
    if time.monotonic() < current_app.extensions.get(NOBODY, 0.0):
        return []
    rows = db.session.execute(sa.select(Webhook.id, Webhook.kinds).order_by(Webhook.id)).all()
    if not rows:
        current_app.extensions[NOBODY] = time.monotonic() + FRESH
    return [(row.id, row.kinds) for row in rows]


def listen_again() -> None:
    """Look again at the next event, as there may be somebody now."""
    current_app.extensions.pop(NOBODY, None)


def tell(webhook_id: int, kind: str, event_id: int | None) -> Delivery:
    """One message for one address, with the key that it keeps however often it is sent."""
    at = now()
    made = Delivery(
        webhook_id=webhook_id, kind=kind, event_id=event_id, made_at=at, due_at=at, updated_at=at,
        message_id=f"msg_{secrets.token_hex(12)}",
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    ask(webhook_id, str(made.id))
    return made


def ask(webhook_id: int, occasion: str, at: datetime | None = None) -> None:
    """Have somebody look at what waits for an address, now or at an instant."""
    dedupe = f"webhooks.deliver:{webhook_id}:{occasion}"
    send("webhooks.deliver", dedupe, {"webhook_id": webhook_id}, HOOKS, at)


def tidy() -> None:
    """Forget what was told more than a month ago, and what nobody wanted to hear since."""
    old = now() - timedelta(days=KEPT_DAYS)
    db.session.execute(sa.delete(Delivery).where(Delivery.made_at < old))


def _waiting(hook: Webhook) -> tuple[Any, ...]:
    return (Delivery.webhook_id == hook.id, Delivery.state == "waiting")


def _stamp() -> int:
    return int(now().timestamp() * 1000)
