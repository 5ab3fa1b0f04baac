"""Machines come in with their failures and repairs, and the rules speak about their past."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from crm.alerts.models import Alert
from crm.clock import today
from crm.extensions import db
from crm.installed_base.models import Unit, UnitState, WorkOrder
from crm.outbox.models import Message
from crm.reports.reliability_queries import Asked
from crm.reports.reliability_shown import figures
from crm.support.models import Ticket
from tests.transfers.samples import FOLDERS

EXPECTED = {
    "sample": {"units": 3, "tickets": 4, "orders": 5, "met": 3, "alerts": {"R05": 1, "R07": 1}},
    "real": {"units": 100, "tickets": 761, "orders": 3286, "met": 743},
}


def take_all(take, data):
    folder = data / "machines"
    return [
        take(kind, folder / name)
        for kind, name in (
            ("units", "PdM_machines.csv"), ("tickets", "PdM_failures.csv"),
            ("work-orders", "PdM_maint.csv"),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(("data", "place"), FOLDERS, indirect=["data"])
def test_failures_meet_their_repairs(app, data, place, take, count, fingerprint):
    expected = EXPECTED[place]
    outcomes = take_all(take, data)
    assert [one.refused for one in outcomes] == [[], [], []]
    assert (count(Unit), count(Ticket)) == (expected["units"], expected["tickets"])
    assert count(UnitState) == expected["units"]
    assert count(WorkOrder) == expected["orders"]
    assert count(WorkOrder, WorkOrder.ticket_id.is_not(None)) == expected["met"]
    assert count(WorkOrder, WorkOrder.kind == "repair") == expected["met"]
    assert count(Message) == 0
    before = fingerprint()
    assert [one.same for one in take_all(take, data)] == [one.rows for one in outcomes]
    assert fingerprint() == before


def test_days_and_hours_are_those_of_the_company(app, data, take):
    take_all(take, data)
    with app.app_context():
        unit = db.session.scalars(sa.select(Unit).where(Unit.serial_no == "M-1")).one()
        assert unit.installed_on == date(1997, 1, 1)
        ticket = db.session.scalars(sa.select(Ticket).order_by(Ticket.id)).first()
        assert ticket.opened_at == datetime(2015, 8, 4, 21, tzinfo=UTC)
        assert (ticket.unit_id, ticket.category, ticket.status) == (unit.id, "failure", "closed")


def test_the_rules_are_asked_as_of_a_day_in_the_past(app, data, take, command, count):
    take_all(take, data)
    result = command("alerts", "run", "--as-of", "2015-12-31")
    assert result.exit_code == 0, result.output
    assert "R05: 1" in result.output
    assert "M-1" in result.output
    with app.app_context():
        rules = db.session.scalars(sa.select(Alert.rule).order_by(Alert.rule)).all()
    assert rules == ["R05", "R07"]
    again = command("alerts", "run", "--as-of", "2015-12-31")
    assert "0 alerts" in again.output
    assert count(Alert) == 2


def test_work_on_a_machine_nobody_entered_is_refused(take, data):
    outcome = take("work-orders", data / "machines" / "PdM_maint.csv")
    assert (outcome.new, len(outcome.refused)) == (0, 5)
    assert "machineID" in outcome.refused[0].reason


def test_a_file_that_says_another_place_adds_a_state(app, take, tmp_path, count):
    mapping = tmp_path / "places.toml"
    mapping.write_text("""
kind = "units"
source = "places"
key = "{no}"
[fields]
account = { value = "owner", find = "account" }
product = { value = "P-1", find = "product" }
serial_no = { text = "S-{no}" }
location = "place"
[[also]]
kind = "accounts"
key = "owner"
fields = { name = { value = "機械の持ち主" } }
[[also]]
kind = "products"
key = "P-1"
fields = { code = { value = "P-1" }, name = { value = "機械" } }
""")
    table = tmp_path / "units.csv"
    for place, states in (("1階", 1), ("1階", 1), ("2階", 2)):
        table.write_text(f"no,place\n1,{place}\n")
        assert not take("units", table, mapping).refused
        assert count(UnitState) == states
    with app.app_context():
        rows = db.session.scalars(sa.select(UnitState).order_by(UnitState.id)).all()
        assert [row.location for row in rows] == ["1階", "2階"]
        assert rows[0].from_on == today()


@pytest.mark.parametrize(("data", "place"), FOLDERS, indirect=["data"])
def test_the_figures_of_reliability_are_those_counted_by_hand(app, data, place, take):
    take_all(take, data)
    with app.app_context():
        found = figures(Asked(date(2015, 1, 1), date(2015, 12, 31)))
    by_model = {one["code"]: (one["failures"], one["mean_days"]) for one in found["products"]}
    quiet = [one["serial_no"] for one in found["units_without"]]
    counted = (found["failures"], found["met"], found["mean_days"])
    if place == "sample":
        assert counted == (4, 3, 273.8)
        assert by_model == {"model3": (3, 121.7), "model4": (1, 730.0)}
        assert quiet == ["M-3"]
    else:
        assert counted == (761, 743, 48.0)
        assert by_model == {
            "model1": (189, 30.9), "model2": (168, 36.9), "model3": (221, 57.8),
            "model4": (183, 63.8),
        }  # fmt: skip
        assert quiet == ["M-6", "M-77"]
