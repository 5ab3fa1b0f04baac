"""A rep decides on alerts with the keyboard alone, in a real browser."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from crm.deals.models import Deal
from crm.extensions import db
from tests.browsing import address, app, office, signed
from tests.records import a_product, a_unit, an_account

__all__ = ["address", "app", "office"]

pytestmark = pytest.mark.browser


@pytest.fixture
def inbox(app, api, address, browser, company, drained):
    """The rep's alerts: two customers asked for something."""
    with app.app_context():
        product = a_product()
        for name in ("泉食品株式会社", "株式会社山田製作所"):
            account = an_account(company.rep, company.first_team, name=name)
            unit = a_unit(account, product, f"S{account}")
            body = {"account_id": account, "unit_id": unit, "subject": "電話", "channel": "phone"}
            said = {"voice": "もう一台増設したい", "category": "other"}
            assert api(company.clerk).post("/tickets", body | said).status_code == 201
    drained()
    page = signed(browser, app, address, company.rep)
    page.goto(f"{address}/alerts")
    yield page
    page.context.close()


def test_enter_makes_a_deal_of_the_card_that_j_came_to(app, inbox):
    inbox.keyboard.press("j")
    chosen = inbox.locator(".al-card").nth(1)
    expect(chosen).to_have_class("al-card sel")
    name = chosen.locator("a").first.inner_text()
    with inbox.expect_navigation(url="**/deals/*"):
        inbox.keyboard.press("Enter")
    expect(inbox.locator("main")).to_contain_text(name)
    with app.app_context():
        (deal,) = db.session.scalars(sa.select(Deal))
        assert inbox.url.endswith(f"/deals/{deal.id}")


def test_a_link_of_a_card_that_tab_came_to_still_leads_where_it_says(app, inbox):
    inbox.keyboard.press("j")
    inbox.locator(".al-card.sel a").first.focus()
    with inbox.expect_navigation(url="**/accounts/*"):
        inbox.keyboard.press("Enter")
