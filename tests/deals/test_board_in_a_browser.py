"""The real board in a real browser: by mouse, by keys, on the phone, refused and undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from crm.deals import actions
from crm.deals.models import Deal
from crm.extensions import db
from crm.staff.models import Staff
from tests.browsing import Office, app, office, signed
from tests.deals.records import customer
from tests.people import Company

__all__ = ["app", "office"]

pytestmark = pytest.mark.browser
STAGES = ("lead", "lead", "discovery", "proposal", "quotation")


@pytest.fixture
def address(office: Office, app: Flask, company: Company) -> str:
    """Where the application answers, with some deals in it."""
    with app.app_context():
        at = customer(company.rep)
        user = db.session.get_one(Staff, company.rep)
        for n, stage in enumerate(STAGES):
            fields = {"title": f"案件 {n + 1}", "account_id": at.id, "stage": stage, "amount": 1000}
            actions.open_deal(fields, user)
        db.session.commit()
    return office.address


@pytest.fixture
def board(browser: Browser, app: Flask, address: str, company: Company) -> Iterator[Page]:
    """The rep's board, with its script at work."""
    page = signed(browser, app, address, company.rep)
    page.goto(f"{address}/deals/board")
    page.wait_for_selector("[data-board][data-ready]")
    yield page
    page.context.close()


def stage_of(app: Flask, deal_id: int) -> str:
    """Where a deal stands in the database."""
    with app.app_context():
        return db.session.get_one(Deal, deal_id).stage


def drag(board: Page, card: str, onto: str) -> None:
    """Take a card by the mouse and put it on a place."""
    source = board.locator(card).bounding_box()
    assert source
    board.mouse.move(source["x"] + 60, source["y"] + 12)
    board.mouse.down()
    board.mouse.move(source["x"] + 100, source["y"] + 30, steps=4)
    target = board.locator(onto).bounding_box()
    assert target
    board.mouse.move(target["x"] + 60, target["y"] + 20, steps=12)
    board.wait_for_timeout(250)
    board.mouse.up()


def test_a_card_dragged_to_another_stage_is_there_and_counted(app: Flask, board: Page) -> None:
    drag(board, "#deal-1", "#deal-4")
    expect(board.locator("#col-proposal #deal-1")).to_be_visible()
    expect(board.locator("#col-proposal .ch")).to_contain_text("2件")
    expect(board.locator("#col-lead .ch")).to_contain_text("1件")
    expect(board.locator(".toast-e")).to_contain_text("案件 1を「提案」へ動かしました")
    assert stage_of(app, 1) == "proposal"


def test_a_card_moved_by_keys_goes_back_by_undo(app: Flask, board: Page) -> None:
    board.locator("#deal-2").focus()
    for key in ("Space", "ArrowRight", "Space"):
        board.keyboard.press(key)
    expect(board.locator(".toast-e")).to_contain_text("「課題確認」へ動かしました")
    assert stage_of(app, 2) == "discovery"
    board.locator("[data-undo]").click()
    expect(board.locator("#col-lead #deal-2")).to_be_visible()
    expect(board.locator("#col-lead .ch")).to_contain_text("2件")
    assert stage_of(app, 2) == "lead"


def test_a_card_that_somebody_moved_meanwhile_comes_back_with_the_reason(
    app: Flask, company: Company, board: Page
) -> None:
    with app.app_context():
        user = db.session.get_one(Staff, company.manager)
        actions.move_deal(db.session.get_one(Deal, 3), "negotiation", user)
        db.session.commit()
    drag(board, "#deal-3", "#deal-4")
    card = board.locator("#col-discovery #deal-3")
    expect(card.locator(".no")).to_contain_text("先に変えました")
    assert stage_of(app, 3) == "negotiation"


def test_a_card_dropped_on_won_asks_for_the_day_alone(app: Flask, board: Page) -> None:
    drag(board, "#deal-5", ".ends [data-stage=won]")
    dialog = board.locator("#dialog")
    expect(dialog).to_contain_text("受注にします")
    dialog.locator("[data-save]").click()
    board.wait_for_url("**/deals/5")
    assert stage_of(app, 5) == "won"


def test_on_the_phone_a_deal_is_moved_by_a_sheet(
    browser: Browser, app: Flask, address: str, company: Company
) -> None:
    screen = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = signed(browser, app, address, company.rep, **screen)
    page.goto(f"{address}/deals/board")
    page.locator("#deal-1 .move").tap()
    page.locator("#dialog button[value=quotation]").tap()
    page.wait_for_url("**/deals/board")
    expect(page.locator(".toast-e")).to_contain_text("「見積提出」へ動かしました")
    assert stage_of(app, 1) == "quotation"
    page.context.close()


def test_the_end_of_a_column_brings_further_cards(browser, app, address, company):
    with app.app_context():
        at = db.session.scalars(sa.select(Deal.account_id)).first()
        user = db.session.get_one(Staff, company.rep)
        for n in range(45):
            fields = {"title": f"次 {n}", "account_id": at, "stage": "quotation", "amount": 1}
            actions.open_deal(fields, user)
        db.session.commit()
    page = signed(browser, app, address, company.rep)
    page.goto(f"{address}/deals/board")
    column = page.locator("#col-quotation")
    expect(column.locator(".k-card")).to_have_count(10)
    column.locator(".k-card").last.scroll_into_view_if_needed()
    page.mouse.move(*middle(column))
    page.mouse.wheel(0, 4000)
    expect(column.locator(".k-card")).to_have_count(30)
    column.get_by_role("link", name="さらに").click()
    expect(column.locator(".k-card")).to_have_count(46)
    page.context.close()


def middle(place: Locator) -> tuple[float, float]:
    """Where the mouse stands over a part of the page."""
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + 300
