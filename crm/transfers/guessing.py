"""Which column of a file becomes which field: by what it is called and by what stands in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from flask_babel import gettext as _

from crm.text.normal import search_key
from crm.transfers.kinds import Kind
from crm.transfers.profiles import Profile
from crm.transfers.reading_as import is_foreign, reader_for, readers_asked
from crm.transfers.values import READERS

SYNONYMS = Path(__file__).parent / "synonyms.toml"
LEAST = 0.5
SURELY = 0.85
"""A name so much like a field's is no accident."""
SAMPLES = 40
_ENDINGS = re.compile(r"(?:id|code|no|コード|番号|区分|種別|フラグ)$")
_CLOCK = re.compile(r"時刻$|時間$|時$|time$|hour$|uhrzeit$")
_STEM = re.compile(r"(?:日時|年月日|日付|時刻|時間|日|時|datetime|date|time|on|at|day|hour)$")
_BRACKETS = re.compile(r"[(\[【〔<].*?[)\]】〕>]")
_CONTENT: tuple[tuple[str, tuple[str, ...], tuple[str, ...], float], ...] = (
    ("corporate", ("corporate_number", "account"), ("corporate",), 0.9),
    ("mail", ("email",), ("mail",), 0.88),
    ("postal", ("postal_code",), ("postal",), 0.85),
    ("phone", ("phone", "mobile"), ("phone",), 0.8),
    ("address", ("address",), ("address",), 0.75),
    ("company", ("name", "account"), ("company",), 0.72),
    ("person", ("family_name",), ("person",), 0.66),
    ("kana", ("name_kana", "family_name_kana"), ("kana",), 0.6),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """One column taken for a field. `confidence` is a percentage, `why` says it in words.

    `ask` are the readers among which nobody but a person can choose.
    """

    column: str
    field: str
    confidence: int
    why: str
    read: str
    ask: tuple[str, ...] = ()


def guess(kind: Kind, columns: Sequence[Profile], comma: bool = False) -> list[Guess]:
    """The best field for each column; none for a column that looks like nothing of ours.

    `comma` tells that the file is parted by semicolons, as where commas begin the decimals.
    """
    found = [
        (score, -place, field, profile, why)
        for place, profile in enumerate(columns)
        for field, score, why in _candidates(kind, profile)
    ]
    taken: dict[str, Guess] = {}
    for score, _place, field, profile, why in sorted(found, key=lambda one: one[:3], reverse=True):
        if score >= LEAST and profile.name not in taken:
            if any(one.field == field for one in taken.values()):
                continue
            read = reader_for(kind, field, profile, comma)
            ask = readers_asked(kind, field, profile)
            taken[profile.name] = Guess(profile.name, field, round(score * 100), why, read, ask)
    return [taken[one.name] for one in columns if one.name in taken]


def _candidates(kind: Kind, profile: Profile) -> list[tuple[str, float, str]]:
    found = []
    for field in sorted(kind.fields):
        if is_foreign(kind, field, profile):
            continue
        named, why = _by_name(kind, field, profile.name)
        if named and (profile.filled or named > SURELY):
            score, reason = _checked(kind, field, profile, named)
            found.append((field, score, reason or why))
    for form, fields, forms, weight in _CONTENT:
        share = profile.share(*forms)
        for field in fields:
            if share >= 0.6 and field in kind.fields and profile.filled >= 2:
                why = _share_words(form, round(share * 100))
                found.append((field, weight * share - 0.02 * fields.index(field), why))
    return found


def _by_name(kind: Kind, field: str, header: str) -> tuple[float, str]:
    """How well a column's name fits a field, and why."""
    whole = name_key(header)
    if whole == name_key(field):
        return 1.0, _("It is called like our field.")
    plain = name_key(_BRACKETS.sub("", _folded(header)).strip("*※ 必須:")) or whole
    best, why = 0.0, ""
    called = [(word, name_key(word)) for word in kind.called.get(field, ())]
    for place, (word, key) in enumerate(called or synonyms(kind.name, field)):
        score, said = _alike(whole, plain, key, _within(word, key, header, plain))
        if score - place * 0.001 > best:
            best, why = score - place * 0.001, said.format(word=word)
    return best, why


def _within(word: str, key: str, header: str, plain: str) -> float:
    """Is a word in a header? 0.62 at its end, where the meaning is, 0.42 elsewhere, else 0.

    What ends in ID, code or No is none of the things whose ID it is.
    """
    marks = _ENDINGS.search(plain)
    if marks and not key.endswith(marks[0]):
        return 0.0
    if key.isascii():
        whole, part = _tokens(header), _tokens(word)
        if part == whole[-len(part) :]:
            return 0.62
        places = range(len(whole) - len(part) + 1)
        return 0.42 if any(whole[one : one + len(part)] == part for one in places) else 0.0
    if len(key) < 2 or key not in plain:
        return 0.0
    return 0.62 if plain.endswith(key) else 0.42


def _tokens(name: str) -> list[str]:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[a-z]+|[0-9]+", _BRACKETS.sub("", _folded(parted)).lower())


def _alike(whole: str, plain: str, key: str, within: float) -> tuple[float, str]:
    if whole == key:
        return 0.97, _("It is called “%(word)s”.", word="{word}")
    if plain == key:
        return 0.9, _("It is called “%(word)s”.", word="{word}")
    if within:
        share = 0.2 * len(key) / max(len(plain), 1)
        return within + share, _("“%(word)s” is in its name.", word="{word}")
    marks = _ENDINGS.search(plain)
    if marks and not key.endswith(marks[0]):
        return 0.0, ""
    if len(key) >= 4 and abs(len(key) - len(plain)) <= (2 if len(key) >= 9 else 1):
        ratio = SequenceMatcher(None, key, plain).ratio()
        if ratio >= 0.75:
            return 0.8 * ratio, _("It is spelt almost like “%(word)s”.", word="{word}")
    return 0.0, ""


def _checked(kind: Kind, field: str, profile: Profile, score: float) -> tuple[float, str]:
    """A name is believed less when what stands there cannot be read."""
    if not profile.filled or field in kind.references or field in kind.choices:
        return score, ""
    reader = READERS[reader_for(kind, field, profile)]
    tried = list(profile.distinct)[:SAMPLES]
    good = sum(_reads(reader, text) for text in tried)
    share = good / len(tried)
    if share >= 0.5:
        return score, ""
    words = _("Its name fits, but only %(n)s%% of it can be read as that.", n=round(share * 100))
    return score * (0.35 + 0.6 * share), words


def left_out(kind: Kind, profile: Profile) -> str:
    """Why a column that is called like a field does not become it; "" where none is."""
    for field in sorted(kind.fields):
        named, _why = _by_name(kind, field, profile.name)
        if named < SURELY or not profile.filled:
            continue
        if is_foreign(kind, field, profile):
            return _("These amounts are of another currency: ours are yen.")
        score, why = _checked(kind, field, profile, named)
        if score < LEAST:
            return why
    return ""


def _reads(reader: object, text: str) -> bool:
    try:
        assert callable(reader)
        reader(text)
    except ValueError:
        return False
    return True


def _share_words(form: str, percent: int) -> str:
    said = {
        "corporate": _("%(n)s%% of it are corporate numbers whose check digit fits.", n=percent),
        "mail": _("%(n)s%% of it are mail addresses.", n=percent),
        "postal": _("%(n)s%% of it are postal codes.", n=percent),
        "phone": _("%(n)s%% of it are telephone numbers.", n=percent),
        "address": _("%(n)s%% of it are Japanese addresses.", n=percent),
        "company": _("%(n)s%% of it are names of companies.", n=percent),
        "person": _("%(n)s%% of it are names of people.", n=percent),
        "kana": _("%(n)s%% of it is katakana alone.", n=percent),
    }
    return said[form]


def time_beside(columns: Sequence[Profile], place: int) -> str:
    """The column with the times of day of a column of days: called alike, or next to it."""
    stem = _STEM.sub("", name_key(columns[place].name))
    clocks = [
        one for one, profile in enumerate(columns)
        if one != place and profile.share("clock") > 0.6 and _CLOCK.search(name_key(profile.name))
    ]  # fmt: skip
    alike = [one for one in clocks if _STEM.sub("", name_key(columns[one].name)) == stem]
    beside = [one for one in clocks if one == place + 1]
    return columns[(alike or beside)[0]].name if alike or beside else ""


@cache
def synonyms(kind: str, field: str) -> tuple[tuple[str, str], ...]:
    """What a field is called by others, with the form in which it is compared."""
    every = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))
    own, shared = every.get(kind, {}).get(field, []), every["any"].get(field, [])
    return tuple((word, name_key(word)) for word in dict.fromkeys((*own, *shared)))


def name_key(name: str) -> str:
    """A name as it is compared: width, case, kana, blanks, underscores and points do not matter."""
    return re.sub(r"[_\-./~:]", "", search_key(name))


def _folded(name: str) -> str:
    return name.translate(str.maketrans("（）［］＜＞", "()[]<>"))
