"""Named readers of spans of time, in the unit that a field counts: of a warranty 1年6か月 is 18.

A number alone is taken for the unit of the reader; one that names its unit keeps it. Each raises
ValueError with a reason in words.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from flask_babel import gettext as _

_UNITS = {
    "year": r"(?:[かヶカヵケ箇])?年間?|years?|yrs?|y|jahre?|ans?",
    "month": r"(?:[かヶカヵケ箇])?月間?|months?|mths?|mos?|monate?|mois",
    "week": r"週間?|weeks?|wks?|w|wochen?",
    "day": r"日間?|days?|d|tage?|jours?",
    "hour": r"時間|hours?|hrs?|h|stunden?|std\.?",
    "minute": r"分間?|minutes?|minuten|mins?\.?",
}
_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d{1,2})?"
_PART = re.compile(
    rf"({_NUMBER})\s*(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
    + r")(?P<half>半)?[\s,、と]*"
)  # fmt: skip
_AROUND = re.compile(r"(?:以内|まで|前|毎|ごと|おき)$|^(?:約|every|within)\s*")
_ISO = re.compile(
    r"p(?:(?P<year>\d+)y)?(?:(?P<month>\d+)m)?(?:(?P<week>\d+)w)?(?:(?P<day>\d+)d)?"
    r"(?:t(?:(?P<hour>\d+)h)?(?:(?P<minute>\d+)m)?(?:0+s)?)?"
)
_CLOCK = re.compile(r"(\d{1,4}):(\d{2})(?::00)?")
_MONTHS = {"year": Fraction(12), "month": Fraction(1)}
_DAYS = {"week": Fraction(7), "day": Fraction(1)}
_MINUTES = {"hour": Fraction(60), "minute": Fraction(1)}
_HOURS = {"hour": Fraction(1), "minute": Fraction(1, 60)}
_CALLED = {
    "毎月": 1, "月次": 1, "月払い": 1, "monthly": 1, "四半期": 3, "四半期毎": 3, "quarterly": 3,
    "半年": 6, "半期": 6, "毎年": 12, "年次": 12, "年払い": 12, "yearly": 12, "annual": 12,
    "annually": 12,
}  # fmt: skip
MOST = 1_000_000


def months(text: str) -> int:
    """A number of months: 24, 24か月, 2年, 1年6か月, 半年, P2Y."""
    called = _CALLED.get(_plain(text))
    return called if called is not None else _whole(text, _MONTHS, "month")


def months_in_years(text: str) -> int:
    """The same where a number alone counts years: 1.5 is 18 months."""
    return _whole(text, _MONTHS, "year")


def day_count(text: str) -> int:
    """A number of days: 90, 90日, 2週間. Months are no number of days."""
    return _whole(text, _DAYS, "day")


def minutes(text: str) -> int:
    """A number of minutes: 90, 90分, 1時間30分, 1.5時間, 1:30, PT90M."""
    return _whole(text, _MINUTES, "minute")


def minutes_in_hours(text: str) -> int:
    """The same where a number alone counts hours: 1.5 is 90 minutes."""
    return _whole(text, _MINUTES, "hour")


def every(text: str) -> int:
    """How often a plan says, in months unless another column says days: 6, 6か月, 1年.

    Days are refused where they stand beside the number: only that other column can say them.
    """
    if re.fullmatch(rf"(?:{_NUMBER})\s*(?:{_UNITS['week']}|{_UNITS['day']})", _plain(text)):
        raise ValueError(_("Write the number alone, and days in the column of months or days."))
    return months(text)


def hours(text: str) -> int:
    """A number of hours: 4, 4時間, 4時間以内, 120分."""
    return _whole(text, _HOURS, "hour")


def names_unit(text: str) -> bool:
    """Does a span say what it counts, so that nobody must ask?"""
    plain = _plain(text)
    bare = re.fullmatch(_NUMBER, plain)
    return bare is None


def _plain(text: str) -> str:
    return _AROUND.sub("", unicodedata.normalize("NFKC", text).strip().lower()).strip()


def _whole(text: str, scale: dict[str, Fraction], alone: str) -> int:
    found = _amount(_plain(text), scale, alone)
    if found is None or found.denominator != 1 or abs(found) > MOST:
        raise ValueError(_reasons()[next(reversed(scale))])
    return int(found)


def _reasons() -> dict[str, str]:
    return {
        "month": _("This is not a whole number of months."),
        "day": _("This is not a whole number of days."),
        "minute": _("This is not a whole number of minutes or hours."),
    }


def _amount(plain: str, scale: dict[str, Fraction], alone: str) -> Fraction | None:
    if re.fullmatch(_NUMBER, plain):
        return _number(plain) * scale[alone]
    if (hit := _ISO.fullmatch(plain)) and any(hit.groups()):
        return _sum([(name, Fraction(said)) for name, said in hit.groupdict().items() if said],
                    scale)  # fmt: skip
    if (hit := _CLOCK.fullmatch(plain)) and "hour" in scale:
        return int(hit[1]) * scale["hour"] + int(hit[2]) * scale["minute"]
    parts, place = [], 0
    while part := _PART.match(plain, place):
        name = next(one for one in _UNITS if part[one])
        parts.append((name, _number(part[1]) + (Fraction(1, 2) if part["half"] else 0)))
        place = part.end()
    return _sum(parts, scale) if parts and place == len(plain) else None


def _number(text: str) -> Fraction:
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+", text)
    return Fraction(text.replace(",", "" if grouped else "."))


def _sum(parts: list[tuple[str, Fraction]], scale: dict[str, Fraction]) -> Fraction | None:
    """The parts in one unit; None where one of them is none of it: a month is no number of days."""
    if any(name not in scale for name, _number_of in parts):
        return None
    return sum((number * scale[name] for name, number in parts), Fraction(0))
