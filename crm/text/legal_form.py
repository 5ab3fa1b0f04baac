"""Japanese legal forms (法人格) in company names: found, spelled out, abbreviated, left out.

The side matters: 株式会社山田 and 山田株式会社 are two companies. Outgoing documents carry
the full form (`display`); lists inside the house may shorten it (`short`).
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import jaconv

from crm.text.legal_forms import COMPANIES, CORPORATIONS, FOREIGN, FORMS
from crm.text.normal import search_key

Position = Literal["before", "after", "middle"]


class CompanyName(NamedTuple):
    """A company name taken apart. `tail` is what follows a form in the middle of the name."""

    form: str | None
    position: Position | None
    core: str
    tail: str = ""

    @property
    def display(self) -> str:
        """The name with its form spelled out on its own side, for everything that goes out."""
        return self._joined(self.form or "")

    @property
    def short(self) -> str:
        """The name with its form abbreviated on its own side, for lists inside the house."""
        return self._joined(_SHORT.get(self.form or "", self.form or ""))

    def _joined(self, form: str) -> str:
        if self.position == "before":
            return form + self.core
        blank = " " if form.isascii() else ""
        return f"{self.core}{blank}{form}{self.tail}" if form else self.core


def split(name: str) -> CompanyName:
    """Take a company name apart; a name without a known form has `form` None."""
    text = name.strip()
    for position, pattern_for in _PATTERNS.items():
        pattern = pattern_for(text)
        hit = pattern.search(text) if pattern else None
        if not hit:
            continue
        head, tail = _trimmed(text[: hit.start()]), _trimmed(text[hit.end() :])
        if head and tail:
            return CompanyName(_full(hit), "middle", head, tail)
        if head or tail:
            return CompanyName(_full(hit), position, head or tail)
    return CompanyName(None, None, text)


def display(name: str) -> str:
    """Spell out the legal form: ㈱山田 → 株式会社山田."""
    return split(name).display


def short(name: str) -> str:
    """Abbreviate the legal form on its side: 山田株式会社 → 山田㈱."""
    return split(name).short


def name_core_key(name: str) -> str:
    """Give the search key of a name without its legal form, for finding doubles.

    Equal keys do not prove the same company: hundreds share one name. Compare the
    corporate number, or the address and the phone, as well.
    """
    parts = split(name)
    return search_key(parts.core + parts.tail)


def without_forms(key: str) -> list[str]:
    """Cut a search key at every legal form in it and return what stands between."""
    return [part for part in _IN_KEY.split(key) if part]


def only_forms(typed: str) -> bool:
    """Was nothing typed but legal forms, which no search asks for?"""
    return bool(typed.strip()) and not any(map(without_forms, search_key(typed).split()))


@lru_cache(maxsize=4096)
def _before(first: str) -> re.Pattern[str] | None:
    """The forms before a name that begins with a character: of two hundred words hardly any."""
    own, banks = _with(_SPELLINGS, first, 0), _with(_BANKS_BEFORE, first, 0)
    return re.compile(f"^(?P<form>{_one_of(own)}|{_one_of(banks)})") if own or banks else None


@lru_cache(maxsize=4096)
def _after(last: str) -> re.Pattern[str] | None:
    """The forms behind a name that ends with a character; every one where it has other forms."""
    words: tuple[Iterable[str], ...] = (_SPELLINGS, _BANKS_AFTER, FOREIGN)
    if last in _LAST or _IN_WORDS.match(last):
        words = tuple(_with(some, last, -1) for some in words)
    if not any(words):
        return None
    own, banks, foreign = map(_one_of, words)
    return re.compile(f"(?P<form>{own}|{banks}|(?<=[\\s\u3000,、.．]){foreign})$", re.I)


def _with(spellings: Iterable[str], char: str, place: int) -> list[str]:
    return [one for one in spellings if char in _end_of(one, place)]


def _middle(text: str) -> re.Pattern[str] | None:
    return None if _MIDDLE_FIRST.isdisjoint(text) else _MIDDLE


def _trimmed(text: str) -> str:
    return text.strip(" \t\u3000,、")


def _full(hit: re.Match[str]) -> str:
    return _full_of(hit["form"])


@lru_cache(maxsize=512)
def _full_of(spelling: str) -> str:
    return _FULL.get(_plain(spelling), spelling)


def _plain(spelling: str) -> str:
    return re.sub("[.,]", "", search_key(spelling))


def _loose(spelling: str) -> str:
    """Match a spelling in full or half width, with blanks inside its brackets."""
    loose = {"(": r"[(（]\s*", ")": r"\s*[)）]", " ": r"\s*", ".": "[.．]?", ",": "[,，、]?"}
    return "".join(loose.get(char) or _any_width(char) for char in spelling)


def _any_width(char: str) -> str:
    wide = jaconv.h2z(char, ascii=True, digit=True)
    narrow = jaconv.z2h(char, kana=True)
    return f"(?:{re.escape(char)}|{re.escape(wide)}|{re.escape(narrow)})"


def _one_of(spellings: Iterable[str]) -> str:
    ordered = sorted(set(spellings), key=len, reverse=True)
    return f"(?:{'|'.join(map(_loose, ordered))})" if ordered else "(?!)"


def _ends(spellings: Iterable[str], place: int) -> frozenset[str]:
    """The characters with which spellings begin (0) or end (-1)."""
    return frozenset().union(*(_end_of(one, place) for one in spellings))


@cache
def _end_of(spelling: str, place: int) -> frozenset[str]:
    """The characters with which one begins (0) or ends (-1), however wide, large or small."""
    found: set[str] = set()
    plain = spelling.rstrip(".") if place else spelling
    for char in (spelling[place], plain[place]):
        wide = jaconv.h2z(char, ascii=True, digit=True)
        for one in (char, wide, jaconv.z2h(char, kana=True)):
            found |= {one[place], one[place].lower(), one[place].upper()}
    return frozenset(found)


_BANK = {form.bank: form.full for form in FORMS if form.bank}
_SHORT = {form.full: form.short for form in FORMS if form.short}
_FULL = {
    **{_plain(spelling): form.full for form in FORMS for spelling in form.spellings},
    **{
        _plain(f"{a}{bank}{b}"): full for bank, full in _BANK.items() for a, b in ("()", " )", "( ")
    },
}
_SPELLINGS = [spelling for form in FORMS for spelling in form.spellings]
_BANKS_BEFORE = [f"{a}{bank})" for bank in _BANK for a in ("", "(")]
_BANKS_AFTER = [f"({bank}{b}" for bank in _BANK for b in ("", ")")]
_IN_THE_MIDDLE = [spelling for form in COMPANIES[:3] for spelling in form.spellings[:4]]
_BANKS_MIDDLE = [f"({bank})" for bank in _BANK]
_MIDDLE = re.compile(f"(?P<form>{_one_of(_IN_THE_MIDDLE)}|{_one_of(_BANKS_MIDDLE)})")
_MIDDLE_FIRST = _ends((*_IN_THE_MIDDLE, "("), 0)
_PATTERNS: dict[Position, Callable[[str], re.Pattern[str] | None]] = {
    "before": lambda text: _before(text[:1]),
    "after": lambda text: _after(text[-1:]),
    "middle": _middle,
}
"""What is looked for on each side of a text; nothing where it cannot stand."""
_LAST = _ends((*_SPELLINGS, *_BANKS_AFTER, *FOREIGN), -1)
_IN_WORDS = re.compile("[0-9A-Za-z\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff]")
"""Characters that have no other large or small form than `_ends` knows."""
_KEYS = {search_key(s) for form in (*COMPANIES, *CORPORATIONS) for s in form.spellings}
_IN_KEY = re.compile("|".join(re.escape(key) for key in sorted(_KEYS, key=len, reverse=True)))
