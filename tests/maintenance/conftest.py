"""A customer with units, a plan over them, and the night that arranges their visits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.cli import tick
from crm.clock import today
from crm.outbox.drain import drain
from tests.installed_base.conftest import contract, plant, unit

__all__ = ["contract", "plant", "unit"]


@pytest.fixture
def plan(api, company, plant, unit):
    """Make a plan: `plan(rule="floating", every=6)`; over one new unit unless `unit_ids` say."""

    def make(**fields: object):
        if "unit_ids" not in fields:
            fields["unit_ids"] = [unit(f"S{len(fields)}{fields.get('name', '')}").json["id"]]
        body = {
            "name": "年次点検", "account_id": plant.account, "every": 12, "horizon_days": 60,
            "assignee_id": company.engineer,
        }  # fmt: skip
        return api(company.engineer).post("/maintenance-plans", body | fields)

    return make


@pytest.fixture
def in_days(app):
    """A day so many days from today, as JSON says it."""

    def day(ahead: int) -> str:
        with app.app_context():
            return (today() + timedelta(days=ahead)).isoformat()

    return day


@pytest.fixture
def night(app, work):
    """The clock strikes and everything that waits is done."""

    def strike() -> None:
        with app.app_context():
            tick()
        work()

    return strike


@pytest.fixture
def work(app):
    """Everything that waits is done."""

    def do() -> None:
        with app.app_context():
            while drain("fast") + drain("heavy"):
                pass

    return do
