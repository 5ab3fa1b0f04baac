"""Words with one wrong, missing or extra character: what comes near when nothing is found.

One edit leaves everything before and behind it as it was. So a text with a near word holds the
grams of both sides of some place in the word, or those of one half of a longer word: that is
what the index is asked for, and the text is compared with what one edit may have made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from crm.search import folding
from crm.text.normal import FIELD, grams_of_term

SHORTEST, SHORTEST_LATIN, LONGEST = 4, 5, 40
"""Characters of a word that may be mistyped; one of Latin letters is longer, none is a number."""

HALVED = 8
"""From so many characters on the halves of a word tell enough."""

ANY = "\0"
"""Stands for one character whatever it is; no text holds it."""


def may_be_mistyped(term: str) -> bool:
    """Is a word long enough that one wrong character leaves it known? Numbers never are."""
    if len(term) > LONGEST or not any(char.isalpha() for char in term):
        return False
    return len(term) >= (SHORTEST_LATIN if term.isascii() else SHORTEST)


@dataclass(frozen=True)
class Near:
    """A question of which one word may hold one wrong character."""

    terms: tuple[str, ...]
    place: int

    @property
    def word(self) -> str:
        """The word that may be mistyped."""
        return self.terms[self.place]

    @property
    def others(self) -> list[str]:
        """The words that stand as they were typed."""
        return [term for n, term in enumerate(self.terms) if n != self.place]

    @cached_property
    def grams(self) -> list[list[str]]:
        """Ways in which the index may hold it: all grams of one of these."""
        beside = folding.pairs_asked(self.others)
        return [[*beside, *way] for way in _ways(self.word)]

    @cached_property
    def forms(self) -> list[str]:
        """What one edit may have made of the word, `ANY` where a character may be any."""
        return list(dict.fromkeys(_forms(self.word)))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = (re.escape(form).replace(re.escape(ANY), f"[^{FIELD}]") for form in self.forms)
        return re.compile("|".join(sorted(parts, key=len, reverse=True)))

    def within(self, text: str) -> bool:
        """Does a folded text hold all words, this one with one edit at most?"""
        return self.word_in(text) is not None and all(term in text for term in self.others)

    def word_in(self, text: str) -> str | None:
        """What stands in a folded text for the word; None when nothing comes near."""
        hit = self._pattern.search(text)
        return hit[0] if hit else None


def near_questions(terms: list[str]) -> list[Near]:
    """The ways to read a question with one wrong character."""
    return [Near(tuple(terms), n) for n, term in enumerate(terms) if may_be_mistyped(term)]


def _ways(word: str) -> list[list[str]]:
    if len(word) >= HALVED:
        half = len(word) // 2
        return [grams_of_term(word[:half]), grams_of_term(word[half:])]
    sides = ((word[:n], word[n + 1 :]) for n in range(len(word)))
    return [sorted({gram for side in pair for gram in grams_of_term(side)}) for pair in sides]


def _forms(word: str) -> Iterator[str]:
    last = len(word) - 1
    for n in range(len(word)):
        yield word[:n] + word[n + 1 :]
        if 0 < n < last:
            yield word[:n] + ANY + word[n + 1 :]
        if n:
            yield word[:n] + ANY + word[n:]
