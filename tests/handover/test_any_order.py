"""Winning, opening again and working on the set in any order, and two people at once."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from crm.clock import today
from crm.connections import writing
from crm.deals.actions import move_deal
from crm.deals.models import Deal
from crm.extensions import db
from crm.handover.models import Handover
from crm.installed_base.models import Unit
from crm.maintenance.models import MaintenancePlan
from crm.staff.models import Staff
from crm.support.models import Ticket
from tests.conftest import POSTGRES

PIECES = 3
STEPS = ("win", "win", "reopen", "reopen", "lose", "number", "place", "note")


@dataclass
class Model:
    """What has to be there: units in the order of their making, touched or not, and the ticket."""

    units: list[bool] = field(default_factory=list)
    ticket: str = ""

    def win(self) -> None:
        self.units += [False] * (PIECES - len(self.units))
        self.ticket = self.ticket or "fresh"

    def unwin(self) -> None:
        self.units = [True for touched in self.units if touched]
        self.ticket = "" if self.ticket == "fresh" else self.ticket

    def touch(self, place: int) -> None:
        if place < len(self.units):
            self.units[place] = True


def _do(step, deal, model, chance, api, company):
    place = chance.randrange(PIECES)
    rows = deal.units
    if step == "win":
        deal.win()
        model.win()
    elif step in ("reopen", "lose"):
        deal.reopen() if step == "reopen" else deal.stage("lost")
        model.unwin()
    elif step == "note" and model.ticket:
        ticket = deal.handover["handover"]["ticket_id"]
        note = {"kind": "internal", "body": "確認"}
        assert api(company.engineer).post(f"/tickets/{ticket}/notes", note).status_code == 201
        model.ticket = "touched"
    elif step in ("number", "place") and place < len(rows):
        cell = {"serial_no": f"N-{chance.random()}"} if step == "number" else {"location": "2階"}
        assert deal.fill({"unit_id": rows[place]["unit_id"]} | cell).status_code == 201
        if step == "number" or rows[place]["location"] != "2階":
            model.touch(place)


@pytest.mark.parametrize("seed", range(6 if POSTGRES else 2))
def test_whatever_happens_in_whatever_order_the_set_is_what_a_simple_model_says(
    sale, api, company, seed
):
    chance, deal, model = random.Random(seed), sale(pieces=PIECES), Model()
    for _ in range(14):
        _do(chance.choice(STEPS), deal, model, chance, api, company)
        there = deal.handover
        assert len(there["units"]) == len(model.units)
        ticket = there["handover"]["ticket_id"] if there["handover"] else None
        assert (ticket is not None) is bool(model.ticket)
        won = deal.rep.get(f"/deals/{deal.key}").json["stage"] == "won"
        if won:
            kept = there["next"]["keep"]
            touched = {one["id"] for one in kept if one["kind"] == "unit"}
            marked = zip(there["units"], model.units, strict=True)
            assert {row["unit_id"] for row, mark in marked if mark} == touched
    deal.reopen()
    model.unwin()
    with deal.rep.client.application.app_context():
        left = db.session.scalar(sa.select(sa.func.count()).select_from(Unit))
        plans = db.session.scalar(sa.select(sa.func.count()).select_from(MaintenancePlan))
        tickets = db.session.scalar(sa.select(sa.func.count()).select_from(Ticket))
    assert (left, plans) == (len(model.units), 1 if model.units else 0)
    assert tickets == (1 if model.ticket else 0)


def test_two_people_who_win_a_deal_at_once_make_one_set(sale, app, company):
    deal = sale(pieces=PIECES)
    gate, outcomes = threading.Barrier(2), []

    def win(person: int) -> None:
        with app.app_context():
            writing.set(True)
            found = db.session.get(Deal, deal.key) if POSTGRES else None
            gate.wait()
            try:
                found = found or db.session.get_one(Deal, deal.key)
                user = db.session.get_one(Staff, person)
                with app.test_request_context():
                    move_deal(found, "won", user, closed_on=today())
                db.session.commit()
                outcomes.append("won")
            except sa.orm.exc.StaleDataError:
                db.session.rollback()
                outcomes.append("late")

    people = [threading.Thread(target=win, args=(key,)) for key in (company.rep, company.manager)]
    for one in people:
        one.start()
    for one in people:
        one.join(30)
    assert len(outcomes) == 2
    assert "won" in outcomes
    assert len(deal.units) == PIECES
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Handover)) == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Ticket)) == 1
