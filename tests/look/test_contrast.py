"""Nobody has to guess a word: contrast, nothing cut off, nothing too small for a thumb."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from tests.look.gallery import PAGES, gallery

AUDIT = (Path(__file__).parent / "audit.js").read_text()
CHROMIUM = "/usr/bin/chromium"
SIZES = {"desk": (1440, 900), "phone": (390, 844)}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the gallery is served."""
    server = make_server("127.0.0.1", 0, gallery(tmp_path_factory.mktemp("gallery")), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/gallery"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("theme", "language"), [("light", "ja"), ("dark", "ja"), ("light", "en")])
def test_every_word_can_be_read_and_every_control_be_hit(
    browser: Browser, address: str, size: str, theme: str, language: str
) -> None:
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Security" in said.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    found = {}
    for name in PAGES:
        page.goto(f"{address}/{name}?theme={theme}&language={language}")
        told = {what: where for what, where in page.evaluate(AUDIT).items() if where}
        if told:
            found[name] = told
    page.close()
    assert found == {}
    assert refused == []
