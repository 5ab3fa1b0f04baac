"""Hands stay on the keyboard, and letters typed into a field stay letters."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def _at(page: Page, address: str, name: str) -> Page:
    page.goto(f"{address}/{name}")
    page.wait_for_selector("html[data-ready]")
    return page


def test_g_then_u_goes_to_the_units(page: Page, address: str) -> None:
    _at(page, address, "home")
    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("u")
    assert "units" in page.url  # or where one signs in, to go on there


def test_letters_in_a_field_and_during_conversion_do_nothing_else(page: Page, address: str) -> None:
    _at(page, address, "call")
    page.locator("#voice").fill("")
    page.locator("#voice").type("g u ? / c")
    expect(page.locator("#voice")).to_have_value("g u ? / c")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: '?', isComposing: true, bubbles: true}))"
    )
    expect(page.locator("#keys")).to_be_hidden()
    assert page.url.endswith("/call")


def test_a_question_mark_shows_the_keys_valid_here_and_esc_closes_them(
    page: Page, address: str
) -> None:
    _at(page, address, "alerts")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#keys")).to_contain_text("見送り")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_single_letters_can_be_switched_off(page: Page, address: str) -> None:
    _at(page, address, "home")
    page.keyboard.press("?")
    page.locator("[data-keys-switch]").click()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()


@pytest.mark.parametrize("key", ["Control+k", "/"])
def test_the_palette_opens_and_a_command_is_run(page: Page, address: str, key: str) -> None:
    _at(page, address, "home")
    page.keyboard.press(key)
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.type(">問い合わせ")
    expect(page.locator("#palette .it:visible")).to_have_count(1)
    row = page.locator("#palette .it:visible").bounding_box()
    assert row is not None and row["width"] > 560, "a row is as wide as the palette"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "tickets" in page.url


def test_j_and_x_pick_the_rows_of_a_list(page: Page, address: str) -> None:
    _at(page, address, "parts")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr[data-row].sel")).to_contain_text("見積提出")
    page.keyboard.press("x")
    expect(page.locator("tr[data-row].sel input")).to_be_checked()
    page.keyboard.press("k")
    expect(page.locator("tr[data-row].sel")).to_contain_text("提案")


def test_the_next_alert_is_chosen_by_j_and_gets_the_filled_button(page: Page, address: str) -> None:
    _at(page, address, "alerts")
    page.keyboard.press("j")
    expect(page.locator("article.sel")).to_contain_text("相模プラント")


def test_digits_choose_in_the_call_console_and_f2_looks_up(page: Page, address: str) -> None:
    _at(page, address, "call")
    page.locator("input[name=category]").first.focus()
    page.keyboard.press("5")
    expect(page.locator("input[name=category][value='5']")).to_be_checked()
    page.keyboard.press("2")
    expect(page.locator("input[name=symptom][value='2']")).to_be_checked()
    page.keyboard.press("F2")
    expect(page.locator("[data-lookup]")).to_be_focused()


def test_alt_and_a_digit_put_a_known_answer_into_the_note(page: Page, address: str) -> None:
    _at(page, address, "call")
    page.locator("#note").fill("フィルタを確認")
    page.keyboard.press("Alt+1")
    expect(page.locator("#note")).to_have_value(re.compile("フィルタを確認\n原水フィルタ詰まり"))


def test_the_phone_shows_one_column_at_a_time(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    _at(page, address, "account")
    expect(page.locator("[data-ptab=units]")).to_be_hidden()
    expect(page.locator("[data-ptab=basics]")).to_be_hidden()
    page.locator("[data-show=units]").click()
    expect(page.locator("[data-ptab=units]")).to_be_visible()
    expect(page.locator("[data-ptab=history]")).to_be_hidden()
    expect(page.locator("#next-step")).to_be_visible()
