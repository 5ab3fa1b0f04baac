"""A pipeline with a story, on 20 November 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask

from crm.alerts.models import Alert
from crm.deals.models import SalesTarget
from crm.extensions import db
from tests.people import Company
from tests.reports.records import account, at, deal

NOW = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
"""Nine in the morning in Tokyo."""


@pytest.fixture
def november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def story(app: Flask, company: Company, november: None) -> Company:
    """Of the rep: one raised and moved on, one new from an alert, one won, one lost, one of the
    year before. Of the stranger in the other team: one that did not change."""
    with app.app_context():
        customer = account().id
        alert = Alert(
            rule="R05", rule_version=1, dedupe="R05:1", subject="unit:1",
            account_id=customer, raised_at=at(11, 5), reason={"ja": "故障", "en": "failures"},
        )  # fmt: skip
        db.session.add(alert)
        db.session.flush()
        deal(company.rep, company.first_team,
             (at(9, 1), {"amount": 5_000_000, "rank": "C", "stage": "proposal"}),
             (at(11, 10), {"amount": 6_500_000, "rank": "B", "stage": "quotation"}),
             account_id=customer, next_step="見積提示", next_step_on=date(2026, 11, 25),
             last_activity_on=date(2026, 11, 18), gross_profit=2_000_000)  # fmt: skip
        deal(company.rep, company.first_team, (at(11, 6), {"amount": 3_200_500, "rank": "A"}),
             account_id=customer, from_alert_id=alert.id, origin="support")  # fmt: skip
        deal(company.rep, company.first_team, (at(9, 20), {"amount": 2_000_000, "rank": "A"}),
             (at(11, 12), {"stage": "won"}), account_id=customer)  # fmt: skip
        deal(company.rep, company.first_team, (at(10, 2), {"amount": 900_000, "rank": "C"}),
             (at(11, 13), {"stage": "lost"}), account_id=customer)  # fmt: skip
        deal(company.rep, company.first_team, (at(4, 1, year=2025), {"amount": 7_000_000}),
             (at(6, 1, year=2025), {"stage": "won"}), account_id=customer)  # fmt: skip
        deal(company.stranger, company.second_team,
             (at(8, 1), {"amount": 4_000_000, "rank": "B", "stage": "negotiation"}),
             account_id=customer, last_activity_on=date(2026, 9, 1))  # fmt: skip
        for month in (10, 11, 12):
            db.session.add(SalesTarget(staff_id=company.rep, month=date(2026, month, 1),
                                       amount=3_000_000))  # fmt: skip
        db.session.commit()
    return company
