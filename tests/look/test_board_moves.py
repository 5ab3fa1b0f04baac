"""A card moves by hand or by keys; refused, it comes back with the reason; a move is undone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def board(page: Page, address: str) -> Page:
    """The board, with its script at work."""
    page.goto(f"{address}/board")
    page.wait_for_selector("[data-board][data-ready]")
    return page


def _stage(board: Page, number: int) -> Locator:
    return board.locator(f"[data-stage=s{number}]")


def _move_right(board: Page, card: str) -> None:
    board.locator(card).focus()
    for key in ("Space", "ArrowRight", "Space"):
        board.keyboard.press(key)


def test_a_card_is_moved_by_keys_and_moved_back_by_undo(board: Page) -> None:
    _move_right(board, "[data-id='11']")
    expect(_stage(board, 2).locator("[data-id='11']")).to_be_visible()
    expect(board.locator(".toast-e")).to_contain_text("「課題確認」へ動かしました")
    expect(_stage(board, 2).locator(".ch")).to_contain_text("9件")
    board.locator("[data-undo]").click()
    expect(_stage(board, 1).locator("[data-id='11']")).to_be_visible()


def test_a_refused_card_comes_back_with_the_reason(board: Page) -> None:
    _move_right(board, "[data-id='41']")
    card = _stage(board, 4).locator("[data-id='41']")
    expect(card).to_be_visible()
    expect(card.locator(".no")).to_contain_text("内示の相手と日付")
    expect(board.locator(".toast-e")).to_have_count(0)


def test_esc_puts_a_held_card_back(board: Page) -> None:
    board.locator("[data-id='21']").focus()
    for key in ("Space", "ArrowRight", "Escape"):
        board.keyboard.press(key)
    expect(_stage(board, 2).locator("[data-id='21']")).to_be_visible()
    expect(board.locator(".toast-e")).to_have_count(0)


def test_a_card_is_dragged_with_the_mouse(board: Page) -> None:
    source = board.locator("[data-id='12']").bounding_box()
    target = board.locator("[data-id='31']").bounding_box()
    assert source
    assert target
    board.mouse.move(source["x"] + 60, source["y"] + 12)
    board.mouse.down()
    board.mouse.move(source["x"] + 120, source["y"] + 30, steps=4)
    board.mouse.move(target["x"] + 60, target["y"] + 20, steps=10)
    board.wait_for_timeout(250)
    board.mouse.up()
    expect(_stage(board, 3).locator("[data-id='12']")).to_be_visible()
    expect(board.locator(".toast-e")).to_contain_text("「提案」へ動かしました")
