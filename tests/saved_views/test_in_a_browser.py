"""Saved views in a real browser: kept, opened, shared, renamed, thrown away and had back."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browsing import address, app, office, signed
from tests.people import Company
from tests.records import a_deal, an_account

__all__ = ["address", "app", "office"]

pytestmark = pytest.mark.browser
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


def keep(page: Page, name: str, shared: bool = False) -> None:
    """Open the menu of the list and save what it shows."""
    page.click(".vw")
    page.fill("#dialog [name=name]", name)
    if shared:
        page.click("#dialog .seg label:last-child")
    page.click("#dialog [data-save]")
    page.wait_for_selector("#dialog[open]", state="detached")


@pytest.mark.parametrize("size", SIZES)
def test_a_view_is_saved_shared_opened_and_thrown_away(
    browser: Browser, app: Flask, address: str, company: Company, size: str
) -> None:
    rep = signed(browser, app, address, company.rep, viewport=SIZES[size])
    rep.goto(f"{address}/deals/board?team=mine&rank=A")
    keep(rep, "一課・A案件", shared=True)
    expect(rep.locator(".vw")).to_contain_text("一課・A案件")
    rep.goto(f"{address}/deals/board?owner=me")
    keep(rep, "私の案件")
    expect(rep.locator(".vw")).to_contain_text("私の案件")

    clerk = signed(browser, app, address, company.clerk, viewport=SIZES[size])
    clerk.goto(f"{address}/deals/board")
    clerk.click(".vw")
    expect(clerk.locator("#dialog .views")).not_to_contain_text("私の案件")
    clerk.click("#dialog >> text=一課・A案件")
    clerk.wait_for_url(f"{address}/deals/board?team=mine&rank=A")
    expect(clerk.locator(".vw")).to_contain_text("一課・A案件")
    clerk.context.close()

    rep.click(".vw")
    rep.click("#dialog li:has-text('私の案件') a[hx-get]")
    rep.fill("#view-form [name=name]", "自分の案件")
    rep.click("#dialog [data-save]")
    expect(rep.locator(".vw")).to_contain_text("自分の案件")
    rep.click(".vw")
    rep.click("#dialog li:has-text('自分の案件') a[hx-get]")
    rep.click("#dialog form[action*=removal] button")
    expect(rep.locator(".vw")).to_contain_text("表示条件")
    rep.click("[data-undo]")
    expect(rep.locator(".vw")).to_contain_text("自分の案件")
    rep.context.close()


@pytest.mark.parametrize("size", SIZES)
def test_a_name_that_is_taken_is_said_in_the_menu(
    browser: Browser, app: Flask, address: str, company: Company, size: str
) -> None:
    rep = signed(browser, app, address, company.rep, viewport=SIZES[size])
    for path in ("/tickets?status=open", "/accounts?rank=A", "/units?status=spare"):
        rep.goto(f"{address}{path}")
        keep(rep, "毎朝見る")
        rep.click(".vw")
        rep.fill("#dialog [name=name]", "毎朝見る")
        rep.click("#dialog [data-save]")
        expect(rep.locator("#dialog #why-name")).to_contain_text("すでに")
        expect(rep.locator("#dialog [name=name]")).to_have_value("毎朝見る")
    rep.context.close()


def test_the_palette_opens_a_view_by_a_part_of_its_name(
    browser: Browser, app: Flask, address: str, company: Company
) -> None:
    rep = signed(browser, app, address, company.rep)
    rep.goto(f"{address}/deals?owner=me&sort=-amount")
    keep(rep, "金額の大きい順")
    rep.goto(f"{address}/alerts")
    rep.keyboard.press("Control+k")
    rep.keyboard.type("大きい")
    expect(rep.locator("#palette .it[aria-selected=true]")).to_contain_text("金額の大きい順")
    expect(rep.locator("#palette .none")).to_have_count(0)
    rep.keyboard.press("Enter")
    rep.wait_for_url(f"{address}/deals?owner=me&sort=-amount")
    expect(rep.locator(".vw")).to_contain_text("金額の大きい順")
    rep.context.close()


def test_columns_are_chosen_on_a_wide_window_and_a_phone_stays_as_it_is(
    browser: Browser, app: Flask, address: str, company: Company
) -> None:
    with app.app_context():
        account = an_account(company.rep, company.first_team, industry="食品", phone="03-5555-0101")
        a_deal(account, company.rep, company.first_team)
    rep = signed(browser, app, address, company.rep)
    rep.goto(f"{address}/accounts")
    rep.click(".vw")
    rep.click("#dialog summary")
    rep.click("#dialog .op label:has-text('電話')")
    rep.click("#dialog .op label:has-text('ランク')")
    rep.click("#dialog .which button")
    rep.wait_for_url("**/accounts?columns=*")
    for text in ("電話", "ランク"):
        expect(rep.locator("th", has_text=text)).to_be_hidden()
    expect(rep.locator("td", has_text="03-5555-0101")).to_be_hidden()
    expect(rep.locator("td", has_text="食品")).to_be_visible()
    rep.select_option("select[name=industry]", "食品")
    rep.click("form[role=search] button:has-text('探す')")
    rep.wait_for_url("**/accounts?q=*columns=*")
    keep(rep, "電話なし")
    expect(rep.locator(".vw")).to_contain_text("電話なし")
    rep.set_viewport_size({"width": 390, "height": 844})
    expect(rep.locator("td", has_text="03-5555-0101")).to_be_visible()
    expect(rep.locator("td", has_text="食品")).to_be_hidden()
    rep.context.close()
