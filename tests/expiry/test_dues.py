"""Inspections by a product's interval, what is used up, and recalls, for the whole company."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa

from crm.campaigns.models import Campaign, CampaignItem
from crm.clock import today
from crm.expiry import agenda, book, jobs, keeping
from crm.expiry.asking import OF_UNITS, Asked
from crm.expiry.models import UnitDue
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.installed_base.terms import months_after
from crm.maintenance.models import PlanUnit
from crm.outbox.drain import drain
from crm.products.models import Product, ProductRelation
from tests.expiry.conftest import Base, month
from tests.records import a_campaign, a_plan, a_product, a_unit, a_visit

WAYS = ("all", "checks", "consumable", "recall", "")


def rows() -> list[Any]:
    """What is kept."""
    return sorted(tuple(row) for row in db.session.execute(sa.select(*UnitDue.__table__.c)))


@pytest.fixture
def fleet(app: Any, company: Any, base: Base) -> Base:
    """Units of three models with intervals and cycles, of every age; some under plans, two with a
    visit, four named by recalls, one of them by two."""
    with app.app_context():
        made = [
            a_product("CY-30", consumable_cycle_days=30, inspection_interval_months=6),
            a_product("CY-45", consumable_cycle_days=45, inspection_interval_months=1),
            a_product("IN-12", inspection_interval_months=12),
        ]
        db.session.add(ProductRelation(product_id=made[0], kind="consumable", other_id=made[2]))
        old, serial = date(2021, 1, 31), count(1)
        for product in made:
            for days in (0, 31, 400, 1800, 1990, 2170):
                some = old + timedelta(days=days)
                base.units[f"F{next(serial)}"] = a_unit(
                    base.account, product, f"F{next(serial)}", warranty_ends_on=None,
                    installed_on=some, delivered_on=some if days % 2 else None,
                    status="stopped" if days == 400 else "in_use",
                )  # fmt: skip
        keys = list(base.units.values())[-18:]
        plan = a_plan(base.account, keys[1], work_kind="calibration")
        link = db.session.scalars(sa.select(PlanUnit).where(PlanUnit.plan_id == plan)).one()
        link.next_due_on = month(2, 9)
        other = a_plan(base.account, keys[13], work_kind="modification")
        a_visit(other, keys[13], visit_on=month(1, 4), due_on=month(1, 4))
        for place, unit in enumerate((keys[0], keys[6], keys[7], keys[0])):
            key, item = a_campaign(base.account, unit, made[0], f"-{place}")
            db.session.get_one(Campaign, key).ends_on = month(place, 20)
            if place == 1:
                db.session.get_one(CampaignItem, item).appointed_on = month(0, 28)
        db.session.commit()
        jobs.nightly({"day": "2026-11-22"})
        db.session.commit()
        drain("heavy")
    return base


def expected(asked: Asked, first: date) -> list[tuple[date, int, str]]:
    """The earliest day of each unit in use in the list's span, computed unit by unit."""
    where = Unit.status.in_(("in_use", "spare"))
    keys = db.session.scalars(sa.select(Unit.id).where(where).order_by(Unit.id)).all()
    found = agenda.of_units(keys, first, asked.last, today())
    best: dict[int, Any] = {}
    for entry in found.entries:
        if entry.expiry.kind in asked.kinds:
            for unit in entry.units:
                best.setdefault(unit.id, entry.expiry)
    return sorted((one.on, unit, one.kind) for unit, one in best.items())


def test_the_companys_list_is_what_each_unit_says_of_itself(app, fleet, monkeypatch):
    """Whatever is asked for and in which months, read whole and read page by page."""
    assert "budget" not in OF_UNITS
    seen = set()
    with app.app_context():
        for way, ahead, months in (*((way, 0, 4) for way in WAYS), ("all", 5, 1), ("all", -3, 2)):
            asked = Asked(month(ahead, 1), months, way)
            wanted = expected(asked, asked.month)
            every = book.read(asked, today(), 50).every
            listed = [(one.expiry.on, one.unit.id, one.expiry.kind) for one in every or ()]
            assert sorted(listed) == wanted, (way, ahead)
            seen |= {kind for _on, _unit, kind in wanted}
            monkeypatch.setattr(book, "MOST", 3)
            assert paged(asked, 2) == wanted or len(wanted) <= 3, (way, ahead)
            monkeypatch.undo()
    assert seen > {"recall", "consumable", "inspection", "calibration", "warranty", "contract"}


def paged(asked: Asked, limit: int) -> list[tuple[date, int, str]]:
    """The same, in pages."""
    found: list[tuple[date, int, str]] = []
    cursor = None
    while True:
        page = book.read(asked, today(), limit, cursor)
        found += [(one.expiry.on, one.unit.id, one.expiry.kind) for one in page.page]
        if page.next is None:
            return found
        cursor = page.next


def test_what_is_kept_follows_every_change_and_a_night_adds_nothing(app, company, fleet, api):
    """A unit comes, its day is corrected, it is inspected, a plan is made and taken away, and the
    product's interval changes: each time the message alone makes it right."""
    admin = api(company.admin)
    with app.app_context():
        drain("fast")
        before = rows()
        for _twice in range(2):
            jobs.nightly({"day": "2026-11-23"})
            jobs.keep({"why": "again", "after": 0})
        assert rows() == before
        product = db.session.scalars(sa.select(Product.id).where(Product.code == "CY-30")).one()
        here = today()

    def followed(answer: Any) -> Any:
        assert answer.status_code < 300, answer.json
        with app.app_context():
            drain("fast")
            drain("heavy")
            assert keeping.refresh(sa.true()) == 0
        return answer.json

    def due(unit: int, kind: str) -> date | None:
        with app.app_context():
            found = db.session.get(UnitDue, (unit, kind))
            return found.due_on if found else None

    def change(who: Any, path: str, **fields: Any) -> None:
        followed(who.patch(path, fields, who.get(path).json["version"]))

    begins = here - timedelta(days=100)
    unit = followed(admin.post("/units", {
        "account_id": fleet.account, "product_id": product, "serial_no": "NEW-1",
        "installed_on": begins.isoformat(),
    }))["id"]  # fmt: skip
    assert due(unit, "consumable") == begins + timedelta(days=30)
    earlier = begins - timedelta(days=7)
    change(admin, f"/units/{unit}", installed_on=earlier.isoformat())
    assert due(unit, "inspection") == months_after(earlier, 6)
    done = here - timedelta(days=3)
    followed(admin.post("/work-orders", {
        "unit_id": unit, "kind": "inspection", "status": "returned", "symptom": "点検",
        "opened_on": done.isoformat(), "done_on": done.isoformat(),
    }))  # fmt: skip
    assert due(unit, "inspection") == months_after(done, 6)
    plan = followed(admin.post("/maintenance-plans", {
        "account_id": fleet.account, "name": "点検", "work_kind": "inspection", "every": 12,
        "first_due_on": (here + timedelta(days=200)).isoformat(), "unit_ids": [unit],
    }))  # fmt: skip
    assert due(unit, "inspection") is None and due(unit, "consumable")
    followed(admin.delete(f"/maintenance-plans/{plan['id']}", plan["version"]))
    assert due(unit, "inspection") == months_after(done, 6)
    change(admin, f"/products/{product}", consumable_cycle_days=None)
    assert due(unit, "consumable") is None
    with app.app_context():
        lone = a_unit(fleet.account, product, "LONE")
        keeping.refresh(Unit.id == lone)
        db.session.commit()
    assert due(lone, "inspection") is not None
    assert admin.delete(f"/units/{lone}", 1).status_code == 204
    assert due(lone, "inspection") is None
