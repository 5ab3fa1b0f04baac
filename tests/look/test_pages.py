"""Every page, full of a company's records: readable, whole, and within a thumb's reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize

from crm.app import create_app
from crm.demo import load
from crm.demo.people import PASSWORD
from crm.extensions import db
from crm.staff.models import Staff
from tests.conftest import settings_for
from tests.serving import served

AUDIT = (Path(__file__).parent / "audit.js").read_text()
SIZES = {"phone": (390, 844), "desk": (1366, 768)}
TABLET = ViewportSize(width=768, height=1024)
RECORDS = (
    "/accounts", "/accounts/1", "/contacts/1", "/deals", "/deals/board", "/deals/1", "/tickets",
    "/tickets/10482", "/units", "/units/1", "/products/1", "/alerts", "/search?q=lx", "/settings",
)  # fmt: skip
FORMS = (
    "/activities/new", "/deals/new", "/deals/1/lines", "/contacts/new?account_id=1", "/views",
    "/views?list=deals&owner=me", "/deals?owner=me&columns=amount",
)  # fmt: skip
PAGES = {
    "rep": ("/", *RECORDS, *FORMS, "/no-such-page"),
    "engineer": (
        "/", "/work-orders", "/work-orders/1506", "/work-orders/2082", "/work-orders/1506/edit",
        "/work-orders/2082/loan", "/fault-codes",
    ),
    "clerk": ("/", "/call", "/tickets/new?q=山田", "/contacts/cards", "/reports/pipeline",
              "/advice?view=all", "/advice/1", "/advice/new?ticket_id=10482"),
    "manager": (
        "/", "/reports/pipeline", "/expiries", "/accounts/1/expiries", "/settings/calendar",
        "/mass-changes", "/mass-changes/new?list=deals&all=1&field=owner_id&to=1",
    ),
}  # fmt: skip
# Text cut off by its own box, without the … that a long title may end in.
CLIPPED = """() => [...document.querySelectorAll("main *, header *, nav *")].filter((e) => {
  const style = getComputedStyle(e);
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  return own && !e.closest(".sr") && ["hidden", "clip"].includes(style.overflowX)
    && style.textOverflow !== "ellipsis" && e.scrollWidth > e.clientWidth + 1;
}).map((e) => `${e.className} ${e.textContent.trim().slice(0, 24)}`)"""
# On a phone: a way back of one line, words beside each other that are all there or open at the one
# where one is, a calendar that opens where today is.
OUT_OF_PLACE = """() => innerWidth >= 768 ? [] : [
  ...[...document.querySelectorAll(".e-crumb")].filter((e) => e.offsetHeight > 40),
  ...[...document.querySelectorAll(".fl > label, :is(.fl, .tabs) > [aria-current]")].filter((e) =>
    e.getBoundingClientRect().right > e.parentElement.getBoundingClientRect().right + 1),
  ...[...document.querySelectorAll("[data-opens-at]")].filter((e) =>
    e.scrollWidth > e.clientWidth && Math.abs(e.scrollLeft - e.dataset.opensAt) > 1),
].map((e) => `${e.className} ${e.textContent.trim().slice(0, 24)}`)"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The demo company, and where it is served."""
    app = create_app(settings_for(tmp_path_factory.mktemp("company")))
    with app.app_context():
        db.create_all()
        load.load()
        db.session.commit()
    with served(app) as origin:
        yield app, origin


def _wear(app: Flask, language: str, theme: str) -> None:
    with app.app_context():
        db.session.execute(sa.update(Staff).values(language=language, theme=theme))
        db.session.commit()


def _sign_in(page: Page, address: str, role: str) -> None:
    page.goto(f"{address}/login")
    page.fill("[name=email]", f"{role}@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("form .btn.p")
    page.wait_for_url(lambda url: "/login" not in url)


def _wrong(page: Page) -> dict[str, object]:
    """What is wrong with the page as it stands; nothing, as it should be."""
    told = page.evaluate(AUDIT) | {
        "clipped": page.evaluate(CLIPPED),
        "out of place": page.evaluate(OUT_OF_PLACE),
        "scrolls": page.evaluate("document.documentElement.scrollWidth > innerWidth"),
        "untitled": not page.title().partition(" · ")[2],
    }
    return {what: where for what, where in told.items() if where}


@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize(("language", "theme"), [("ja", "light"), ("en", "dark")])
def test_every_page_of_a_busy_company_can_be_read_and_used(
    browser: Browser, company: tuple[Flask, str], language: str, theme: str, role: str
) -> None:
    app, address = company
    _wear(app, language, theme)
    found: dict[str, object] = {}
    said: list[str] = []
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(20_000)
    _sign_in(page, address, role)
    page.on("pageerror", lambda error: said.append(f"{page.url} {error}"))
    page.on(
        "console",
        lambda line: (
            said.append(f"{page.url} {line.text}")
            if line.type == "error" and line.location["url"] != page.url  # a refusal answers 404
            else None
        ),
    )
    for path in PAGES[role]:
        page.goto(address + path)
        page.wait_for_selector(".htmx-request", state="detached")
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            if wrong := _wrong(page):
                found[f"{size} {path}"] = wrong
        page.set_viewport_size(TABLET)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[f"tablet {path}"] = "scrolls"
    context.close()
    assert found == {}
    assert said == []
