"""How the values of a column are read, once it is known which field they become."""

from __future__ import annotations

import re
import unicodedata

from crm.transfers.choosing import plain_reader
from crm.transfers.kinds import Kind
from crm.transfers.profiles import Profile
from crm.transfers.spans import names_unit

_AMOUNTS = (
    ("million_yen", re.compile(r"百万|mjpy|jpy ?m|[(\[]¥?m[)\]]|\bmillions?\b|\bmio\b")),
    ("hundred_million_yen", re.compile(r"億")),
    ("ten_thousand_yen", re.compile(r"(?<![千百十])万円|[(\[:]万[)\]]?")),
    ("thousand_yen", re.compile(r"千円|k円|[k千]¥|¥[k千]|kjpy|jpy ?k|[(\[:][千k](?:[)\]]|$)|"
                                r"\bthousands?\b|[¥(\['’,]000\b|\b000s\b")),
)  # fmt: skip
_PLAIN_YEN = re.compile(r"(?<![千万億k])円|[(\[]¥[)\]]|(?<![km] )\bjpy\b|\byen\b")
_TITLE_UNIT = re.compile(r"(?:単位|unit)\s*[:：]?\s*([^\s、,)）\]】]{1,12})", re.IGNORECASE)
_FOREIGN = re.compile(
    r"\b(?:us\$|usd|eur|gbp|cny|rmb|krw|hkd|twd|sgd|thb|chf|aud|cad)\b|[$€£₩]|"
    r"ドル|ユーロ|ポンド|人民元|ウォン"
)
_YEARS = re.compile(r"年数|[(\[:]年|\b(?:years?|yrs?|jahre)\b")
_MONTHS = re.compile(r"月|\b(?:months?|mo|monate)\b")
_HOURS = re.compile(r"[(\[:](?:時間|h|hrs?|hours?)\b|\b(?:hours?|hrs?|stunden)\b|時間数")
_MINUTES = re.compile(r"[(\[:]分|分数?$|\b(?:minutes?|mins?|minuten)\b")
_SPANS = {
    "months": ("months_in_years", _MONTHS, _YEARS),
    "minutes": ("minutes_in_hours", _MINUTES, _HOURS),
}
"""Reader → the one for the larger unit, and what names each of the two in a column's name."""
_WITH_COMMA = {"whole": "whole_comma", "decimal": "decimal_comma", "yen": "yen_comma"}
_MOSTLY = 0.6
_DAYS = ("day", "instant")
ADAPTED = frozenset((*_DAYS, *_WITH_COMMA))
"""Readers in place of which another may be taken by what stands in a column."""


def reader_for(kind: Kind, field: str, profile: Profile, comma: bool = False) -> str:
    """The reader that fits a field and what stands in its column.

    Of orders of day and month that fit equally well the first is taken: see `readers_asked`.
    """
    if kind.references.get(field) == "account" and profile.share("corporate") > _MOSTLY:
        return "corporate_number"
    return fitting(plain_reader(kind, field), profile, comma)


def fitting(read: str, profile: Profile, comma: bool) -> str:
    """The reader for a column of which a plainer one is known."""
    if read in _DAYS:
        return _day_reader(read, profile)
    if read == "yen" and (unit := amounts_in(profile)):
        return unit
    if read in _SPANS:
        larger, _own, names_larger = _SPANS[read]
        return larger if names_larger.search(_named(profile)) else read
    if read in _WITH_COMMA and _has_comma(read, profile, comma):
        return _WITH_COMMA[read]
    return read


def _day_reader(read: str, profile: Profile) -> str:
    if profile.share("serial") > _MOSTLY or (
        profile.forms["serial"] and not profile.share("parted")
    ):
        return "serial_day" if read == "day" else "instant_serial"
    if profile.share("parted") <= 0.5:
        return read
    order = (profile.orders or ("day_first",))[0]
    if order == "short_year":
        return "short_year" if read == "day" else "instant"
    return order if read == "day" else f"instant_{order}"


def _named(profile: Profile) -> str:
    return unicodedata.normalize("NFKC", profile.name).lower().replace("_", " ")


def amounts_in(profile: Profile) -> str:
    """The reader of the unit that a column of amounts names, or the lines above it; "" for none."""
    named = _named(profile)
    for said in (named, profile.unit):
        unit = next((reader for reader, words in _AMOUNTS if words.search(said)), "")
        if unit or _PLAIN_YEN.search(said):
            return unit
    return ""


def unit_above(lines: list[str]) -> str:
    """What the lines above a table say of all its amounts: （単位：千円） gives :千円."""
    text = unicodedata.normalize("NFKC", " ".join(lines)).lower()
    hit = _TITLE_UNIT.search(text)
    return f":{hit[1]}" if hit else ""


def is_foreign(kind: Kind, field: str, profile: Profile) -> bool:
    """Are these amounts of another currency? Ours are yen, and nothing is exchanged."""
    return plain_reader(kind, field) == "yen" and _FOREIGN.search(_named(profile)) is not None


def _has_comma(read: str, profile: Profile, comma: bool) -> bool:
    """Do commas begin the decimals? Yen and numbers of things have no three decimals: of them
    1.000 is a thousand in such a file, and 1,000 in any."""
    points, commas, dotted = (profile.forms[one] for one in ("point", "comma", "dotted"))
    if read != "decimal" or (commas and points == dotted):
        points, commas = points - dotted, commas + dotted
    whole = profile.forms["whole"] if read == "decimal" else 0
    return commas > points or (comma and not points and bool(commas or whole))


def readers_asked(kind: Kind, field: str, profile: Profile) -> tuple[str, ...]:
    """The readers a person must choose among: orders of day and month that all fit, or units of
    time when neither the column nor its values name one.

    A date parted by points has its day first wherever it is written.
    """
    read = plain_reader(kind, field)
    if read in _SPANS:
        return _units_asked(read, profile)
    return orders_left(read, profile)


def orders_left(read: str, profile: Profile) -> tuple[str, ...]:
    """The readers of days whose orders all fit, where more than one does."""
    if read not in _DAYS or profile.share("parted") <= 0.5 or profile.dotted:
        return ()
    orders = [one for one in profile.orders if read == "day" or one != "short_year"]
    if len(orders) < 2:
        return ()
    return tuple(orders if read == "day" else (f"instant_{one}" for one in orders))


def _units_asked(read: str, profile: Profile) -> tuple[str, ...]:
    larger, own, names_larger = _SPANS[read]
    named = _named(profile)
    if own.search(named) or names_larger.search(named):
        return ()
    bare = any(not names_unit(text) for text in profile.distinct)
    return (read, larger) if bare else ()
