"""The page of a product: its life, its units by age, and whose they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm.clock import today
from crm.installed_base import fleet, fleet_views
from crm.products.lifeline import WIDTH, lifeline
from tests.records import a_product, a_unit, an_account


@pytest.fixture
def product(app, company) -> int:
    """Units of five ages at two customers, one of them taken out, one of unknown age."""
    with app.app_context():
        key, on = a_product("LX-210", end_of_support_on=date(2031, 3, 31)), today()
        mine = an_account(company.rep, company.first_team)
        other = an_account(None, None, name="株式会社佐藤", name_key="佐藤")
        for number, (account, age) in enumerate(
            [(mine, 10), (mine, 800), (mine, 790), (other, 795), (other, 4000)]
        ):
            a_unit(account, key, f"A{number}", installed_on=on - timedelta(days=age))
        a_unit(mine, key, "A8", installed_on=on, status="removed", removed_on=on)
        a_unit(other, key, "A9", installed_on=None)
        a_unit(mine, a_product("PW-10"), "B1")
    return key


def test_units_are_counted_by_age_and_customer(app, product):
    with app.app_context():
        counted = [(one.units, one.accounts) for one in fleet.ages(product, today())]
        assert fleet.totals(product) == fleet.Band(6, 2)
    assert counted == [(1, 1), (3, 2), (0, 0), (0, 0), (0, 0), (1, 1), (1, 1)]


def test_a_unit_of_two_years_to_the_day_is_no_longer_below_two_years(app, company):
    with app.app_context():
        key, account = a_product("LX-210"), an_account(company.rep, None)
        a_unit(account, key, "A1", installed_on=date(2024, 11, 22))
        a_unit(account, key, "A2", installed_on=date(2024, 11, 23))
        counted = [one.units for one in fleet.ages(key, date(2026, 11, 22))]
    assert counted[:2] == [1, 1]


def test_the_page_shows_who_is_affected_and_who_looks_after_them(company, sign_in, product):
    browser = sign_in(company.engineer)
    page = browser.get(f"/products/{product}").text
    assert f"/products/{product}/units" in page
    assert "2031/03/31" in page
    assert "終了予定なし" in page
    part = browser.get(f"/products/{product}/units").text
    assert "2社に 6台" in part
    assert "3 / 2" in part
    assert "株式会社佐藤" in part
    assert "<svg" in part
    assert browser.get("/products/99999/units").status_code == 404


def test_owners_come_in_pages(app, company, sign_in, monkeypatch):
    monkeypatch.setattr(fleet, "OWNERS", 2)
    with app.app_context():
        key = a_product("LX-210")
        for number in range(5):
            a_unit(an_account(company.rep, None, name=f"第{number}工業"), key, f"A{number}")
    browser, seen, address = sign_in(company.rep), [], f"/products/{key}/units"
    while address:
        text = browser.get(address).text
        seen += [number for number in range(5) if f"第{number}工業" in text]
        _before, found, rest = text.partition('hx-get="')
        address = rest.partition('"')[0] if found else ""
    assert seen == [0, 1, 2, 3, 4]


def test_a_product_without_units_says_so(app, company, sign_in):
    with app.app_context():
        key = a_product("LX-210")
    assert "納入機器はまだありません" in sign_in(company.rep).get(f"/products/{key}/units").text


def test_a_page_costs_few_statements(company, sign_in, product, statements):
    browser = sign_in(company.manager)
    for address in (f"/products/{product}", f"/products/{product}/units"):
        browser.get(address)
        statements.clear()
        browser.get(address)
        assert len(statements) <= 12, "\n".join(statements)


def test_the_line_of_a_life_stays_on_its_paper():
    on = date(2026, 11, 22)
    for ends in (None, date(1990, 1, 1), on, date(2199, 12, 31)):
        drawing = lifeline([("販売終了", ends, "x"), ("サポート終了", None, "―")], on, "今日")
        rects = [one for one in drawing.shapes if hasattr(one, "width")]
        assert all(one.x >= 0 and 0 < one.width <= WIDTH for one in rects)


def test_every_band_of_age_has_its_words(app):
    with app.test_request_context():
        assert len(fleet_views.band_words()) == fleet.UNKNOWN + 1


def test_a_product_leads_to_what_stands_beside_it_in_the_catalogue(app, company, sign_in):
    with app.app_context():
        keys = {code: a_product(code, category=kind) for code, kind in (
            ("LX-1", "分析"), ("PW-2", "純水"), ("LX-3", "分析"), ("LX-2", "分析"),
        )}  # fmt: skip
    rep, along = sign_in(company.rep), "?q=lx&category=%E5%88%86%E6%9E%90"
    assert f'href="/products/{keys["LX-2"]}{along}"' in rep.get(f"/products{along}").text.replace(
        "&amp;", "&"
    )
    page = rep.get(f"/products/{keys['LX-2']}{along}").text.replace("&amp;", "&")
    assert f'hx-get="/products/{keys["LX-2"]}/place{along}"' in page
    beside = rep.get(f"/products/{keys['LX-2']}/place{along}").text.replace("&amp;", "&")
    assert "2 / 3" in beside
    assert f'href="/products/{keys["LX-1"]}{along}" data-prev' in beside
    assert f'href="/products/{keys["LX-3"]}{along}" data-next' in beside
    last = rep.get(f"/products/{keys['LX-1']}/place?sort=-code").text
    assert "4 / 4" in last and "data-next" not in last
    assert rep.get(f"/products/{keys['PW-2']}/place{along}").text.strip() == ""
