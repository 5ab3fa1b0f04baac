"""A browser, and the gallery served to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.look.gallery import gallery
from tests.serving import served


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the gallery is served."""
    with served(gallery(tmp_path_factory.mktemp("gallery"))) as origin:
        yield f"{origin}/gallery"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desk."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP")
    page = context.new_page()
    page.set_default_timeout(5000)
    yield page
    context.close()
