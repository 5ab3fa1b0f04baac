"""Nobody has to guess a word: contrast, nothing cut off, nothing too small for a thumb."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.look.gallery import PAGES

AUDIT = (Path(__file__).parent / "audit.js").read_text()
SIZES = {"desk": (1440, 900), "phone": (390, 844)}

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("theme", "language"), [("light", "ja"), ("dark", "ja"), ("light", "en")])
def test_every_word_can_be_read_and_every_control_be_hit(
    browser: Browser, address: str, theme: str, language: str
) -> None:
    page = browser.new_page(reduced_motion="reduce")
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Security" in said.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    found = {}
    for name in PAGES:
        page.goto(f"{address}/{name}?theme={theme}&language={language}")
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            told = {what: where for what, where in page.evaluate(AUDIT).items() if where}
            if told:
                found[f"{name} {size}"] = told
    page.close()
    assert found == {}
    assert refused == []
