"""A clerk leaves a call at once, in a real browser: nothing typed is lost, however she goes."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from crm.extensions import db
from crm.support.models import CallDraft
from tests.browsing import address, app, office

__all__ = ["address", "app", "office"]

pytestmark = pytest.mark.browser

RINGS = "/call?from=09012345678"
VOICE = "朝から採水ランプが赤のままです"


def _voices(app) -> list[str]:
    with app.app_context():
        drafts = db.session.scalars(sa.select(CallDraft).order_by(CallDraft.id)).all()
        return [one.fields.get("voice", "") for one in drafts]


def _open(page, where: str) -> None:
    page.goto(where)
    page.wait_for_selector("html[data-ready]")


def _say(page, text: str) -> None:
    page.focus("[name=voice]")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)


def test_a_new_call_at_once_keeps_the_words_of_the_first(app, customers, page, address):
    _open(page, address + RINGS)
    _say(page, VOICE)
    page.keyboard.press("Control+Shift+L")
    page.wait_for_url("**/call")
    page.click("[data-call-tab]:has-text('山田製作所')")
    page.wait_for_url("**draft=**")
    assert page.input_value("[name=voice]") == VOICE
    assert _voices(app) == [VOICE]


def test_another_call_at_once_keeps_the_words(app, customers, page, address):
    _open(page, f"{address}/call?from=0312345678")
    _say(page, "別の件")
    page.wait_for_url("**draft=**")
    _open(page, address + RINGS)
    _say(page, VOICE)
    page.click("[data-call-tab]:has-text('03-1234-5678')")
    page.wait_for_selector("[name=voice]:has-text('別の件')")
    _say(page, "の続き")
    page.click("[data-call-tab]:has-text('山田製作所')")
    page.wait_for_selector(f"[name=voice]:has-text('{VOICE}')")
    assert sorted(_voices(app)) == sorted(["別の件の続き", VOICE])


def test_a_page_that_goes_without_a_press_sends_the_words_along(app, customers, page, address):
    _open(page, address + RINGS)
    _say(page, VOICE)
    page.evaluate("location.assign('/tickets')")
    page.wait_for_url("**/tickets")
    until = time.monotonic() + 10
    while not _voices(app) and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert _voices(app) == [VOICE]


def test_words_that_cannot_be_saved_are_told_before_one_leaves(app, customers, page, address):
    _open(page, address + RINGS)
    page.route("**/call/draft", lambda route: route.abort())
    _say(page, VOICE)
    page.keyboard.press("Control+Shift+L")
    page.wait_for_selector("[data-draft-at]:not(:empty)")
    assert page.url.endswith(RINGS)
    assert page.input_value("[name=voice]") == VOICE
    page.keyboard.press("Control+Shift+L")
    page.wait_for_url("**/call")


def test_a_call_thrown_away_at_once_stays_away(app, customers, page, address):
    _open(page, address + RINGS)
    _say(page, VOICE)
    page.wait_for_url("**draft=**")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    _say(page, "もう一つ")
    page.click("button[formaction$='/removal']")
    page.wait_for_url("**/call")
    page.wait_for_timeout(300)
    assert _voices(app) == []
