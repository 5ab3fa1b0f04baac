"""The demo company is believable: of the size that was promised, and with something to decide."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account, Contact
from crm.alerts.jobs import judge_units
from crm.alerts.models import Alert
from crm.clock import today
from crm.deals.models import OPEN_STAGES, Deal, DealChange
from crm.demo import load
from crm.extensions import db
from crm.installed_base.models import ServiceContract, Unit, UnitState, WorkOrder
from crm.saved_views.lists import LISTS, parts_of
from crm.saved_views.models import SavedView
from crm.staff.actions import check_password
from crm.staff.models import Staff
from crm.staff.queries import by_email
from crm.support.models import Ticket

ROLES = ("rep", "clerk", "engineer", "manager", "admin")


def count(table, *where) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0


@pytest.mark.once
def test_the_demo_company_is_of_the_promised_size_and_its_story_waits_for_the_rep(app):
    with app.app_context():
        assert load.is_empty()
        load.load()
        db.session.commit()
        assert not load.is_empty()
        assert count(Account) == 205
        assert 380 <= count(Contact) <= 440
        assert (count(Unit), count(Ticket)) == (606, 801)
        assert count(UnitState) >= 600
        assert 280 <= count(Deal) <= 330
        assert count(ServiceContract) > 150
        assert count(WorkOrder) > 400
        views = db.session.scalars(sa.select(SavedView)).all()
        assert len(views) == 5
        assert all(LISTS[one.list].kept(parts_of(one.query)) == one.query for one in views)
        for role in ROLES:
            person = by_email(f"{role}@example.com")
            assert person.role == role
            assert check_password(person, "demo-demo-demo")
        assert count(Deal, Deal.stage.in_(OPEN_STAGES)) > 60
        latest = sa.select(sa.func.max(DealChange.id)).group_by(DealChange.deal_id)
        stages = dict(
            db.session.execute(
                sa.select(DealChange.deal_id, DealChange.stage).where(DealChange.id.in_(latest))
            ).all()
        )
        assert stages == dict(db.session.execute(sa.select(Deal.id, Deal.stage)).all())
        rep = db.session.scalar(sa.select(Staff.id).where(Staff.email == "rep@example.com"))
        open_rules = set(
            db.session.scalars(
                sa.select(Alert.rule).where(Alert.owner_id == rep, Alert.state == "open")
            )
        )
        assert {"R04", "R08", "R17"} <= open_rules
        assert count(Alert, Alert.owner_id == rep, Alert.state == "open") <= 12
        assert count(Alert, Alert.state == "accepted", Alert.deal_id.is_(None)) == 0
        before = count(Alert)
        for first in (0, 500):
            judge_units(today(), first)
        assert count(Alert) == before
