"""A clerk holds a call and hangs up while she writes, in a real browser; her hands stay."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from crm.extensions import db
from crm.support.models import CallDraft
from tests.browsing import address, app, office

__all__ = ["address", "app", "office"]

pytestmark = pytest.mark.browser

RINGS = "/call?from=09012345678"
HELD = ".strip [data-press=F8]:has-text('保留を解く')"


@pytest.fixture
def ringing(page, customers, address):
    """The page of a call that rings."""
    page.goto(address + RINGS)
    page.wait_for_selector("html[data-ready]")
    return page


def _draft(app) -> CallDraft:
    with app.app_context():
        return db.session.scalars(sa.select(CallDraft)).one()


def _write(page) -> None:
    """Words in the middle of which the caret stands."""
    page.focus("[name=voice]")
    page.keyboard.insert_text("採水ランプです")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")


def test_hold_while_one_types_moves_neither_focus_nor_caret(app, ringing):
    _write(ringing)
    ringing.keyboard.press("F8")
    ringing.wait_for_selector(HELD)
    ringing.keyboard.insert_text("が赤")
    assert ringing.input_value("[name=voice]") == "採水ランプが赤です"
    ringing.wait_for_selector("[data-call-tab][aria-current] .warn")
    assert _draft(app).fields["held_at"]
    assert ringing.url.endswith(f"/call?draft={_draft(app).id}")
    ringing.keyboard.press("F8")
    ringing.wait_for_selector(HELD, state="detached")
    ringing.keyboard.insert_text("の")
    assert ringing.input_value("[name=voice]") == "採水ランプが赤のです"
    for _ in range(100):
        if _draft(app).fields["voice"] == "採水ランプが赤のです":
            break
        ringing.wait_for_timeout(100)
    assert _draft(app).fields["voice"] == "採水ランプが赤のです"
    assert _draft(app).fields["held_at"] is None


def test_a_press_of_the_mouse_leaves_the_hands_where_they_were(app, ringing):
    _write(ringing)
    ringing.click("[data-press=F8]")
    ringing.wait_for_selector(HELD)
    ringing.keyboard.insert_text("が赤")
    assert ringing.input_value("[name=voice]") == "採水ランプが赤です"


def test_what_is_typed_while_the_line_answers_stays(app, ringing):
    asked = []
    ringing.route("**/call/draft", lambda route: asked.append(route))
    _write(ringing)
    with ringing.expect_request("**/call/draft"):
        ringing.keyboard.press("F10")
    ringing.keyboard.insert_text("が赤")
    assert len(asked) == 1
    asked[0].continue_()
    ringing.wait_for_selector(".strip .bdg:has-text('通話終了')")
    assert ringing.input_value("[name=voice]") == "採水ランプが赤です"


def _counted(page) -> tuple[int, int]:
    seconds, keys = re.findall(r"\d+", page.inner_text("[data-strokes]"))
    return int(seconds), int(keys)


def test_seconds_and_keys_of_a_call_go_on_through_hold_and_reload(app, ringing):
    ringing.wait_for_selector(".strip .tm:text-matches('^00:(0[2-9]|[1-5]\\\\d)$')")
    ringing.focus("[name=voice]")
    ringing.keyboard.press("F8")
    ringing.wait_for_selector(HELD)
    ringing.reload()
    ringing.wait_for_selector("html[data-ready]")
    seconds, keys = _counted(ringing)
    assert seconds >= 2 and keys == 1
    assert ringing.inner_text(".strip .tm") >= "00:02"


def test_a_name_typed_at_once_takes_the_place_of_an_unknown_number(page, customers, address):
    page.goto(f"{address}/call?from=%2B819012340000")
    page.wait_for_selector("html[data-ready]")
    assert page.input_value("[data-lookup]") == "090-1234-0000"
    page.keyboard.insert_text("新田")
    assert page.input_value("[data-lookup]") == "新田"
