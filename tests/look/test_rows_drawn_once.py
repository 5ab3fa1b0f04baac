"""Rows that are drawn once: from their values alone, anew when one of them or the day changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from jinja2 import Environment, nodes
from markupsafe import Markup

import crm
from crm import drawn
from crm.deals import actions
from crm.extensions import db
from crm.staff.models import Staff
from crm.support.models import Ticket
from tests.deals.records import customer
from tests.people import Company

pytestmark = pytest.mark.once

TEMPLATES = Path(crm.__file__).parent / "templates"
PURE = {"icon", "today", "language", "_", "gettext", "ngettext", "pgettext", "caller"}
"""What the language, the day and the arguments decide. No `now`, nothing of the request."""
TURNING = {"ago"}
"""Filters that say something else an hour later."""
NOON = datetime(2026, 11, 20, 3, tzinfo=UTC)


class Known:
    """What the macros of a template use that they are not given."""

    def __init__(self, name: str) -> None:
        self.tree = Environment(autoescape=True).parse((TEMPLATES / name).read_text())
        self.macros = {one.name: one for one in self.tree.find_all(nodes.Macro)}
        self.imported = {
            (one[1] if isinstance(one, tuple) else one): (
                (one[0] if isinstance(one, tuple) else one), part.template.value, part.with_context
            )
            for part in self.tree.find_all(nodes.FromImport)
            for one in part.names
        }  # fmt: skip

    def uses(self, macro: str, seen: set[str]) -> Iterator[str]:
        """Every name and filter, also of the macros that it calls."""
        if macro in seen:
            return
        seen.add(macro)
        body = self.macros[macro]
        yield from (f"|{one.name}" for one in body.find_all(nodes.Filter) if one.name in TURNING)
        names = list(body.find_all(nodes.Name))
        own = {one.name for one in names if one.ctx in ("param", "store")}
        for name in {one.name for one in names if one.ctx == "load"} - own - PURE:
            if name in self.macros:
                yield from self.uses(name, seen)
            elif name in self.imported:
                there, template, with_context = self.imported[name]
                if with_context:
                    yield f"{name} with context"
                yield from Known(template).uses(there, set())
            else:
                yield name


def drawn_once() -> list[tuple[str, str]]:
    """Template and name of every macro that is handed to `once`."""
    found = set()
    for path in TEMPLATES.rglob("*.html"):
        name = str(path.relative_to(TEMPLATES))
        for macro in re.findall(r"\bonce\((\w+)", path.read_text()):
            there, template, with_context = Known(name).imported[macro]
            assert not with_context, f"{name} imports {macro} with context"
            found.add((template, there))
    return sorted(found)


def test_what_is_drawn_once_depends_on_its_values_alone():
    some = drawn_once()
    assert len(some) >= 5
    assert {one: set(Known(one[0]).uses(one[1], set())) for one in some} == {
        one: set() for one in some
    }


def test_the_look_at_templates_finds_what_it_looks_for():
    assert "kept" in set(Known("deals/_frame.html").uses("bar", set()))
    assert "request" in set(Known("attributes/_filter.html").uses("custom_filter", set()))


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> dict[object, Markup]:
    """Nothing is drawn yet."""
    kept: dict[object, Markup] = {}
    monkeypatch.setattr(drawn, "_drawn", kept)
    return kept


def test_the_same_values_are_drawn_once_a_day(app: Flask, forgotten):
    told = []

    def draw(*values: object) -> Markup:
        told.append(values)
        return Markup("<b>{}</b>").format(*values)

    with app.app_context(), time_machine.travel(NOON, tick=False) as at:
        assert [drawn.once(draw, "a"), drawn.once(draw, "a"), drawn.once(draw, "<")] == [
            "<b>a</b>", "<b>a</b>", "<b>&lt;</b>",
        ]  # fmt: skip
        assert told == [("a",), ("<",)]
        at.shift(timedelta(days=1))
        drawn.once(draw, "a")
        assert told == [("a",), ("<",), ("a",)]


def test_a_text_is_not_taken_for_the_markup_it_spells(app: Flask, forgotten):
    def draw(value: str) -> Markup:
        return Markup("{}").format(value)

    with app.app_context():
        assert drawn.once(draw, Markup("<b>")) == "<b>"
        assert drawn.once(draw, "<b>") == "&lt;b&gt;"


def test_no_more_rows_are_kept_than_are_said(app: Flask, forgotten, monkeypatch):
    monkeypatch.setattr(drawn, "MOST", 3)
    with app.app_context():
        for number in range(10):
            drawn.once(lambda one: Markup(one), str(number))
            assert len(forgotten) <= 3


def test_a_list_says_what_is_true_now(app: Flask, api, company: Company, sign_in, forgotten):
    """Another subject, a promise that runs out, a day that ends, another reader's language."""
    with time_machine.travel(NOON, tick=False) as at:
        with app.app_context():
            body = {"account_id": customer(company.rep).id, "subject": "恒温槽が温まらない"}
        ticket = api(company.clerk).post("/tickets", body).json["id"]

        def listed() -> str:
            page = str(sign_in(company.clerk).get("/tickets").text)
            return page.partition("<tbody>")[2].partition("</tbody>")[0]

        first = listed()
        assert "恒温槽が温まらない" in first
        assert "12:00" in first
        assert 'class="bad"' not in first
        assert listed() == first
        assert len(forgotten) == 1
        with app.app_context():
            one = db.session.get_one(Ticket, ticket)
            one.subject, due = "恒温槽が冷えない", one.due_at
            db.session.commit()
        assert "恒温槽が冷えない" in listed()
        assert due is not None
        at.move_to(due + timedelta(minutes=1))
        assert 'class="bad"' in listed()
        at.move_to(NOON + timedelta(days=30))
        assert "12:00" not in listed()
        with app.app_context():
            db.session.get_one(Staff, company.clerk).language = "en"
            db.session.commit()
        assert "20 Nov" in listed()


def test_amounts_drawn_for_a_manager_are_not_shown_to_an_engineer(
    app: Flask, company: Company, sign_in, forgotten
):
    with app.app_context():
        user = db.session.get_one(Staff, company.rep)
        at = customer(company.rep).id
        actions.open_deal({"title": "更新", "account_id": at, "amount": 7_654_321}, user)
        db.session.commit()
    for place in ("/deals?team=all", "/deals/board?team=all"):
        assert "7,654,321" in sign_in(company.manager).get(place).text
        seen = sign_in(company.engineer).get(place)
        assert seen.status_code == 200
        assert "更新" in seen.text
        assert "7,654,321" not in seen.text
