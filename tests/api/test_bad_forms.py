"""Whatever stands in a form or behind a question mark: a page in answer, never a crash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.people import Company
from tests.rights.routes import ways
from tests.rights.world import World, build

pytestmark = [pytest.mark.slow, pytest.mark.late]

JUNK = (
    "a\x00b", "9" * 400, str(2**63), "-1", "1.5", "2026-02-30", "0000-01-01", "9999-12-31",
    "１２", "\u202ex", "[]", "%", "'\"<script>", "あ" * 500, "",
)  # fmt: skip
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
NAME = re.compile(r'\bname="([^"]+)"')
LINK = re.compile(r'\b(?:href|hx-get)="(/[^"]*\?[^"]*)"')


def pages(app: Flask, world: World, browser: Any) -> Iterator[tuple[str, str]]:
    """Every page that can be opened: its address and what it holds."""
    for way in ways(app):
        if way.api or way.method != "GET" or way.right is None:
            continue
        key = next(iter(world.places(way.record_kind).values())) if way.argument else None
        answer = browser.get(way.address(key))
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield way.address(key), answer.text
        answer.close()


def forms(address: str, page: str) -> Iterator[tuple[str, str, set[str]]]:
    """Method, address and names of the fields of each form of a page."""
    for start, inside in FORM.findall(page):
        told = dict(re.findall(r'\b(method|action)="([^"]*)"', start))
        names = set(NAME.findall(inside)) - {"csrf_token"}
        yield told.get("method", "get").lower(), told.get("action") or address, names


def test_whatever_is_typed_into_a_form_or_an_address_is_answered_by_a_page(
    app: Flask, company: Company, sign_in: Callable[..., Any]
) -> None:
    with app.app_context():
        world = build(company, "admin")
    browser, junk = sign_in(company.admin), cycle(JUNK)
    posted: dict[str, set[str]] = {}
    asked: set[tuple[str, str]] = set()
    for address, page in pages(app, world, browser):
        for link in map(urlsplit, LINK.findall(page.replace("&amp;", "&"))):
            asked |= {(link.path, name) for name, _value in parse_qsl(link.query)}
        for method, where, names in forms(address, page):
            if method == "post" and names:
                posted[where] = posted.get(where, set()) | names
            elif method == "get":
                asked |= {(urlsplit(where).path, name) for name in names}
    wrong: list[tuple[object, int]] = []

    def judge(what: object, answer: TestResponse) -> None:
        said = answer.status_code < 400 or (answer.status_code < 500 and "<h" in answer.text)
        if not said:
            wrong.append((what, answer.status_code))
        answer.close()

    for address, names in sorted(posted.items()):
        value = next(junk)
        judge((address, value), browser.post(address, data=dict.fromkeys(names, value)))
    for path, name in sorted(asked):
        value = next(junk)
        judge((path, name, value), browser.get(path, query_string={name: value}))
    assert len(posted) > 60 and len(asked) > 100
    assert wrong == []
