"""Buying words in what a customer says: who asks for a quotation has a need.

`find` looks through a text in Japanese and English. Kana, width and case do not matter;
English is matched by whole words. A word that is denied in the same breath (見積は不要,
no quote needed) is not a hit; one that is only late (見積が届かない) is.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from crm.text.buying_dictionary import DENIED_AFTER, DENIED_BEFORE, ENGLISH, JAPANESE
from crm.text.folded import folded
from crm.text.normal import fold_characters

_CLAUSE_END = re.compile(
    r"[。!?\n;]|\.\s|ガ、|(?<=マセン)ガ|(?<=マス)ガ|(?<=デス)ガ|ケド|ケレド|, but\b"
)
_SENTENCE = re.compile(r"[^。！？!?\n]+(?:[。！？!?]+|\n|$)")
_REACH = 48
"""Characters on either side within which a word can be denied."""


@dataclass(frozen=True)
class Hit:
    """A buying word: its dictionary form, where it stands in the original, its sentence."""

    word: str
    start: int
    end: int
    sentence: str


KNOWN = tuple(dict.fromkeys(word for word, _ in (*JAPANESE, *ENGLISH)))
"""What the words of the dictionary are called, each once."""


def find(text: str, withdrawn: Collection[str] | None = ()) -> list[Hit]:
    """Find the buying words of a text, in order, none inside another, denied ones left out.

    `withdrawn` are words of the dictionary that somebody took back as no sign for sales.
    """
    seen = folded(text, blanks=True)
    hits: list[Hit] = []
    for found in _ANY.finditer(seen.key):
        word = _WORDS[found.lastgroup or ""]
        if word not in (withdrawn or ()) and not _denied(seen.key, found):
            start, end = seen.span(*found.span())
            hits.append(Hit(word, start, end, _sentence(text, start)))
    return hits


def words(text: str) -> list[str]:
    """List the distinct buying words of a text in the order in which they first stand in it."""
    return list(dict.fromkeys(hit.word for hit in find(text)))


def _denied(key: str, found: re.Match[str]) -> bool:
    after = _CLAUSE_END.split(key[found.end() : found.end() + _REACH], maxsplit=1)[0]
    before = _CLAUSE_END.split(key[max(0, found.start() - _REACH) : found.start()])[-1]
    return bool(_AFTER.match(after) or _BEFORE.search(before))


def _sentence(text: str, place: int) -> str:
    for sentence in _SENTENCE.finditer(text):
        if sentence.start() <= place < sentence.end():
            return sentence[0].strip()
    return text.strip()


def _pattern(source: str) -> str:
    """Fold the kana of a pattern as texts are folded; the signs of the pattern stay."""
    return fold_characters(source)


_ENTRIES = (
    *((word, _pattern(source)) for word, source in JAPANESE),
    *((word, rf"\b(?:{source})\b") for word, source in ENGLISH),
)
_WORDS = {f"w{place}": word for place, (word, _) in enumerate(_ENTRIES)}
_ANY = re.compile("|".join(f"(?P<w{n}>{source})" for n, (_, source) in enumerate(_ENTRIES)))
_AFTER = re.compile("|".join(map(_pattern, DENIED_AFTER)))
_BEFORE = re.compile("|".join(DENIED_BEFORE))
