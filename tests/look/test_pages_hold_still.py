"""What keeps pages safe and drawable: no inline code, only icons that exist, files to be kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from crm import look
from crm.app import create_app
from tests.conftest import settings_for
from tests.look.gallery import ERRORS, PAGES, gallery

pytestmark = pytest.mark.once

TEMPLATES = Path(look.__file__).parent / "templates"
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:|hx-on", re.I)
ICON = re.compile(r"""icon\(\s*["']([a-z0-9-]+)["']""")


def _screens() -> list[Path]:
    """All templates but those of the PDF, which no browser loads."""
    return [path for path in TEMPLATES.rglob("*.html") if "paper" not in path.parts]


def test_no_template_carries_script_or_style_of_its_own() -> None:
    found = [
        f"{path.relative_to(TEMPLATES)}: {match.group()}"
        for path in _screens()
        for match in INLINE.finditer(path.read_text())
    ]
    assert found == []


def test_every_icon_that_a_template_names_is_fetched() -> None:
    listed = {
        line.strip()
        for line in (look.STATIC / "icons.txt").read_text().splitlines()
        if line.strip() and not line.startswith("#")
    }
    named = {(name, path.name) for path in _screens() for name in ICON.findall(path.read_text())}
    assert sorted(one for one in named if one[0] not in listed) == []


def test_a_file_with_its_version_is_kept_for_a_year_and_a_stale_one_is_not(app: Flask) -> None:
    with app.test_request_context():
        address = look.asset("engawa.css")
    client = app.test_client()
    assert "max-age=31536000" in client.get(address).headers["Cache-Control"]
    stale = client.get("/assets/0000000000/engawa.css")
    assert stale.status_code == 200
    assert "31536000" not in stale.headers.get("Cache-Control", "")
    assert client.get("/assets/x/../../../config.py").status_code == 404


def test_every_gallery_page_and_every_error_is_drawn_in_both_languages(tmp_path: Path) -> None:
    client = gallery(tmp_path).test_client()
    for language in ("ja", "en"):
        for name in [*PAGES, *(f"error/{status}" for status in ERRORS)]:
            page = client.get(f"/gallery/{name}?language={language}")
            assert page.status_code == 200, name
            assert INLINE.search(page.text) is None, name


def test_a_page_says_what_it_is(tmp_path: Path) -> None:
    page = gallery(tmp_path).test_client().get("/gallery/deal").text
    assert "<title>LX-310 更新（2号機） · 縁側</title>" in page


def test_a_filter_changes_the_address_and_forgets_the_cursor(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path))
    with app.test_request_context("/deals?stage=proposal&owner=me&cursor=abc"):
        assert look.here(sort="-amount") == "/deals?stage=proposal&owner=me&sort=-amount"
        assert look.here(stage=None, owner=None) == "/deals"
