"""A unit's own days of support and parts go before its product's, wherever what ends is told."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from crm.clock import today
from crm.expiry import agenda, book
from crm.expiry.asking import Asked
from crm.extensions import db
from crm.installed_base.models import Unit
from crm.installed_base.own_days import DAYS
from crm.products.models import Product
from tests.expiry.conftest import Base, month
from tests.expiry.test_feed import events
from tests.people import Company
from tests.records import a_product, a_unit, an_account

FIRST, LAST = month(0, 1), month(4, 1)


def _fleet(chance: random.Random, company: Company) -> int:
    """Units of a few models, with and without days on either side; one account has them all."""
    account = an_account(company.rep, company.first_team)
    some = [None, month(-1, 3), month(0, 1), month(1, 9), month(3, 28), month(4, 1), month(9, 2)]
    models = [
        a_product(f"M-{n}", **{name: chance.choice(some) for name in DAYS.values()})
        for n in range(4)
    ]
    for number in range(30):
        own = {name: chance.choice([None, None, *some]) for name in DAYS.values()}
        status = chance.choice(["in_use", "in_use", "spare", "stopped", "removed"])
        a_unit(account, chance.choice(models), f"S{number}", status=status, **own)
    return account


def _slowly(kind: str) -> set[tuple[date, int, str]]:
    """Every unit looked at by itself: its own day, else its product's; and whose day that is."""
    found = set()
    for unit in db.session.scalars(sa.select(Unit)):
        product = db.session.get_one(Product, unit.product_id)
        own, usual = getattr(unit, DAYS[kind]), getattr(product, DAYS[kind])
        on = own if own is not None else usual
        if on is not None and FIRST <= on < LAST and unit.status in ("in_use", "spare"):
            found.add((on, unit.id, "product" if own is None else "unit"))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_walks_find_what_looking_at_every_unit_finds(app, company, monkeypatch, seed):
    with app.app_context():
        account = _fleet(random.Random(seed), company)
        for kind in DAYS:
            asked, wanted = Asked(FIRST, kind=kind), _slowly(kind)
            whole = book.read(asked, today(), 100)
            told = {(one.expiry.on, one.unit.id, one.expiry.record) for one in whole.page}
            assert told == wanted and wanted, kind
            near = agenda.of_account(account, FIRST, month(4, 1), today())
            days = {
                (one.expiry.on, unit.id, one.expiry.record)
                for one in near.entries if one.expiry.kind == kind and one.expiry.on < LAST
                for unit in one.units
            }  # fmt: skip
            assert days == wanted, kind
            monkeypatch.setattr(book, "MOST", 4)
            for limit in (1, 4):
                pages: list[tuple[date, int]] = []
                cursor = None
                while True:
                    page = book.read(asked, today(), limit, cursor)
                    pages += [(one.expiry.on, one.unit.id) for one in page.page]
                    cursor = page.next
                    if cursor is None:
                        break
                assert pages == sorted((on, unit) for on, unit, _whose in wanted), (kind, limit)
            monkeypatch.undo()


@pytest.fixture
def own(app: Any, base: Base) -> int:
    """The unit whose model's support ends in three months has its own day: in two."""
    with app.app_context():
        unit = db.session.get_one(Unit, base.units["support"])
        unit.end_of_support_on = month(2, 7)
        db.session.commit()
        return unit.id


def test_the_list_the_unit_and_the_calendar_say_that_the_day_is_its_own(
    api, sign_in, company, base, own
):
    [line] = api(company.rep).get("/expiries?kind=support").json["items"]
    assert (line["unit_id"], line["on"]) == (own, month(2, 7).isoformat())
    assert line["support_ends_on"] == month(2, 7).isoformat()
    browser = sign_in(company.rep)
    for path in (f"/expiries/panel?unit_id={own}", f"/accounts/{base.account}/expiries"):
        assert "サポート終了（この機器の期日）" in browser.get(path).text, path
    page = browser.get(f"/units/{own}").text
    assert "この機器の期日" in page and "機種の期日" in page and "に優先" in page
    told = events(browser.get(f"/units/{own}/expiries.ics").data)
    [day] = [one for uid, one in told.items() if uid.startswith(f"support-unit-{own}@")]
    assert "サポート終了（この機器の期日）" in day["SUMMARY"]
    other = browser.get(f"/units/{base.units['first']}").text
    assert "この機器の期日" not in other


def test_a_unit_whose_own_day_is_later_is_not_in_the_month_of_its_model(api, app, company, base):
    with app.app_context():
        unit = db.session.get_one(Unit, base.units["support"])
        unit.end_of_support_on = month(30, 7)
        db.session.commit()
    assert api(company.rep).get("/expiries?kind=support").json["items"] == []
    found = api(company.rep).get(f"/expiries?kind=support&month={month(30):%Y-%m}").json["items"]
    assert [one["unit_id"] for one in found] == [base.units["support"]]


def test_the_end_of_a_lease_names_the_lessor(api, sign_in, app, company, base):
    with app.app_context():
        db.session.get_one(Unit, base.units["leased"]).lessor = "東都総合リース"
        db.session.commit()
    found = api(company.rep).get(f"/expiries?kind=lease&account_id={base.other}").json["items"]
    assert [one["name"] for one in found] == ["東都総合リース"]
    assert "東都総合リース</span>" in sign_in(company.rep).get("/expiries?kind=lease").text
    panel = sign_in(company.rep).get(f"/expiries/panel?unit_id={base.units['leased']}").text
    assert "リース満了 東都総合リース" in panel
