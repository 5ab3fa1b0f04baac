"""Forms of accounts in a browser: the parent by its name, and a sign-in that ends meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from crm.accounts.models import Account
from crm.extensions import db
from crm.staff import actions
from crm.staff.models import Staff
from tests.browsing import address, app, office, signed

__all__ = ["address", "app", "office"]

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


@pytest.fixture
def accounts(app, api, company) -> list[int]:
    """A holding and a company of the rep's; she has a password."""
    names = ("湊ホールディングス株式会社", "山田製作所株式会社")
    made = [api(company.rep).post("/accounts", {"name": name}).json["id"] for name in names]
    with app.app_context():
        actions.set_password(db.session.get_one(Staff, company.rep), PASSWORD)
        db.session.commit()
    return made


@pytest.fixture
def form(app, accounts, address, browser, company):
    """The form of the company."""
    page = signed(browser, app, address, company.rep)
    page.goto(f"{address}/accounts/{accounts[1]}/edit")
    yield page
    page.context.close()


def test_enter_in_the_look_up_leads_to_what_was_found_and_ctrl_enter_saves(app, accounts, form):
    holding, child = accounts
    form.fill("#f-parent_id", "湊ホール")
    expect(form.locator("#found-parent_id")).to_contain_text("湊ホールディングス")
    form.locator("#f-parent_id").press("Enter")
    expect(form.locator("#found-parent_id input")).to_be_focused()
    form.keyboard.press("Space")
    with form.expect_navigation(url=f"**/accounts/{child}"):
        form.keyboard.press("Control+Enter")
    with app.app_context():
        assert db.session.get_one(Account, child).parent_id == holding


def test_what_was_typed_is_read_and_sent_with_one_press_after_signing_in(
    app, accounts, address, form, company
):
    form.fill("[name=handling_note]", "納品は 裏口から")
    with app.app_context():
        actions.end_sign_ins(db.session.get_one(Staff, company.rep))
        db.session.commit()
    form.keyboard.press("Control+Enter")
    expect(form.locator(".held")).to_contain_text("納品は 裏口から")
    beside = form.context.new_page()
    beside.goto(f"{address}/login")
    beside.fill("[name=email]", "rep@company.test")
    beside.fill("[name=password]", PASSWORD)
    with beside.expect_navigation():
        beside.keyboard.press("Enter")
    with form.expect_navigation(url=f"**/accounts/{accounts[1]}"):
        form.click("form[data-again] button")
    with app.app_context():
        assert db.session.get_one(Account, accounts[1]).handling_note == "納品は 裏口から"
