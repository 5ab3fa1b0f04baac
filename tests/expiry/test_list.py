"""The list of what ends: what stands in it, its order, its sums, its pages and its reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from crm.clock import today
from crm.deals.models import DealUnit
from crm.expiry import book, candidates
from crm.expiry.asking import Asked
from crm.extensions import db
from crm.installed_base.models import ServiceContract
from crm.products.models import Product
from tests.expiry.conftest import Base, month
from tests.records import a_deal, a_paid_repair, a_plan, a_unit, a_visit


def names(base: Base, items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The units by name with what puts them into the list."""
    known = {key: name for name, key in base.units.items()}
    return [(known[one["unit_id"]], one["kind"]) for one in items]


def test_each_unit_stands_once_in_the_month_of_its_earliest_day(api, company, base):
    rep = api(company.rep)
    found = rep.get("/expiries").json
    assert names(base, found["items"]) == [
        ("warranty", "warranty"), ("first", "contract"), ("second", "contract"),
        ("again", "lease"), ("leased", "lease"), ("support", "support"),
    ]  # fmt: skip
    again = found["items"][3]
    assert again["certainty"] == "computed" and again["on"] == month(2, 5).isoformat()
    assert [one["count"] for one in found["months"]] == [0, 3, 2, 1]
    later = rep.get(f"/expiries?month={month(13):%Y-%m}&months=1").json
    assert names(base, later["items"])[0] == ("renewed", "contract")


def test_the_filters_leave_what_they_say(api, company, base, app):
    rep = api(company.rep)

    def left(query: str) -> set[str]:
        answer = rep.get(f"/expiries?{query}")
        assert answer.status_code == 200, answer.json
        return {name for name, _kind in names(base, answer.json["items"])}

    with app.app_context():
        deal = a_deal(base.account, company.rep, company.first_team)
        lost = a_deal(base.account, company.rep, company.first_team, stage="lost")
        for key, unit in ((deal, "first"), (lost, "second")):
            db.session.add(DealUnit(deal_id=key, unit_id=base.units[unit]))
        plan = a_plan(base.account, base.units["first"], work_kind="calibration")
        a_visit(plan, base.units["first"], visit_on=month(1, 3), due_on=month(1, 3))
        db.session.commit()
    mine = {"warranty", "first", "second", "again", "support"}
    assert left(f"owner_id={company.rep}") == left(f"team_id={company.first_team}") == mine
    assert left(f"account_id={base.other}") == {"leased"}
    assert left(f"product_id={base.old}") == left("kind=support") == {"support"}
    assert left("deal=with") == {"first"} and "second" in left("deal=without")
    assert left("kind=lease") == {"leased", "again"} and left("kind=parts") == set()
    assert left("kind=checks") == {"first"}
    assert left(f"months=1&month={month(1):%Y-%m}") == {"warranty", "first", "second"}
    for query in ("kind=love", "months=13", "month=2026-13", "owner_id=x", "team_id=99999"):
        answer = rep.get(f"/expiries?{query}")
        assert answer.status_code == 422 and query.split("=")[0] in answer.json["errors"], query


def test_a_notice_stands_days_before_the_end_whatever_its_length(api, company, base, app):
    with app.app_context():
        for key, days in (("shared", 20), ("old", 20)):
            db.session.get_one(ServiceContract, base.contracts[key]).notice_days = days
        db.session.commit()
    found = api(company.rep).get("/expiries?kind=notice").json["items"]
    ends = month(1, 20)
    assert [one["on"] for one in found] == [(ends - timedelta(days=20)).isoformat()] * 2
    assert {name for name, _kind in names(base, found)} == {"first", "second"}


def test_the_sums_are_those_of_the_rows_made_by_hand(api, company, base, app):
    with app.app_context():
        a_paid_repair(base.account, base.units["first"], 30, 88_000)
        a_paid_repair(base.account, base.units["first"], 4000, 5_000)
        db.session.get_one(ServiceContract, base.contracts["shared"]).annual_amount = 100_001
        db.session.commit()
        _third = a_unit(base.account, base.product, "THIRD", status="removed")
    found = api(company.rep).get("/expiries").json
    fees = {name: one["contract_amount"] for one, (name, _) in
            zip(found["items"], names(base, found["items"]), strict=True)}  # fmt: skip
    assert (fees["first"], fees["second"], fees["warranty"]) == (50_001, 50_000, 0)
    assert fees["support"] == 198_000, "the only unit under a contract over its product"
    assert found["total"] == {
        "count": 6, "with_deal": 0, "repair_amount": 88_000, "contract_amount": 298_001,
    }  # fmt: skip
    for name in ("count", "with_deal", "repair_amount", "contract_amount"):
        assert sum(one[name] for one in found["months"]) == found["total"][name]


def test_pages_are_the_list_cut_in_pieces(api, company, base):
    rep = api(company.rep)
    whole = rep.get("/expiries").json["items"]
    pieces, cursor = [], ""
    while True:
        page = rep.get(f"/expiries?limit=2{cursor}").json
        pieces += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert pieces == whole
    for wrong in ("x", "WzFd", "Wy0xLDFd", "%E3%81%82"):
        assert rep.get(f"/expiries?cursor={wrong}").status_code == 400, wrong


def test_a_list_too_long_to_read_whole_goes_on_by_the_days(app, base, monkeypatch):
    with app.app_context():
        whole = book.read(Asked(month(0, 1)), today(), 50)
        days = sorted((line.expiry.on, line.unit.id) for line in whole.every)
        both = a_unit(base.account, base.old, "BOTH", warranty_ends_on=month(1, 12))
        days = sorted([*days, (month(1, 12), both)])
        monkeypatch.setattr(book, "MOST", 3)
        for limit in (1, 2, 3, 50):
            found, cursor = [], None
            while True:
                page = book.read(Asked(month(0, 1)), today(), limit, cursor)
                assert page.every is None and len(page.page) <= limit
                found += [(line.expiry.on, line.unit.id) for line in page.page]
                if page.next is None:
                    break
                cursor = page.next
            assert found == days, limit


@pytest.mark.parametrize("kind", ["", "notice", "parts", "support", "all"])
def test_no_read_looks_at_all_units(app, base, kind):
    """Every walk goes over an index, bounded by the days, or by keys that were found before."""
    with app.app_context():
        db.session.get_one(Product, base.old).parts_supply_end_on = month(3, 20)
        db.session.commit()
        if db.engine.dialect.name != "sqlite":
            db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        plans: list[str] = []
        with db.engine.connect() as other:
            explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else None

            def note(_connection: Any, cursor: Any, text: str, values: Any, *_more: Any) -> None:
                if explain and text.lstrip().startswith(("SELECT", "WITH")):
                    rows = other.connection.execute(explain + text, values).fetchall()
                    plans.extend(row[-1] for row in rows)

            sa.event.listen(db.engine, "before_cursor_execute", note)
            try:
                candidates.candidates(Asked(month(0, 1), kind=kind), 50)
            finally:
                sa.event.remove(db.engine, "before_cursor_execute", note)
        whole = [one for one in plans if one.startswith("SCAN") and "units" in one]
        assert whole == [], plans


def test_the_page_says_what_the_list_holds_in_at_most_twelve_statements(
    sign_in, company, base, statements
):
    rep = sign_in(company.rep)
    paths = ["/expiries", f"/expiries?kind=notice&account_id={base.account}&product_id=1",
             f"/expiries/panel?account_id={base.account}", "/expiries?kind=checks",
             f"/expiries/panel?unit_id={base.units['first']}",
             f"/accounts/{base.account}/expiries"]  # fmt: skip
    for path in paths:
        statements.clear()
        answer = rep.get(path)
        assert answer.status_code == 200, path
        assert len(statements) <= 12, (path, len(statements), statements)
    page = rep.get("/expiries").get_data(as_text=True)
    for text in ("案件なし", "SUPPORT", "契約満了", "佐藤 美咲", f"unit_ids={base.units['first']}"):
        assert text in page, text
    account = rep.get(f"/accounts/{base.account}/expiries").get_data(as_text=True)
    for text in ("保証満了", "再リース満了", "契約満了", "サポート終了", "予算申請", "提案の時期"):
        assert text in account, text
    assert rep.get("/expiries?owner_id=0").status_code == 422


def test_the_months_of_an_empty_company_are_empty(sign_in, company):
    page = sign_in(company.clerk).get("/expiries").get_data(as_text=True)
    assert "この期間に満了する機器はありません" in page and 'style="' not in page
