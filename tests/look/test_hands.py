"""Real pages by mouse, finger and keys: what can be seen can be pressed, and Esc leads out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from crm.deals import actions
from crm.deals.models import Activity
from crm.extensions import db
from crm.staff.models import Staff
from tests.browsing import Office, app, office, signed
from tests.deals.records import customer
from tests.people import Company
from tests.records import a_ticket, an_alert

__all__ = ["app", "office"]

pytestmark = pytest.mark.browser
SCREENS = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def at(office: Office, app: Flask, company: Company) -> str:
    """Where the application answers: a customer, two deals and two alerts of the rep's."""
    with app.app_context():
        place = customer(company.rep)
        user = db.session.get_one(Staff, company.rep)
        for name in ("更新", "増設"):
            fields = {"title": name, "account_id": place.id, "stage": "lead", "amount": 1000}
            actions.open_deal(fields, user)
            an_alert(place.id, company.rep, company.first_team, dedupe=name)
        db.session.commit()
    return office.address


@pytest.fixture(params=SCREENS)
def rep(
    request: pytest.FixtureRequest, browser: Browser, app: Flask, at: str, company: Company
) -> Iterator[Page]:
    """The rep's screen."""
    page = signed(browser, app, at, company.rep, viewport=SCREENS[request.param])
    yield page
    page.context.close()


at_a_desk = pytest.mark.parametrize("rep", ["desk"], indirect=True)


def test_an_activity_is_recorded_by_pressing_what_is_seen(rep: Page, app: Flask, at: str) -> None:
    rep.goto(f"{at}/activities/new?deal_id=1")
    rep.get_by_text("電話", exact=True).click()
    rep.locator("[name=summary]").click()
    rep.keyboard.type("見積の返事")
    day = rep.locator("[name=next_step_other]")
    expect(day).to_be_hidden()
    rep.locator("label:has([name=next_step_on][value=''])").click()
    expect(day).to_be_visible()
    rep.locator("[name=next_step]").fill("訪問する")
    day.fill("2099-01-05")
    rep.get_by_role("button", name="記録する").click()
    rep.wait_for_url("**/deals/1*")
    with app.app_context():
        made = db.session.query(Activity).one()
        deal = db.session.get_one(actions.Deal, 1)
        assert (made.kind, made.summary) == ("phone", "見積の返事")
        assert str(deal.next_step_on) == "2099-01-05"


@at_a_desk
def test_a_form_waits_for_words_and_esc_leads_out_of_it(rep: Page, at: str) -> None:
    rep.goto(f"{at}/deals/1")
    rep.keyboard.press("e")
    rep.wait_for_url("**/edit*")
    rep.wait_for_selector("html[data-ready]", state="attached")
    expect(rep.locator("form[data-guard] input:not([type=hidden])").first).to_be_focused()
    rep.keyboard.press("Escape")
    rep.wait_for_url(re.compile(r"/deals/1$"))
    rep.goto(f"{at}/deals/1/edit")
    rep.keyboard.type("直した")
    rep.keyboard.press("Escape")
    expect(rep.locator("body")).to_be_focused()
    assert rep.url.endswith("/edit")
    rep.once("dialog", lambda asked: asked.accept())
    rep.keyboard.press("Escape")
    rep.wait_for_url(re.compile(r"/deals/1$"))


@at_a_desk
def test_where_nothing_is_found_enter_means_the_search(rep: Page, at: str) -> None:
    rep.goto(f"{at}/deals")
    rep.keyboard.press("Control+k")
    rep.keyboard.type("存在しない会社")
    expect(rep.locator("#palette .none")).to_be_visible()
    rep.keyboard.press("Enter")
    rep.wait_for_url("**/search?q=*")


@at_a_desk
def test_the_menus_of_an_alert_are_entered_and_left_by_keys(rep: Page, at: str) -> None:
    rep.goto(f"{at}/alerts")
    rep.keyboard.press("j")
    rep.keyboard.press("s")
    card = rep.locator("[data-row].sel")
    expect(card.locator("form[action$='/snooze'] button").first).to_be_focused()
    rep.keyboard.press("Escape")
    expect(card.locator("details[open]")).to_have_count(0)
    expect(card.locator("summary[data-act=s]")).to_be_focused()
    rep.keyboard.press("s")
    rep.keyboard.press("d")
    expect(rep.locator("details.drop[open]")).to_have_count(1)
    expect(card.locator("form[action$='/dismissal'] button").first).to_be_focused()
    rep.locator("h1").first.click()
    expect(rep.locator("details.drop[open]")).to_have_count(0)


@at_a_desk
def test_the_keys_that_are_told_are_those_of_this_page(rep: Page, at: str) -> None:
    rep.goto(f"{at}/deals/1")
    rep.keyboard.press("?")
    expect(rep.locator("#keys")).to_contain_text("編集")
    for missing in ("行を選択", "行を開く"):
        expect(rep.locator("#keys dt:visible", has_text=missing)).to_have_count(0)
    rep.keyboard.press("Escape")
    rep.keyboard.press("c")
    rep.wait_for_url("**/activities/new?deal_id=1*")


@at_a_desk
def test_what_is_recorded_on_a_ticket_is_begun_by_a_letter(
    rep: Page, at: str, app: Flask, company: Company
) -> None:
    with app.app_context():
        ticket = a_ticket(1, company.rep, company.call_centre)
    rep.goto(f"{at}/tickets/{ticket}")
    rep.keyboard.press("c")
    expect(rep.locator("#reply [name=body]")).to_be_focused()
    expect(rep.locator("#reply [name=body]")).to_have_value("")


@at_a_desk
def test_cards_of_the_board_are_reached_and_opened_by_letters(rep: Page, at: str) -> None:
    rep.goto(f"{at}/deals/board")
    rep.wait_for_selector("[data-board][data-ready]")
    rep.keyboard.press("j")
    rep.keyboard.press("j")
    second = rep.locator(".k-card").nth(1)
    expect(second).to_be_focused()
    rep.keyboard.press("k")
    expect(rep.locator(".k-card").first).to_be_focused()
    rep.keyboard.press("Enter")
    rep.wait_for_url(re.compile(r"/deals/\d+"))


COVERED = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.matches("a[href], button:enabled, input, select, textarea, label, summary"))
  .filter((one) => !one.matches(".sr, [type=hidden]"))
  .filter((one) => one.checkVisibility({opacityProperty: true, visibilityProperty: true}))
  .map((one) => {
    one.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
    const box = one.getClientRects()[0];
    if (!box || box.width < 2 || box.height < 2) return null;
    const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const around = there?.contains(one) && there.matches("label, a, tr, td, li, .k-card, summary");
    const labelled = there && (there.closest("label")?.control ?? there.control ?? one.control);
    if (around || one.contains(there) || labelled === one || labelled === there) return null;
    return `${one.outerHTML.slice(0, 90)} under ${there?.outerHTML.slice(0, 90)}`;
  }).filter(Boolean)"""
PAGES = (
    "/", "/activities/new", "/activities/new?deal_id=1", "/deals/new", "/deals/1", "/deals/1/edit",
    "/deals", "/deals/board", "/accounts", "/accounts/new", "/accounts/1", "/accounts/1/edit",
    "/tickets", "/tickets/new", "/units", "/alerts", "/contacts", "/reports/pipeline", "/settings",
    "/search?q=a", "/call", "/advice", "/expiries", "/imports", "/exports",
)  # fmt: skip


def test_nothing_lies_over_what_can_be_pressed(rep: Page, at: str) -> None:
    hidden = {}
    for page in PAGES:
        rep.goto(f"{at}{page}")
        if found := rep.evaluate(COVERED):
            hidden[page] = found
    assert hidden == {}
