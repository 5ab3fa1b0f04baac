"""The states of a repair: what may follow, what it needs, and the days in each."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from crm.installed_base.models import WORK_ENDED, WORK_STATUSES
from crm.service.steps import NEXT, days_in_states, following, refusal, stays


@pytest.fixture(autouse=True)
def _words(app):
    with app.test_request_context():
        yield


def work(status, **fields):
    usual = {"estimate_amount": None, "approved_by": "", "approved_on": None, "chargeable": True,
             "declined_reason": ""}  # fmt: skip
    return SimpleNamespace(status=status, **usual | fields)


def test_every_state_is_reached_and_only_ends_have_no_next():
    reached = {one for after in NEXT.values() for one in after}
    assert reached == set(WORK_STATUSES) - {"received"}
    assert set(NEXT) == set(WORK_STATUSES) - set(WORK_ENDED)
    for status in WORK_ENDED:
        assert following(status) == ()
        assert "repairing" in following(status, may_reopen=True)


@pytest.mark.parametrize(
    ("before", "after", "fields", "field"),
    [
        ("estimating", "awaiting_approval", {}, "estimate_amount"),
        ("estimating", "awaiting_approval", {"estimate_amount": 0}, None),
        ("estimating", "repairing", {}, "status"),
        ("received", "estimate_declined", {"declined_reason": "高い"}, "status"),
        ("awaiting_approval", "estimate_declined", {}, "declined_reason"),
        ("awaiting_approval", "estimate_declined", {"declined_reason": "高い"}, None),
        ("awaiting_approval", "repairing", {"approved_by": "鈴木"}, "approved_on"),
        ("awaiting_approval", "repairing", {"approved_on": date(2026, 5, 1)}, "approved_by"),
        ("awaiting_approval", "repairing", {"chargeable": False}, None),
        ("awaiting_approval", "returned", {}, "status"),
        ("returned", "repairing", {}, "status"),
        ("repairing", "repairing", {}, None),
    ],
)
def test_a_state_that_lacks_something_is_refused_by_its_field(before, after, fields, field):
    assert list(refusal(before, work(after, **fields))) == ([field] if field else [])


def test_days_are_counted_state_by_state_and_an_end_lasts_no_day():
    rows = [
        SimpleNamespace(before=before, status=status, on=date(2026, 5, day), note="", by_id=1)
        for before, status, day in (
            ("received", "estimating", 3), ("estimating", "awaiting_approval", 3),
            ("awaiting_approval", "estimating", 10), ("estimating", "returned", 12),
        )
    ]  # fmt: skip
    found = stays(date(2026, 5, 1), "returned", rows, date(2026, 6, 1))
    assert [one.days for one in found] == [2, 0, 7, 2, 0]
    assert days_in_states(found) == {
        "received": 2, "estimating": 2, "awaiting_approval": 7, "returned": 0,
    }  # fmt: skip
    alone = stays(date(2026, 5, 1), "diagnosing", [], date(2026, 5, 4))
    assert [(one.status, one.days) for one in alone] == [("diagnosing", 3)]
