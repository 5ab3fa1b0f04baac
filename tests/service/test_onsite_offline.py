"""An engineer in a cellar: a real browser loses the network, and nothing that was typed."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from crm.extensions import db
from crm.installed_base.models import WorkOrder
from crm.outbox.drain import drain
from crm.service.models import WorkPart
from crm.service.signature_models import WorkSignature
from crm.timeline.models import Event
from tests.browsing import address, app, office, signed
from tests.reports.test_service_report import Paper
from tests.service.onsite_records import a_customer, a_job, finished

__all__ = ["address", "app", "office"]
pytestmark = pytest.mark.browser

KEPT = """async (path) => {
  const needed = [path, document.querySelector("script[type=module]").src];
  const files = performance.getEntriesByType("resource").map((one) => one.name);
  needed.push(...files.filter((one) => one.includes("/assets/")));
  for (let tries = 0; tries < 100; tries += 1) {
    const found = await Promise.all(needed.map((one) => caches.match(one, { ignoreVary: true })));
    if (found.every(Boolean)) return;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error("the page was not kept");
}"""
"""Waits until page and files can be opened without a network."""


@pytest.fixture
def job(app, company) -> int:
    with app.app_context():
        made = a_job(company, a_customer(company))
        db.session.commit()
    return made


@pytest.fixture
def phone(app, browser, company, job, address):
    """The engineer's phone, signed in."""
    screen = {"viewport": {"width": 390, "height": 844}, "locale": "ja-JP"}
    page = signed(browser, app, address, company.engineer, **screen)
    yield page
    page.context.close()


def opened(phone, path: str) -> None:
    """Open a page and wait until the phone has put it by."""
    phone.goto(path)
    phone.wait_for_selector("html[data-ready]", state="attached")
    phone.evaluate(KEPT, path)


def states(phone, text: str) -> None:
    phone.wait_for_function(
        "(text) => [...document.querySelectorAll('[data-offline-state]')]"
        ".some((one) => one.textContent.includes(text))",
        arg=text,
    )


def landed(app, job: int) -> tuple[str, list[tuple[str, int]], int]:
    """The cause, the parts, and how often the work order was changed."""
    with app.app_context():
        parts = sa.select(WorkPart.name, WorkPart.quantity).order_by(WorkPart.position)
        changed = sa.select(sa.func.count()).where(Event.kind == "work_order.changed")
        return (
            db.session.get_one(WorkOrder, job).cause,
            [tuple(row) for row in db.session.execute(parts)],
            db.session.scalar(changed) or 0,
        )


def test_what_was_typed_without_a_network_lands_once_when_it_is_back(app, job, phone, address):
    path = f"/work-orders/{job}/onsite"
    opened(phone, f"{address}{path}")
    phone.context.set_offline(True)
    phone.click("[data-now=f-arrived_at]")
    phone.fill("#f-cause", "スケールが堆積していた")
    phone.fill("[name='parts.name'] >> nth=0", "給水電磁弁")
    phone.click("[data-add-row=parts]")
    phone.fill("[name='parts.name'] >> nth=1", "ホース")
    phone.fill("[name='parts.quantity'] >> nth=1", "3")
    states(phone, "この端末に保存・未送信")
    phone.click("[data-save]")
    states(phone, "つながると送ります")
    phone.goto(f"{address}{path}")
    states(phone, "この端末に保存・未送信")
    assert phone.input_value("#f-cause") == "スケールが堆積していた"
    assert phone.input_value("[name='parts.name'] >> nth=1") == "ホース"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", phone.input_value("#f-arrived_at"))
    assert landed(app, job) == ("", [], 0)
    phone.goto(f"{address}/work-orders/{job}/onsite")
    phone.context.set_offline(False)
    phone.wait_for_url(f"**/work-orders/{job}/signature")
    assert landed(app, job) == ("スケールが堆積していた", [("給水電磁弁", 1), ("ホース", 3)], 1)
    phone.goto(f"{address}/work-orders/day")
    phone.wait_for_timeout(300)
    assert phone.evaluate("localStorage.length") == 0
    assert landed(app, job)[2] == 1


def test_an_answer_that_was_lost_changes_nothing_twice(app, job, phone, address):
    opened(phone, f"{address}/work-orders/{job}/onsite")
    lost = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())
            return route.abort()
        return route.continue_()

    phone.route("**/onsite", lose)
    phone.fill("#f-cause", "一度目")
    phone.click("[data-save]")
    states(phone, "つながると送ります")
    assert landed(app, job) == ("一度目", [], 1)
    phone.evaluate("dispatchEvent(new Event('online'))")
    phone.wait_for_url(f"**/work-orders/{job}/signature")
    assert landed(app, job) == ("一度目", [], 1)


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param(["online"], id="told during the try"),
        pytest.param(["online", ""], id="told some moments early"),
        pytest.param(["", ""], id="never told"),
    ],
)
def test_a_network_that_comes_back_is_tried_at_once_or_soon(app, job, phone, address, failing):
    opened(phone, f"{address}/work-orders/{job}/onsite")
    phone.evaluate(
        """(failing) => {
      const real = fetch;
      window.fetch = async (...given) => {
        if (!failing.length) return real(...given);
        const told = failing.shift();
        if (told) dispatchEvent(new Event(told));
        throw new TypeError("away");
      };
    }""",
        failing,
    )
    phone.fill("#f-cause", "地下で")
    phone.click("[data-save]")
    phone.wait_for_url(f"**/work-orders/{job}/signature", timeout=5_000)
    assert landed(app, job) == ("地下で", [], 1)


def test_two_values_are_shown_when_the_office_changed_the_same(app, job, phone, address):
    opened(phone, f"{address}/work-orders/{job}/onsite")
    phone.fill("#f-cause", "スケール")
    phone.fill("#f-labour_minutes", "75")
    with app.app_context():
        db.session.get_one(WorkOrder, job).cause = "摩耗"
        db.session.commit()
    phone.click("[data-save]")
    phone.wait_for_selector("#dialog form.conflict")
    shown = phone.inner_text("#dialog")
    assert "摩耗" in shown
    assert "スケール" in shown
    phone.click("#dialog [data-save]")
    phone.wait_for_url(f"**/work-orders/{job}/signature")
    with app.app_context():
        work = db.session.get_one(WorkOrder, job)
        assert (work.cause, work.labour_minutes) == ("スケール", 75)


def test_signing_out_leaves_nothing_on_the_phone_but_says_what_was_not_sent(job, phone, address):
    opened(phone, f"{address}/work-orders/day")
    opened(phone, f"{address}/work-orders/{job}/onsite")
    phone.fill("#f-cause", "まだ送っていない")
    phone.goto(f"{address}/settings")
    phone.wait_for_selector("html[data-ready]", state="attached")
    phone.click("form[data-sign-out] button")
    phone.wait_for_selector(".note.warn >> text=まだ送っていない作業の記録")
    phone.click("form[data-sign-out] button")
    phone.wait_for_url("**/login")
    left = "async () => [localStorage.length, (await caches.keys()).length]"
    assert phone.evaluate(left) == [0, 0]


def test_a_signature_drawn_with_the_mouse_lands_in_the_pdf(app, job, phone, address, tmp_path):
    with app.app_context():
        finished(job)
    opened(phone, f"{address}/work-orders/{job}/signature")
    phone.fill("[name=name]", "山田 花子")
    pad = phone.locator("canvas[data-pad]")
    pad.evaluate("(one) => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    box = pad.bounding_box()
    phone.mouse.move(box["x"] + 40, box["y"] + 40)
    phone.mouse.down()
    for across, down in ((120, 100), (200, 50), (280, 110)):
        phone.mouse.move(box["x"] + across, box["y"] + down, steps=6)
    phone.mouse.up()
    phone.click("[data-save]")
    phone.wait_for_url(f"{address}/work-orders/day")
    with app.app_context():
        assert db.session.get_one(WorkOrder, job).status == "returned"
        kept = db.session.scalars(sa.select(WorkSignature)).one()
        assert kept.name == "山田 花子"
        assert len(kept.strokes[0]) > 10
    phone.goto(f"{address}/work-orders/{job}/reports")
    phone.click("button:has-text('作業報告書')")
    phone.wait_for_url("**/service-reports/*")
    with app.app_context():
        drain("heavy")
    answer = phone.request.get(f"{phone.url}.pdf")
    directory = tmp_path / "paper"
    directory.mkdir()
    paper = Paper(answer.body(), directory)
    page, left, top = paper.place("上記の作業内容を確認しました")
    assert paper.ink(page + 1, int(left) + 14, int(top) + 5, int(left) + 58, int(top) + 17) > 50
    assert "山田 花子" in paper.text
