"""Folding of text for search, and cleaning of text for storage.

What a person typed is stored as typed (`clean`); what is compared is its `search_key`.
Two texts that a Japanese reader takes for the same give the same key: width, case,
hiragana or katakana, kinds of dash, old and new kanji, blanks and middle dots.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from crm.text.variants import VARIANTS

HYPHEN = "-"
LONG = "ー"
FIELD = "\n"
"""Stands between the fields of one indexed text; no gram and no match crosses it."""

DASHES = "-‐‑‒–—―−－ｰ─━﹘﹣➖ー"
_DASH = re.compile(f"[{re.escape(DASHES)}]")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Also what turns the direction of writing round, so that a name shows another than it is."""
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_COMPOSABLE = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")
_HIRAGANA = {code: chr(code + 0x60) for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_FOLD: dict[int, str] = {**_HIRAGANA, **VARIANTS, **{ord(c): "~" for c in "〜～∼"}}
_PLAIN = re.compile("[0-9A-Za-z\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff]*")
"""Letters that are folded one by one, and once for all: most names hold no others."""
_DOTS = dict.fromkeys(map(ord, "・･·‧•"))


def is_kana(char: str) -> bool:
    """Say whether a character is hiragana or full-width katakana (ー counts, ・ does not)."""
    return "\u3041" <= char <= "\u309f" or ("\u30a1" <= char <= "\u30ff" and char != "・")


def visible(text: str) -> str:
    """Leave out what has no width: joiners, marks of direction, variants of one letter."""
    return _INVISIBLE.sub("", text)


def fold_characters(text: str) -> str:
    """Fold width, case, kana, 〜 and variant kanji; blanks, dots and dashes stay."""
    seen = visible(_CONTROL.sub("", text))
    return unicodedata.normalize("NFKC", seen).lower().translate(_FOLD)


def fold_dashes(text: str) -> str:
    """Write a dash after kana as ー, any other as -; at the start the next character decides."""
    if not _DASH.search(text):
        return text
    folded: list[str] = []
    for char in text:
        if char in DASHES:
            beside = folded[-1] if folded else text[1:2]
            char = LONG if beside and is_kana(beside) else HYPHEN
        folded.append(char)
    return "".join(folded)


@lru_cache(maxsize=8192)
def search_key(text: str) -> str:
    """Fold a text to the form in which it is searched. Folding twice changes nothing."""
    if _PLAIN.fullmatch(text):
        return fold_dashes(text.lower().translate(_FOLD))
    joined = "".join(fold_characters(text).split()).translate(_DOTS)
    return fold_dashes(fold_characters(joined))


def grams(key: str) -> list[str]:
    """List the distinct characters, pairs and triples of a key, sorted; none crosses `FIELD`."""
    found: set[str] = set()
    for field in key.split(FIELD):
        found.update(field)
        found.update(map("".join, pairwise(field)))
        found.update(map("".join, zip(field, field[1:], field[2:], strict=False)))
    return sorted(found)


def grams_across(term: str) -> list[str]:
    """List grams that cover a term and that every text with it holds, hardly overlapping.

    Triples side by side, the last one set back to be whole; of a shorter term itself.
    """
    last = max(0, len(term) - 3)
    pieces = (term[min(place, last) :][:3] for place in range(0, len(term), 3))
    return list(dict.fromkeys(pieces))


def grams_of_term(term: str) -> list[str]:
    """List the grams every text with this term in it holds: its pairs, or its one character."""
    return sorted({term[i : i + 2] for i in range(max(1, len(term) - 1))}) if term else []


def clean(text: str) -> str:
    """Prepare typed text for storage: no control characters nor turned directions of writing,
    composed, no blanks around.

    Line ends become \\n. Composing (NFC) joins カ+゛ as macOS sends it, but leaves the
    compatibility kanji (神 U+FA19 and its like) that NFC would replace by other characters.
    """
    if text.isprintable():  # no line ends, and nothing that _CONTROL takes out
        return _composed(text).strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return _composed(_CONTROL.sub("", lines)).strip()


def _composed(text: str) -> str:
    if unicodedata.is_normalized("NFC", text):
        return text
    return _COMPOSABLE.sub(lambda run: unicodedata.normalize("NFC", run[0]), text)
