"""Templates compiled for a language say and escape what they said before."""

from __future__ import annotations

import pytest
from flask import Flask, render_template
from flask_babel import force_locale
from jinja2 import DictLoader

from crm import language, look, templating
from crm.app import Engawa

pytestmark = pytest.mark.once

PAGES = {
    "plain.html": "{{ _('Deals') }}|{{ gettext('Deals') }}|{{ pgettext('deal', 'Owner') }}",
    "filled.html": "{{ _('day %(n)s', n=n) }}",
    "number.html": "{{ ngettext('%(num)s deal', '%(num)s deals', n) }}",
    "asked.html": "{{ _(which) }}",
    "drawn.html": "{{ icon('plus') }}{{ icon(which) }}",
    "percent.html": "{{ _('100%% of it') }}",
    "note.txt": "{{ _('day %(n)s', n=n) }}",
    "part.html": "{% macro say(n) %}{{ _('day %(n)s', n=n) }}{% endmacro %}",
    "dots.html": "A ・ {{ _('%(day)s ・ %(n)s d', day=n, n=2) }}{{ ' ・ ' ~ n }}",
    "whole.html": "{% from 'part.html' import say %}{{ say(n) }}",
}


@pytest.fixture
def pages() -> Flask:
    """An application of these few templates, made as Engawa makes its own."""
    made = Engawa(__name__)
    made.config["ZONE"] = None
    language.init_app(made)
    look.init_app(made)
    made.jinja_env.loader = DictLoader(PAGES)
    return made


def told(app: Flask, name: str, spoken: str, **values: object) -> str:
    with app.test_request_context(), force_locale(spoken):
        return render_template(name, **values)


def test_one_template_speaks_both_languages_in_turn(pages: Flask) -> None:
    assert told(pages, "plain.html", "ja") == "案件|案件|担当"
    assert told(pages, "plain.html", "en") == "Deals|Deals|Owner"
    assert told(pages, "plain.html", "ja") == "案件|案件|担当"


def test_words_are_parted_by_the_dot_of_their_language_and_what_was_typed_is_not_touched(
    pages: Flask,
) -> None:
    assert told(pages, "dots.html", "en", n="a ・ b") == "A · a ・ b · 2 d · a ・ b"
    assert told(pages, "dots.html", "ja", n="a") == "A ・ a ・ 2日 ・ a"


def test_what_a_sentence_is_filled_with_is_escaped(pages: Flask) -> None:
    assert "&lt;b&gt;" in told(pages, "filled.html", "ja", n="<b>")
    assert "&lt;b&gt;" in told(pages, "whole.html", "en", n="<b>")
    assert "<b>" in told(pages, "note.txt", "en", n="<b>")


@pytest.mark.parametrize(("n", "said"), [(1, "1 deal"), (0, "0 deals"), (2, "2 deals")])
def test_plurals_follow_the_number(pages: Flask, n: int, said: str) -> None:
    assert told(pages, "number.html", "en", n=n) == said
    assert told(pages, "number.html", "ja", n=n) == f"{n}件"


def test_what_is_worked_out_is_asked_for_then(pages: Flask) -> None:
    assert told(pages, "asked.html", "ja", which="Deals") == "案件"
    drawn = told(pages, "drawn.html", "ja", which="plus")
    assert drawn.count("<svg") == 2 and drawn[: len(drawn) // 2] == drawn[len(drawn) // 2 :]


def test_a_percent_sign_is_written_as_before(pages: Flask) -> None:
    assert told(pages, "percent.html", "en") == "100% of it"


def test_sentences_stand_in_the_compiled_template(pages: Flask) -> None:
    told(pages, "plain.html", "ja")
    spoken = pages.jinja_env.by_language["ja"]
    assert isinstance(spoken, templating.Environment)
    written = spoken.compile(PAGES["plain.html"], raw=True)
    assert "案件" in written and "gettext" not in written
