"""What an open screen is told, and until when."""

from __future__ import annotations

import queue
from typing import Any

import pytest

from crm.alerts.stream import _live

pytestmark = pytest.mark.once


def test_an_alert_is_told_once_and_once_more_when_it_comes_back_until_signing_out():
    signed_in = [True, True, True, False]
    inbox: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    again = {"id": 7, "account_id": 1, "rule": "end", "again": "2026-11-22T09:00:00+00:00"}
    told = {"id": 7, "account_id": 1, "rule": "end"}
    for message in (told, told, again, again):
        inbox.put(message)
    frames = list(_live(inbox, set(), lambda: signed_in.pop(0)))
    assert (
        frames == ['event: alert\nid: 7\ndata: {"id": 7, "account_id": 1, "rule": "end"}\n\n'] * 2
    )
