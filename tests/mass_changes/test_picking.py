"""Rows are picked by keys, mouse and finger, and changed together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from crm.deals.models import Deal
from crm.extensions import db
from crm.outbox.drain import drain
from crm.outbox.models import HEAVY
from tests.browsing import Office, app, office, signed
from tests.people import Company
from tests.records import a_deal, a_ticket, an_account, together

__all__ = ["app", "office"]

pytestmark = pytest.mark.browser
AUDIT = Path(__file__).parents[1].joinpath("look", "audit.js").read_text(encoding="utf-8")
BOXES = "[data-row] input[form=mass]"


@pytest.fixture
def at(office: Office, app: Flask, company: Company) -> str:
    """Where the application answers: 55 deals of the rep's, of which a page shows 50."""
    with app.app_context(), together():
        account = an_account(company.rep, company.first_team)
        for number in range(55):
            a_deal(account, company.rep, company.first_team, title=f"更新{number:02}")
        a_ticket(account, company.clerk, company.call_centre)
    return office.address


@pytest.fixture
def manager(browser: Browser, app: Flask, at: str, company: Company) -> Iterator[Page]:
    """The manager's screen."""
    page = signed(browser, app, at, company.manager)
    yield page
    page.context.close()


def _done(page: Page, app: Flask) -> None:
    with app.app_context():
        drain(HEAVY)
    expect(page.locator("#job progress")).to_have_count(0)


def test_rows_are_picked_by_x_and_by_shift_and_let_go_by_esc(manager: Page, at: str) -> None:
    manager.goto(f"{at}/deals")
    bar = manager.locator("[data-mass]")
    expect(bar).to_be_hidden()
    for key in ("j", "j", "x"):
        manager.keyboard.press(key)
    expect(manager.locator(BOXES).nth(1)).to_be_checked()
    expect(bar).to_contain_text("1件を選択中")
    manager.locator(BOXES).nth(1).click()
    expect(bar).to_be_hidden()
    manager.locator(BOXES).nth(2).click()
    manager.locator(BOXES).nth(6).click(modifiers=["Shift"])
    expect(bar).to_contain_text("5件を選択中")
    expect(manager.locator(f"{BOXES}:checked")).to_have_count(5)
    assert manager.url.endswith("/deals"), "a box is no way into its row"
    manager.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    manager.locator("[data-pick-all]").check()
    expect(bar).to_contain_text("50件を選択中")


def test_b_leads_into_the_bar_and_esc_back_to_the_row(manager: Page, at: str) -> None:
    manager.goto(f"{at}/deals")
    manager.wait_for_selector("html[data-ready]")
    for key in ("j", "j", "x", "b"):
        manager.keyboard.press(key)
    buttons = manager.locator("[data-mass] button[name=field]")
    expect(buttons.first).to_be_focused()
    manager.keyboard.press("Tab")
    expect(buttons.nth(1)).to_be_focused()
    manager.keyboard.press("Escape")
    expect(manager.locator("[data-row].sel a.open")).to_be_focused()
    expect(manager.locator(f"{BOXES}:checked")).to_have_count(1)
    manager.keyboard.press("?")
    expect(manager.locator("#keys")).to_contain_text("選んだ行の操作へ")
    manager.keyboard.press("Escape")
    manager.keyboard.press("b")
    manager.keyboard.press("Enter")
    manager.wait_for_url("**/mass-changes/new?*")
    manager.get_by_role("button", name="1件を変更").click()
    expect(manager.locator("#why-to")).to_be_visible()
    manager.get_by_label("担当").select_option(index=1)
    expect(manager.locator("#why-to")).to_have_count(0)
    manager.go_back()
    expect(manager.get_by_role("button", name="1件を変更")).to_be_visible()


def test_all_that_match_get_another_owner_and_are_put_back(
    manager: Page, app: Flask, at: str, company: Company
) -> None:
    manager.goto(f"{at}/deals?owner={company.rep}")
    manager.locator(BOXES).first.check()
    bar = manager.locator("[data-mass]")
    bar.get_by_label("変更できる55件すべて").check()
    expect(bar).to_contain_text("55件を選択中")
    bar.get_by_role("button", name="担当").click()
    manager.get_by_label("担当").select_option(str(company.colleague))
    expect(manager.locator("#look")).to_contain_text("佐藤 美咲 → 伊藤 翔")
    expect(manager.locator("#look")).to_contain_text("ほか45件")
    manager.get_by_role("button", name="55件を変更").click()
    manager.wait_for_url("**/mass-changes/1")
    _done(manager, app)
    expect(manager.locator("#job")).to_contain_text("55件を変更")
    with app.app_context():
        assert db.session.query(Deal).filter_by(owner_id=company.colleague).count() == 55
    manager.get_by_role("button", name="元に戻す").click()
    _done(manager, app)
    expect(manager.locator("#job")).to_contain_text("55件を元に戻しました")
    with app.app_context():
        assert db.session.query(Deal).filter_by(owner_id=company.rep).count() == 55


def test_on_a_phone_boxes_come_when_they_are_asked_for(
    browser: Browser, app: Flask, at: str, company: Company
) -> None:
    phone = signed(browser, app, at, company.rep, viewport={"width": 390, "height": 844})
    phone.goto(f"{at}/deals")
    expect(phone.locator(BOXES).first).to_be_hidden()
    phone.get_by_text("選択", exact=True).click()
    phone.locator(BOXES).first.click()
    bar = phone.locator("[data-mass]")
    expect(bar).to_be_in_viewport(ratio=1)
    for box in (bar.bounding_box(), phone.locator(".nv").bounding_box()):
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
    foot = phone.locator(".nv").bounding_box()
    held = bar.bounding_box()
    assert held is not None and foot is not None and held["y"] + held["height"] <= foot["y"] + 1
    assert {what: some for what, some in phone.evaluate(AUDIT).items() if some} == {}
    phone.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = phone.locator(BOXES).last.bounding_box()
    held = bar.bounding_box()
    assert last is not None and held is not None and last["y"] + last["height"] <= held["y"]
    bar.get_by_role("button", name="選択を解除").click()
    expect(bar).to_be_hidden()
    phone.context.close()


def test_without_scripts_the_boxes_and_the_bar_work_as_well(
    browser: Browser, app: Flask, at: str, company: Company
) -> None:
    plain = signed(browser, app, at, company.clerk, java_script_enabled=False)
    plain.goto(f"{at}/tickets", wait_until="load")
    plain.locator(BOXES).first.check()
    plain.locator("[data-mass]").get_by_role("button", name="緊急度").click()
    plain.get_by_label("緊急度").select_option("high")
    plain.get_by_role("button", name="1件を変更").click()
    assert plain.url.endswith("/mass-changes/1")
    plain.context.close()
