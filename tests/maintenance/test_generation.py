"""The night is killed in the middle, and every visit is there once all the same."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from crm.clock import now, today
from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.maintenance import generation, jobs
from crm.maintenance.generation import arrange
from crm.maintenance.models import MaintenancePlan, PlanUnit, Visit
from crm.outbox.actions import send
from crm.outbox.drain import drain
from crm.outbox.models import HEAVY
from crm.timeline.models import Event
from tests.dying import die_at
from tests.records import a_product, a_unit, an_account

UNITS, DATES = 12, 3


@pytest.fixture
def fleet(app, company) -> int:
    """Twelve units under one plan, due three times within its horizon; nothing arranged yet."""
    with app.app_context():
        account, product = an_account(company.rep, company.first_team), a_product()
        plan = MaintenancePlan(
            account_id=account, name="月次点検", every=10, period="days", horizon_days=35,
            first_due_on=today() + timedelta(days=10),
        )  # fmt: skip
        db.session.add(plan)
        db.session.flush()
        key = plan.id
        for number in range(UNITS):
            unit = a_unit(account, product, f"F{number}")
            due = plan.first_due_on
            db.session.add(PlanUnit(plan_id=key, unit_id=unit, next_due_on=due, wakes_on=today()))
        db.session.commit()
    return key


def check_once(visits: int) -> None:
    """Every visit is there once, with one work order of its own and one line in the history."""
    rows = db.session.execute(
        sa.select(Visit.plan_id, Visit.unit_id, Visit.due_on, Visit.work_order_id)
    ).all()
    assert len(rows) == visits
    assert max(Counter(tuple(row[:3]) for row in rows).values()) == 1
    assert {row.work_order_id for row in rows} == set(db.session.scalars(sa.select(WorkOrder.id)))
    lines = sa.select(sa.func.count()).where(Event.kind == "work_order.opened")
    assert db.session.scalar(lines) == visits


@pytest.mark.parametrize(
    "where",
    [
        "maintenance.after_visits:2", "maintenance.after_visits:6", "outbox.after_effect:1",
        "outbox.after_effect:2", "outbox.after_mark:1", "outbox.after_claim:2",
    ],
)  # fmt: skip
def test_a_night_that_is_killed_anywhere_arranges_every_visit_once(
    app, fleet, work, where, monkeypatch
):
    monkeypatch.setattr(jobs, "CHUNK", 5)
    monkeypatch.setattr(generation, "CHUNK", 5)
    monkeypatch.setattr(generation, "SLICE", 4)
    with app.app_context():
        jobs.generate({"day": today().isoformat()})
        db.session.commit()
        db.session.remove()
    assert die_at(where, app, lambda: drain("heavy")) == 137
    with app.app_context():
        assert (db.session.scalar(sa.select(sa.func.count(Visit.id))) or 0) < UNITS * DATES
        db.session.remove()
    with time_machine.travel(now() + timedelta(minutes=10), tick=True):
        work()
        work()
    with app.app_context():
        check_once(UNITS * DATES)


def test_two_nights_at_once_arrange_every_visit_once(app, fleet, work):
    with app.app_context():
        day = today().isoformat()
        for name in ("a", "b", "c"):
            send("maintenance.round", name, {"day": day, "first": 0}, HEAVY)
        db.session.commit()
    work()
    with app.app_context():
        check_once(UNITS * DATES)
        before = db.session.scalar(sa.select(sa.func.min(PlanUnit.next_due_on)))
        assert before == today() + timedelta(days=40)


def test_a_visit_that_is_there_already_gets_no_second_work_order(app, fleet):
    with app.app_context():
        assert arrange(today(), PlanUnit.plan_id == fleet) == UNITS * DATES
        db.session.execute(
            sa.update(PlanUnit).values(next_due_on=today() + timedelta(days=10), wakes_on=today())
        )
        assert arrange(today(), PlanUnit.plan_id == fleet) == 0
        check_once(UNITS * DATES)


def test_units_that_are_gone_or_sold_on_are_left_alone(app, company, fleet):
    with app.app_context():
        units = list(db.session.scalars(sa.select(PlanUnit.unit_id).order_by(PlanUnit.id)))
        account = an_account(company.rep, company.first_team, name="別会社")
        table = db.metadata.tables["units"]
        db.session.execute(sa.update(table).where(table.c.id == units[0]).values(status="removed"))
        db.session.execute(
            sa.update(table).where(table.c.id == units[1]).values(account_id=account)
        )
        assert arrange(today(), PlanUnit.plan_id == fleet) == (UNITS - 2) * DATES
