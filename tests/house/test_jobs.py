"""A job that runs twice leaves what it left when it ran once."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from crm.clock import now, today
from crm.demo import load
from crm.extensions import db
from crm.outbox.actions import send
from crm.outbox.drain import drain
from crm.outbox.models import Message
from crm.rooms import CLOCK, HANDLERS
from tests.fingerprints import fingerprints


@pytest.mark.slow
@pytest.mark.late
def test_every_message_done_twice_leaves_the_same_database(app: Flask) -> None:
    with time_machine.travel(now(), tick=False), app.app_context():
        load.load()
        for kind in CLOCK:
            send(kind, f"{kind}:{today()}", {"day": today().isoformat()})
        db.session.commit()
        for lane in ("fast", "heavy", "fast", "hooks"):
            drain(lane)
        messages = db.session.query(Message).order_by(Message.id).all()
        done = [(one.kind, one.payload) for one in messages]
        assert not [one.last_error for one in messages if one.last_error]
        assert {kind for kind, _payload in done} <= HANDLERS.keys() >= set(CLOCK)
        db.session.remove()
        before = fingerprints(app)
        for kind, payload in done:
            HANDLERS[kind](payload)
            db.session.commit()
        after = fingerprints(app)
        assert [name for name in before if before[name] != after[name]] == []
