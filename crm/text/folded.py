"""Folded text that remembers where each of its characters stood in the original."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from crm.text.normal import fold_characters, fold_dashes, search_key

_MARKS = "ﾞﾟ゙゚゛゜"
_DOTS = "・･·‧•"


@dataclass(frozen=True)
class Folded:
    """A folded text; character i of `key` came from `original[starts[i]:ends[i]]`."""

    original: str
    key: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the original of `key[start:end]`, which must not be empty."""
        return self.starts[start], self.ends[end - 1]


def folded(text: str, *, blanks: bool = False) -> Folded:
    """Fold a text as `search_key` does, character by character, keeping positions.

    With `blanks` every run of white space stays as one blank and middle dots stay, so that
    words of a spaced language can be told apart.
    """
    key: list[str] = []
    places: list[tuple[int, int]] = []
    for start, end in pairwise(_cuts(text)):
        for char in fold_characters(text[start:end]):
            if char.isspace():
                char = " " if blanks and key[-1:] != [" "] else ""
            if not char or (char in _DOTS and not blanks):
                continue
            joined = fold_characters(key[-1] + char) if key and _joins(char) else ""
            if len(joined) == 1:  # a mark that stood behind a blank, which is gone
                key[-1], places[-1] = joined, (places[-1][0], end)
            else:
                key.append(char)
                places.append((start, end))
    dashed = fold_dashes("".join(key))
    return Folded(text, dashed, tuple(p[0] for p in places), tuple(p[1] for p in places))


def _cuts(text: str) -> list[int]:
    """Cut before every character that does not join the one before it."""
    return [0, *(i for i in range(1, len(text)) if not _joins(text[i])), len(text)] if text else []


def _joins(char: str) -> bool:
    return char in _MARKS or unicodedata.combining(char) != 0


def mark(text: str, terms: list[str]) -> list[tuple[str, bool]]:
    """Cut a text into pieces, telling which of them match one of the folded terms.

    >>> mark("山田製作所", ["山田"])
    [('山田', True), ('製作所', False)]
    """
    seen = folded(text)
    wanted = [re.escape(term) for term in sorted(terms, key=len, reverse=True) if term]
    if not wanted or seen.key != search_key(text):
        return [(text, False)] if text else []
    pieces: list[tuple[str, bool]] = []
    last = 0
    for hit in re.finditer("|".join(wanted), seen.key):
        start, end = seen.span(*hit.span())
        start = max(start, last)
        pieces += [(text[last:start], False), (text[start:end], True)]
        last = max(end, last)
    return [piece for piece in (*pieces, (text[last:], False)) if piece[0]]
