"""Readings (フリガナ): one way of writing them, and their order.

A code-point sort of kana puts サーバー after サイトウ and ヴィレッジ after ン. `kana_key`
gives the order of a Japanese index in the spirit of JIS X 4061, in any database that sorts
by code point (collation "C" on PostgreSQL).
"""

import re
import unicodedata
from functools import lru_cache

import jaconv

from crm.text.normal import DASHES, LONG, clean, fold_dashes, is_kana, search_key

KEY_LENGTH = 120
"""No sort key is longer, so that a column can hold any."""
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_VOICED, _HALF_VOICED = "\u3099", "\u309a"
_WRITTEN = re.compile("(?:[\u30a1-\u30fa]\u30fc*)*")
"""A reading as it is to be written."""


def reading(text: str) -> str:
    """Write a reading in full-width katakana; other characters stay, blanks become one.

    Accepts half-width katakana and hiragana, composed or not. The legal form of a company is
    not part of its reading: leave it out with `legal_form` where it was typed.
    """
    if _WRITTEN.fullmatch(text):
        return text
    wide = jaconv.hira2kata(jaconv.h2z(" ".join(clean(text).split()), kana=True))
    return unicodedata.normalize("NFC", fold_dashes(wide)) if _has_kana(wide) else wide


def kana_key(text: str) -> str:
    """Give the sort key of a reading: first the sound, then dakuten, then small and long.

    >>> sorted(["サイトウ", "サーバー", "サアバ"], key=kana_key)
    ['サアバ', 'サーバー', 'サイトウ']
    """
    heard = search_key(text)[: KEY_LENGTH // 3]
    sound = heard.translate(_SOUNDS)
    if LONG in heard:
        sound = _drawn_out(sound)
    key = f"{sound} {heard.translate(_VOICES)}{heard.translate(_SIZES)}".strip()
    return key[:KEY_LENGTH]


def _taken_apart(char: str) -> tuple[str, str, str]:
    """Split one character into its plain sound, its voicing (0-2) and its size (0-2)."""
    if char == LONG:
        return char, "0", "0"
    letter, *marks = list(unicodedata.normalize("NFD", char) if is_kana(char) else char)
    plain = letter.translate(_SMALL)
    voice = "1" if _VOICED in marks else "2" if _HALF_VOICED in marks else "0"
    return plain, voice, "2" if plain == letter else "1"


class _Parts(dict[int, str]):
    """One of the three parts of every character that was met."""

    def __init__(self, part: int) -> None:
        super().__init__()
        self._part = part

    def __missing__(self, code: int) -> str:
        found = self[code] = _taken_apart(chr(code))[self._part]
        return found


_SOUNDS, _VOICES, _SIZES = _Parts(0), _Parts(1), _Parts(2)


def _drawn_out(sound: str) -> str:
    """Write the vowel for every long sound."""
    written: list[str] = []
    for char in sound:
        written.append((_vowel(written[-1] if written else "") or char) if char == LONG else char)
    return "".join(written)


@lru_cache(maxsize=256)
def _vowel(kana: str) -> str:
    """Give the vowel a long sound repeats: ア for カ, ン for ン, nothing for other characters."""
    name = unicodedata.name(kana, "") if kana else ""
    last = name[-1:] if name.startswith("KATAKANA LETTER") else ""
    return {"A": "ア", "I": "イ", "U": "ウ", "E": "エ", "O": "オ", "N": "ン"}.get(last, "")


def _has_kana(text: str) -> bool:
    return any(is_kana(char) and char not in DASHES for char in text)
