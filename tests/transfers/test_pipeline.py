"""A sales pipeline comes in with its people, products, customers and its past."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from crm.accounts.models import Account
from crm.clock import start_of
from crm.deals.models import Deal, DealChange, DealLine
from crm.extensions import db
from crm.outbox.models import Message
from crm.products.models import Product
from crm.staff.models import Office, Staff, Team
from crm.timeline.queries import history
from tests.transfers.samples import FOLDERS

EXPECTED = {
    "sample": {
        "staff": 5, "teams": 2, "offices": 2, "products": 2, "accounts": 3, "parents": 1,
        "deals": 5, "like": 2, "without": 2,
        "stages": {"won": 2, "lost": 1, "proposal": 1, "lead": 1},
    },
    "real": {
        "staff": 41, "teams": 6, "offices": 3, "products": 7, "accounts": 86, "parents": 15,
        "deals": 8800, "like": 1480, "without": 1425,
        "stages": {"won": 4238, "lost": 2473, "proposal": 1589, "lead": 500},
    },
}  # fmt: skip


def take_all(take, data):
    folder = data / "crm_opportunities"
    return [
        take(kind, folder / name)
        for kind, name in (
            ("staff", "sales_teams.csv"), ("products", "products.csv"),
            ("accounts", "accounts.csv"), ("deals", "sales_pipeline.csv"),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(("data", "place"), FOLDERS, indirect=["data"])
def test_no_opportunity_is_lost(app, data, place, take, count, fingerprint):
    expected = EXPECTED[place]
    staff, products, accounts, deals = take_all(take, data)
    assert [one.refused for one in (staff, products, accounts, deals)] == [[], [], [], []]
    assert count(Staff) == expected["staff"]
    assert (count(Team), count(Office)) == (expected["teams"], expected["offices"])
    assert count(Product) == expected["products"]
    assert count(Account) == expected["accounts"]
    assert count(Account, Account.parent_id.is_not(None)) == expected["parents"]
    assert deals.new == deals.rows == count(Deal) == count(DealLine) == expected["deals"]
    [(like, number)] = deals.likenesses.items()
    assert (like[0].replace("Pro", " Pro"), number) == (like[1], expected["like"])
    [((_column, name), number)] = deals.blanks.items()
    assert ("未登録" in name, number) == (True, expected["without"])
    with app.app_context():
        stages = Counter(db.session.scalars(sa.select(Deal.stage)))
    assert stages == expected["stages"]
    assert count(Message) == 0
    before = fingerprint()
    again = take_all(take, data)
    assert [one.same for one in again] == [one.rows for one in again]
    assert fingerprint() == before


def test_the_pipeline_of_a_past_day_can_be_read(app, data, take):
    take_all(take, data)
    with app.app_context():
        won = db.session.scalars(sa.select(Deal).where(Deal.title == "PX Basic A1")).one()
        trace = db.session.execute(
            sa.select(DealChange.at, DealChange.stage, DealChange.amount)
            .where(DealChange.deal_id == won.id)
            .order_by(DealChange.at)
        ).all()
        assert [tuple(row) for row in trace] == [
            (start_of(date(2016, 10, 20)), "proposal", 500),
            (start_of(date(2017, 3, 1)), "won", 520),
        ]
        assert (won.closed_on, won.amount, won.rank) == (date(2017, 3, 1), 520, "A")
        owner = db.session.get_one(Staff, won.owner_id)
        assert (owner.name, owner.role, won.team_id) == ("Ada Lane", "rep", owner.team_id)


def test_an_open_deal_is_worth_its_list_price_until_somebody_knows_better(app, data, take):
    take_all(take, data)
    with app.app_context():
        deal = db.session.scalars(sa.select(Deal).where(Deal.title == "PXPro A3")).one()
        assert (deal.amount, deal.stage, deal.closed_on) == (4000, "proposal", None)
        assert db.session.get_one(Account, deal.account_id).name.startswith("取引先未登録")


def test_the_history_reads_as_it_happened(app, data, take):
    take_all(take, data)
    with app.app_context():
        deal = db.session.scalars(sa.select(Deal).where(Deal.title == "PXPro A2")).one()
        events = history(subject=("deal", deal.id))
        assert [(one.kind, one.at) for one in events] == [
            ("deal.lost", start_of(date(2017, 2, 1))),
            ("deal.imported", start_of(date(2016, 11, 2))),
        ]
        assert all(one.title for one in events)


def test_a_deal_that_was_won_meanwhile_moves_and_leaves_its_trace(app, data, take):
    take_all(take, data)
    path = data / "crm_opportunities" / "sales_pipeline.csv"
    text = path.read_text(encoding="utf-8")
    later = "Won,2017-01-05,2017-06-30,4100\nA4"
    path.write_text(text.replace("Engaging,2017-01-05,,\nA4", later), encoding="utf-8")
    outcome = take("deals", path)
    assert (outcome.changed, outcome.same) == (1, 4)
    with app.app_context():
        deal = db.session.scalars(sa.select(Deal).where(Deal.title == "PXPro A3")).one()
        assert (deal.stage, deal.amount, deal.closed_on) == ("won", 4100, date(2017, 6, 30))
        stages = db.session.scalars(
            sa.select(DealChange.stage).where(DealChange.deal_id == deal.id).order_by(DealChange.at)
        ).all()
    assert stages == ["proposal", "won"]


def test_an_unknown_agent_is_refused_by_name(take, data):
    folder = data / "crm_opportunities"
    take("products", folder / "products.csv")
    take("accounts", folder / "accounts.csv")
    outcome = take("deals", folder / "sales_pipeline.csv")
    assert (outcome.new, len(outcome.refused)) == (0, 5)
    assert "Ada Lane" in outcome.refused[0].reason


def test_a_company_gets_another_parent_and_none_at_all(app, data, take):
    path = data / "crm_opportunities" / "accounts.csv"
    take("accounts", path)
    text = path.read_text(encoding="utf-8")
    for swapped, has_parent in (("Kenya,", False), ("Kenya,Oakline", True), ("Kenya,Gone", False)):
        path.write_text(text.replace("Kenya,Oakline", swapped), encoding="utf-8")
        outcome = take("accounts", path)
        assert (outcome.changed, outcome.same) == (1, 1)
        assert bool(outcome.remarks) == ("Gone" in swapped)
        with app.app_context():
            child = db.session.scalars(sa.select(Account).where(Account.name == "Birchway")).one()
            assert (child.parent_id is not None) == has_parent


def test_the_same_pipeline_written_by_a_european_office_is_the_same(data, take, fingerprint):
    """Semicolons, days before months, decimal commas; and a refused row makes nobody."""
    folder = data / "crm_opportunities"
    for kind, name in (("staff", "sales_teams.csv"), ("products", "products.csv"),
                       ("accounts", "accounts.csv")):  # fmt: skip
        take(kind, folder / name)
    lines = (folder / "sales_pipeline.csv").read_text().splitlines()
    rows = [line.split(",") for line in lines[1:]]
    for row in rows:
        row[5:7] = [".".join(reversed(day.split("-"))) for day in row[5:7]]
        row[7] = f"{int(row[7]):,}".replace(",", ".") + ",00" if row[7] else ""
    path = folder / "pipeline.csv"
    text = "\r\n".join([lines[0].replace(",", ";"), *map(";".join, rows)])
    path.write_bytes(text.encode("utf-16"))
    before = fingerprint()
    bad = folder / "bad.csv"
    bad.write_text(f"{lines[0]}\nB1,Ada Lane,PX Basic,,Won,soon,2017-03-01,5\n", encoding="utf-8")
    assert len(take("deals", bad).refused) == 1
    assert fingerprint() == before
    deals = take("deals", path)
    assert (deals.refused, deals.new) == ([], 5)
    assert take("deals", folder / "sales_pipeline.csv").same == 5
