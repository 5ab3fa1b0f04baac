"""Whose language a page speaks, and the Japanese of every sentence.

One catalogue per capability stands in `translations/ja/*.po`. They are merged in memory when the
first sentence is asked for, so there is nothing to compile. English is what the code says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from functools import cache, wraps
from io import BytesIO
from pathlib import Path
from typing import ParamSpec, TypeVar

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from flask_login import current_user

P = ParamSpec("P")
R = TypeVar("R")

LANGUAGES = ("ja", "en")
DEFAULT = "ja"
MOST_KEPT = 500
COOKIE = "lang"

HERE = Path(__file__).parent
CATALOGUES = HERE / "translations" / "ja"
SOURCES = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.svg", "jinja2")]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

Key = tuple[str, str | tuple[str, ...]]
"""Context (empty for most) and the English, a pair where it has a plural."""


def chosen() -> str:
    """The language of this request: the user's own, else the cookie's, else the browser's."""
    if not has_request_context():
        return DEFAULT
    own = getattr(current_user, "language", None)
    return str(own) if own in LANGUAGES else of_browser()


def of_browser() -> str:
    """The language without asking who this is, for when the database does not answer."""
    kept = request.cookies.get(COOKIE)
    if kept in LANGUAGES:
        return kept
    return request.accept_languages.best_match(LANGUAGES, DEFAULT) or DEFAULT


def per_language(say: Callable[P, R]) -> Callable[P, R]:
    """Ask a table of words once for each language: rows of a list ask it again and again.

    What it gives is shared by everybody and must not be changed; its arguments are hashable.
    """

    kept: dict[Hashable, R] = {}

    @wraps(say)
    def said(*args: P.args, **kwargs: P.kwargs) -> R:
        locale = get_locale()
        key = (locale and locale.language, args, tuple(kwargs.items()))
        found = kept.get(key)
        if found is None:
            if len(kept) > MOST_KEPT:
                kept.clear()
            found = kept[key] = say(*args, **kwargs)
        return found

    return said


class Catalogues(Domain):
    """The merged catalogues, as Flask-Babel's domain."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return japanese() if locale is not None and locale.language == "ja" else english()


DOTS = {"ja": " ・ ", "en": " · "}
"""What parts two words that stand beside each other."""


def dot() -> str:
    """The mark between two words, in the reader's language."""
    locale = get_locale()
    return DOTS["en" if locale is not None and locale.language == "en" else "ja"]


def with_english_dots(text: str) -> str:
    """The same with the dot of Latin letters instead of that of kana."""
    return text.replace(DOTS["ja"], DOTS["en"])


class English(NullTranslations):
    """What the code says, with English dots."""

    def ugettext(self, message: str) -> str:
        """One sentence."""
        return with_english_dots(super().ugettext(message))

    def ungettext(self, one: str, many: str, number: int) -> str:
        """A sentence that counts."""
        return with_english_dots(super().ungettext(one, many, number))

    def upgettext(self, context: str, message: str) -> str:
        """One sentence that means something else elsewhere."""
        return with_english_dots(super().upgettext(context, message))

    def unpgettext(self, context: str, one: str, many: str, number: int) -> str:
        """Such a sentence that counts."""
        return with_english_dots(super().unpgettext(context, one, many, number))


@cache
def english() -> NullTranslations:
    """What the code says, as translations."""
    return English()


@cache
def japanese() -> NullTranslations:
    """All of `translations/ja/*.po` as one set of translations."""
    merged = Catalog(locale="ja", domain="messages")
    for _, (context, words), text in _sentences():
        merged.add(words, text, context=context or None)
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def missing_messages() -> list[str]:
    """English sentences in code and templates that have no Japanese, with file and line."""
    known = {key for _, key, text in _sentences() if _told(text)}
    singles = {(context, words[0]) for context, words in known if isinstance(words, tuple)}
    found = []
    for file, line, words, _, context in extract_from_dir(
        str(HERE), method_map=SOURCES, keywords=KEYWORDS, comment_tags=()
    ):
        key: Key = (context or "", words)
        if key not in known and key not in singles and words:
            found.append(f"{file}:{line} {words!r}")
    return sorted(found)


def contradictions() -> list[str]:
    """Sentences to which two catalogues give different Japanese."""
    told: dict[Key, dict[tuple[str, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
    for file, key, text in _sentences():
        told[key][_forms(text)].append(file)
    return [
        f"{key[1]!r}: "
        + "; ".join(f"{''.join(text)} ({', '.join(files)})" for text, files in versions.items())
        for key, versions in told.items()
        if len(versions) > 1
    ]


def _sentences() -> Iterator[tuple[str, Key, str | tuple[str, ...]]]:
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="ja"):
                if message.id:
                    words = tuple(message.id) if message.pluralizable else str(message.id)
                    text = message.string
                    yield (
                        path.name,
                        (message.context or "", words),
                        (tuple(text) if isinstance(text, (tuple, list)) else str(text)),
                    )


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def _told(text: str | tuple[str, ...]) -> bool:
    return all(_forms(text))


class Languages(Babel):
    """Flask-Babel with our catalogues for its one domain."""

    @property
    def domain_instance(self) -> Domain:
        """Where every sentence is looked up."""
        return Catalogues()


def init_app(app: Flask) -> None:
    """Let every request speak the language of its reader."""
    Languages().init_app(app, locale_selector=chosen)
