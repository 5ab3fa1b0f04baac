"""Japanese legal forms (法人格) in company names: found, spelled out, abbreviated, left out.

The side matters: 株式会社山田 and 山田株式会社 are two companies. Outgoing documents carry
the full form (`display`); lists inside the house may shorten it (`short`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import jaconv

from crm.text.legal_forms import COMPANIES, CORPORATIONS, FOREIGN, FORMS
from crm.text.normal import search_key

Position = Literal["before", "after", "middle"]


@dataclass(frozen=True)
class CompanyName:
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
    for position, pattern in _PATTERNS.items():
        hit = pattern.search(text) if _may_hold(text, position) else None
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


def _may_hold(text: str, position: Position) -> bool:
    """Look at a character or two before a pattern of two hundred words is tried everywhere."""
    if position == "before":
        return text[:1] in _FIRST
    if position == "after":
        last = text[-1:]
        return last in _LAST or not _IN_WORDS.match(last) or not _BRACKETS.isdisjoint(text)
    return not _MIDDLE_FIRST.isdisjoint(text)


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
    return f"(?:{'|'.join(map(_loose, ordered))})"


def _ends(spellings: Iterable[str], place: int) -> frozenset[str]:
    """The characters with which spellings begin (0) or end (-1), however wide, large or small."""
    found: set[str] = set()
    for spelling in spellings:
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
_EVERY = _one_of(_SPELLINGS)
_FOREIGN = _one_of(FOREIGN)
_IN_THE_MIDDLE = [spelling for form in COMPANIES[:3] for spelling in form.spellings[:4]]
_MIDDLE = _one_of(_IN_THE_MIDDLE)
_BANK_BEFORE = _one_of(f"{a}{bank})" for bank in _BANK for a in ("", "("))
_BANK_AFTER = _one_of(f"({bank}{b}" for bank in _BANK for b in ("", ")"))
_BANK_MIDDLE = _one_of(f"({bank})" for bank in _BANK)
_PATTERNS: dict[Position, re.Pattern[str]] = {
    "before": re.compile(f"^(?P<form>{_EVERY}|{_BANK_BEFORE})"),
    "after": re.compile(
        f"(?P<form>{_EVERY}|{_BANK_AFTER}|(?<=[\\s\u3000,、.．]){_FOREIGN})$", re.I
    ),
    "middle": re.compile(f"(?P<form>{_MIDDLE}|{_BANK_MIDDLE})"),
}
_FIRST = _ends((*_SPELLINGS, *_BANK, "("), 0)
_LAST = _ends((*_SPELLINGS, *FOREIGN), -1)
_BRACKETS = frozenset("(（")
"""Without one of them no letters of a bank are a form."""
_MIDDLE_FIRST = _ends((*_IN_THE_MIDDLE, "("), 0)
_IN_WORDS = re.compile("[0-9A-Za-z\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff]")
"""Characters that have no other large or small form than `_ends` knows."""
_KEYS = {search_key(s) for form in (*COMPANIES, *CORPORATIONS) for s in form.spellings}
_IN_KEY = re.compile("|".join(re.escape(key) for key in sorted(_KEYS, key=len, reverse=True)))
