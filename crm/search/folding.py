"""What is compared: the folded text and grams of an entry, the keys and terms of a question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from zlib import crc32

from crm.text.legal_form import without_forms
from crm.text.normal import FIELD, grams, grams_across, grams_of_term, search_key
from crm.text.phone import digits, e164
from crm.text.serial import squashed

MOST_CHARACTERS = 100
MOST_TERMS = 8
MOST_GRAMS = 3
LAST_KANA = "\u30ff"
LAST = "\U0010ffff"
"""Sorts after everything, in both databases."""

_INVOICE = re.compile("T[0-9]{13}")


def text_of(fields: list[str]) -> str:
    """Fold the searchable fields of a record into one text, legal forms left out."""
    return FIELD.join(part for field in fields for part in without_forms(search_key(field)))


def label_key(label: str) -> str:
    """Fold a label for finding it by its beginning: without legal form."""
    return "".join(without_forms(search_key(label)))


def grams_of(marks: Iterable[str], text: str) -> list[str]:
    """List what the index holds for an entry: its marks, and the grams of its text."""
    return [*marks, *grams(text)]


def codes(some: Iterable[str]) -> list[int]:
    """Grams as numbers of 32 bits, a third of their size: two that fall together are told apart
    when the text is compared."""
    return [crc32(gram.encode()) - 2**31 for gram in some]


def array_of(some: Iterable[str]) -> str:
    """The codes of grams as PostgreSQL reads an array."""
    return "{" + ",".join(map(str, codes(some))) + "}"


def tokens(some: list[str]) -> list[str]:
    """Write grams as words of plain letters, which no tokenizer of FTS5 takes apart."""
    return ["x".join(f"{ord(char):x}" for char in gram) for gram in some]


def identifier_keys(typed: str) -> set[str]:
    """Give the keys under which a number is kept and asked for, however it is typed.

    Letters and digits alone, upper case; a T number as its corporate number; a telephone
    number as dialled inside Japan and from abroad.
    """
    bare = squashed(typed)
    keys = {bare, bare[1:] if _INVOICE.fullmatch(bare) else bare}
    if len(digits(typed)) >= 9:
        try:
            abroad = e164(typed)
        except ValueError:
            abroad = ""
        keys |= {abroad[1:], f"0{abroad[3:]}"} if abroad.startswith("+81") else {abroad[1:]}
    return keys - {""}


def terms_of(question: str) -> list[str]:
    """Split a question into folded terms: legal forms and doubles left out, eight at most."""
    keys = (search_key(word) for word in question[:MOST_CHARACTERS].split())
    terms = [part for key in keys for part in without_forms(key)]
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def grams_asked(terms: list[str]) -> list[str]:
    """List grams that every answer holds: all of a few, of more the ones that tell the most.

    One with a kanji stands in fewer texts than others of its length; each further one costs the
    index a look. The text itself is compared in any case.
    """
    return _telling(gram for term in terms for gram in grams_across(term))


def pairs_asked(terms: list[str]) -> list[str]:
    """The same without triples, for entries of an older make and for words that may be wrong."""
    return _telling(gram for term in terms for gram in grams_of_term(term))


def tells(gram: str) -> bool:
    """Has it a kanji? Of those there are so many that each stands in few texts."""
    return max(gram) > LAST_KANA


def _telling(some: Iterable[str]) -> list[str]:
    every = list(dict.fromkeys(some))
    telling = [gram for gram in every if tells(gram)]
    others = [gram for gram in every if gram not in telling]
    return [*_some_of(telling, MOST_GRAMS), *_some_of(others, MOST_GRAMS - len(telling))]


def _some_of(grams: list[str], most: int) -> list[str]:
    return grams[:: max(1, -(-len(grams) // most))][:most] if most > 0 else []
