"""A clerk on a headset takes a call with the keyboard alone, in a real browser."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.attributes.actions import add_attribute
from crm.extensions import db
from crm.support.models import CallDraft, Ticket
from tests.browsing import address, app, office

__all__ = ["address", "app", "office"]

pytestmark = pytest.mark.browser

VOICE = "朝から採水ランプが赤のままで、いっそ保守に入ったほうがいいのかしら"
MOST_KEYS = 12
ASKED = (("room", "choice"), ("humidity", "number"), ("cost", "money"), ("until", "date"),
         ("dealer", "reference"), ("remark", "text"), ("remark_too", "text"))  # fmt: skip


class Keys:
    """Counts every key beside the text itself, chords by each of their keys."""

    def __init__(self, page) -> None:
        self.page, self.count = page, 0

    def press(self, *chords: str) -> None:
        for chord in chords:
            self.count += len(chord.split("+"))
            self.page.keyboard.press(chord)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)


def focus(page, selector: str) -> None:
    """Wait until the focus is there."""
    page.wait_for_selector(f"{selector}:focus", state="attached")


def _one(app, model):
    with app.app_context():
        return db.session.scalars(sa.select(model)).one()


def test_a_call_that_rings_becomes_a_ticket_with_few_keys(app, customers, page, address):
    keys = Keys(page)
    page.goto(f"{address}/call?from=09012345678")
    focus(page, "[name=category]")
    keys.press("1", "2", "1")
    focus(page, "[name=voice]")
    keys.type(VOICE)
    page.wait_for_selector("#call-signals:has-text('保守に入')")
    keys.press("Tab")
    keys.type("フィルタを確認")
    keys.press("Control+Enter")
    page.wait_for_selector(".saved-line")
    assert keys.count <= MOST_KEYS
    ticket = _one(app, Ticket)
    assert (ticket.category, ticket.symptom, ticket.voice) == ("failure", "表示エラー", VOICE)
    assert (ticket.unit_id, ticket.contact_id) == (customers.purifier, customers.suzuki)
    focus(page, "[data-lookup]")


def test_a_call_from_anywhere_by_serial_number_takes_few_keys(app, customers, page, address):
    keys = Keys(page)
    page.goto(f"{address}/tickets")
    keys.press("Control+Shift+L")
    focus(page, "[data-lookup]")
    keys.type("ａ９３ 20417")
    keys.press("Enter")
    page.wait_for_selector("[name=unit_id]:checked", state="attached")
    focus(page, "[name=category]")
    keys.press("2", "1")
    focus(page, "[data-pick]")
    keys.press("Tab")
    keys.type("使い方が分かりません")
    keys.press("Control+Enter")
    page.wait_for_selector(".saved-line")
    assert keys.count <= MOST_KEYS
    assert _one(app, Ticket).unit_id == customers.chromatograph


def test_a_buying_word_is_taken_back_by_key_without_leaving_the_words(
    app, customers, page, address
):
    page.goto(f"{address}/call?from=09012345678")
    page.focus("[name=voice]")
    page.keyboard.insert_text(VOICE)
    page.wait_for_selector("#call-signals:has-text('取り消す')")
    page.keyboard.press("Alt+0")
    page.wait_for_selector("#call-signals:has-text('営業への合図にしません')")
    page.keyboard.insert_text("。保守に入るかも")
    page.wait_for_url("**draft=**")
    assert _one(app, CallDraft).fields["withdrawn"] == "保守加入"
    page.click("#call-signals [data-take-back]")
    page.wait_for_selector("#call-signals:has-text('拾いました')")
    focus(page, "[name=voice]")
    page.keyboard.press("Alt+0")
    page.wait_for_selector("#call-signals:has-text('営業への合図にしません')")
    page.keyboard.press("Tab")
    focus(page, "[name=memo]")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".saved-line")
    ticket = _one(app, Ticket)
    assert (ticket.voice, ticket.withdrawn_words) == (f"{VOICE}。保守に入るかも", ["保守加入"])


def test_what_is_typed_survives_a_crash_of_the_browser(app, customers, page, address):
    page.goto(f"{address}/call?from=09012345678")
    page.fill("[name=voice]", VOICE)
    page.wait_for_url("**draft=**")
    kept = page.url
    page.goto("about:blank")
    page.goto(kept)
    assert page.input_value("[name=voice]") == VOICE
    assert _one(app, CallDraft).fields["voice"] == VOICE


def test_the_key_of_the_call_one_is_in_stays_there_and_its_tab_leads_to_its_draft(
    customers, page, address
):
    page.goto(f"{address}/call?from=09012345678")
    here = page.locator("[data-call-tab][aria-current]")
    assert here.inner_text().split()[-2:] == ["Ctrl", "1"]
    assert here.get_attribute("href") == "/call?from=09012345678"
    page.fill("[name=voice]", VOICE)
    page.wait_for_url("**draft=**")
    page.keyboard.press("Control+1")
    page.keyboard.insert_text("。続き")
    assert page.input_value("[name=voice]") == f"{VOICE}。続き"
    assert page.url.endswith(here.get_attribute("href"))


def test_what_is_typed_before_the_scripts_have_come_is_kept_too(app, customers, page, address):
    """A draft's script over a slow line: the first words are in the field before it."""
    waiting = []
    page.route("**/js/draft.js", lambda route: waiting.append(route))
    page.goto(f"{address}/call?from=09012345678", wait_until="load")
    # The call's own script is there: its clock runs.
    page.wait_for_selector(".strip .tm:not(:text-is('00:00'))")
    with page.expect_response("**/call/hints"):
        page.fill("[name=voice]", VOICE)
    assert waiting
    for one in waiting:
        one.continue_()
    page.wait_for_url("**draft=**")
    assert _one(app, CallDraft).fields["voice"] == VOICE


def test_numbers_typed_into_the_customers_words_choose_nothing(customers, page, address):
    page.goto(f"{address}/call?from=09012345678")
    focus(page, "")
    page.focus("[name=voice]")
    page.keyboard.type("1 2 3")
    assert page.input_value("[name=voice]") == "1 2 3"
    assert page.query_selector("[name=category]:checked") is None


def test_candidates_appear_while_typing_and_arrows_choose(customers, page, address):
    page.goto(f"{address}/call")
    focus(page, "[data-lookup]")
    page.keyboard.insert_text("みなと")
    page.wait_for_selector("#found button")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".who:has-text('みなと製薬')")


def test_the_button_and_the_keys_never_leave_a_small_screen(app, customers, page, address):
    with app.app_context():
        for place, (key, kind) in enumerate(ASKED):
            named = {"record": "ticket", "key": key, "label_ja": key, "label_en": key}
            more = {"kind": kind, "position": place, "refers_to": "account"}
            add_attribute(named | more | {"choices": ["一般室", "屋外"]}, None)
        db.session.commit()
    page.goto(f"{address}/call?from=09012345678")
    page.keyboard.press("1")
    for place in ("[data-save]", ".foot"):
        box = page.locator(place).bounding_box()
        assert box["y"] + box["height"] <= 768
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    page.focus("[name=memo]")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    assert page.input_value("[name=attr-room]") == "一般室"
    assert page.input_value("[name=attr-humidity]") == "12"
