"""How likely two companies, or two people, are the same: facts in, score and reasons out.

The score is a sum of what speaks for it, between 0 and 100; from 60 on a pair is worth a person's
look. A name alone is never enough, because hundreds of companies share one: a place, a telephone
or a reading must agree with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from crm.text import place
from crm.text.kana import reading
from crm.text.normal import clean, search_key

WORTH_A_LOOK, PROBABLE, CERTAIN = 60, 75, 90
LONG_READING, LONG_NAME = 6, 4
FEW, MANY = 3, 10
"""A name that no more than a few bear says something by itself; of one that many bear there are
several in one town."""

WEIGHTS: Mapping[str, int] = {
    "name": 50, "spelling": 50, "form_missing": 50, "form_side": 30, "form_other": 30,
    "one_letter": 30, "bracket": 25, "reading": 30, "reading_too": 15,
    "phone": 30, "street": 30, "postal": 20, "town": 10, "elsewhere": -20, "bare": 10,
    "one_number": 0,
    "person": 55, "person_spelling": 50, "family_only": 40, "person_reading": 35,
    "account": 15, "email": 45, "mobile": 35, "department": 10,
    "code": 60, "code_letters": 45, "code_worse": 25, "code_name": 50, "model": 50,
    "product_name": 30, "maker": 15, "maker_missing": 10, "category": 5,
    "serial": 45, "serial_gap": 40, "serial_letters": 28, "serial_zeros": 28, "serial_worse": 15,
    "same_product": 30, "product_alike": 25, "product_unknown": 20, "same_account": 20,
    "same_site": 10,
}  # fmt: skip

TELLING = set("0123456789一二三四五六七八九十東西南北上下左右新旧大小中前後甲乙内外")
"""Signs that tell two companies of one family apart: 第一 and 第二, 東 and 西."""

_BRACKETS = re.compile(r"[(\[【〔<「『].*?[)\]】〕>」』]")
_FORMS = "(?:カブシキ|ユウゲン|ゴウドウ|ゴウシ|ゴウメイ)(?:カイシヤ|ガイシヤ)"
_SPOKEN_FORM = re.compile(f"^{_FORMS}|{_FORMS}$")
_LOOSE = str.maketrans({
    "ヶ": "ケ", "ヵ": "カ", "ヴ": "ブ", "ー": None, "-": None, ".": None, ",": None, "・": None,
    "'": None, "、": None, "&": None, "＆": None, "ァ": "ア", "ィ": "イ", "ゥ": "ウ", "ェ": "エ",
    "ォ": "オ", "ッ": "ツ", "ャ": "ヤ", "ュ": "ユ", "ョ": "ヨ",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """An account as the comparison sees it."""

    id: int
    name: str
    key: str
    form: str
    side: str
    reading: str
    number: str | None
    parent_id: int | None
    phone: str | None
    postal: str
    address: str
    loose: str = ""
    street: str = ""
    town: str = ""

    @property
    def bare(self) -> bool:
        """Nothing is known of it but its name."""
        return not (self.address or self.phone or self.number or self.postal)


@dataclass(frozen=True, slots=True)
class Judged:
    """A score and the words that explain it."""

    score: int
    reasons: tuple[str, ...]


def loose_key(key: str) -> str:
    """A search key without what people write now one way, now another: ー, dots, small kana."""
    return key.translate(_LOOSE) or key


def without_brackets(key: str) -> str:
    """A search key without what stands in brackets: 日本電気(NEC)."""
    return _BRACKETS.sub("", key) or key


def reading_key(kana: str) -> str:
    """A reading down to its sounds, without the legal form that some write with it."""
    key = loose_key(search_key(reading(kana)))
    return _SPOKEN_FORM.sub("", key) or key


def placed(address: str) -> tuple[str, str]:
    """Street and town of an address, folded."""
    return place.street_key(address), search_key(place.town(address))


def companies(a: Company, b: Company, namesakes: int = 2) -> Judged | None:
    """Judge two accounts; nothing when they are not the same, or too little says so.

    `namesakes` is how many accounts bear this name.
    """
    if _told_apart(a, b):
        return None
    reasons = _names(a, b)
    if not reasons:
        return None
    reasons += _places(a, b)
    if namesakes > MANY and "town" in reasons:
        reasons.remove("town")
    if (a.bare or b.bare) and namesakes <= FEW and reasons[0] in ("name", "spelling"):
        reasons.append("bare")
    if (a.number is None) != (b.number is None):
        reasons.append("one_number")
    return _judged(reasons)


def _told_apart(a: Company, b: Company) -> bool:
    """Two corporate numbers are two companies; parent and child, and sisters, are no doubles."""
    if a.number and b.number and a.number != b.number:
        return True
    if a.parent_id is not None and a.parent_id == b.parent_id:
        return True
    return a.parent_id == b.id or b.parent_id == a.id


def _names(a: Company, b: Company) -> list[str]:
    heard = bool(a.reading) and a.reading == b.reading
    if a.loose == b.loose:
        reasons = [_form(a, b)]
    elif one_letter_apart(a.key, b.key, heard):
        reasons = ["one_letter", "reading_too"] if heard else ["one_letter"]
    elif loose_key(without_brackets(a.key)) == loose_key(without_brackets(b.key)):
        reasons = ["bracket", "reading_too"] if heard else ["bracket"]
    elif heard and len(a.reading) >= LONG_NAME:
        reasons = ["reading"]
        if len(a.reading) >= LONG_READING and not _forms_differ(a, b):
            reasons.append("reading_too")
    else:
        return []
    if _forms_differ(a, b) and reasons[0] in ("one_letter", "reading", "bracket"):
        return []
    return reasons


def _forms_differ(a: Company, b: Company) -> bool:
    return bool(a.form and b.form and (a.form, a.side) != (b.form, b.side))


def _form(a: Company, b: Company) -> str:
    if a.form and b.form and a.form != b.form:
        return "form_other"
    if _forms_differ(a, b):
        return "form_side"
    if bool(a.form) != bool(b.form):
        return "form_missing"
    return "name" if clean(a.name) == clean(b.name) else "spelling"


def _places(a: Company, b: Company) -> list[str]:
    found = ["phone"] if a.phone and a.phone == b.phone else []
    if a.street and a.street == b.street:
        found.append("street")
    elif a.postal and a.postal == b.postal:
        found.append("postal")
    elif a.town and a.town == b.town:
        found.append("town")
    elif a.address and b.address and place.prefecture(a.address) != place.prefecture(b.address):
        both = place.prefecture(a.address) and place.prefecture(b.address)
        found += ["elsewhere"] if both else []
    return found


def one_letter_apart(a: str, b: str, heard: bool = False) -> bool:
    """One sign more, less or other; but not where that sign is what tells the two apart.

    Latin letters tell apart (GF and JF), unless both names are `heard` alike.
    """
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < LONG_NAME or a == b:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    if len(left) > 1 or len(right) > 1 or TELLING & set(left + right):
        return False
    return heard or not (left + right).isascii()


def _judged(reasons: list[str]) -> Judged | None:
    score = min(100, sum(WEIGHTS[one] for one in reasons))
    return Judged(score, tuple(reasons)) if score >= WORTH_A_LOOK else None
