"""Named readers of days and instants, in every order. Each raises ValueError with a reason."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from crm.clock import zone
from crm.typed import FIRST_DAY, LAST_DAY

_TIME = r"(?:(?:[T\s]\s*|(?<=[日)]))((?:午前|午後|AM|PM)?\s*\d{1,2}[:時].*))?$"
_WEEKDAY = r"(?:\s*\([月火水木金土日]\))?"
_YMD = re.compile(
    rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*日?{_WEEKDAY}{_TIME}"
)
_PACKED = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}}){_TIME}")
_THREE = re.compile(rf"(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{4}}|\d{{2}}){_TIME}")
_SHORT = re.compile(rf"'?(\d{{2}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})日?{_TIME}")
_ERA = re.compile(
    r"(令和|平成|昭和|大正|明治|[令平昭大明RHSTM])\s*\.?\s*(\d{1,2}|元)\s*[-/.年]\s*(\d{1,2})"
    rf"\s*[-/.月]\s*(\d{{1,2}})\s*日?{_WEEKDAY}{_TIME}",
    re.IGNORECASE,
)
_NAMED = (
    re.compile(rf"(?P<day>\d{{1,2}})[-\s./]*(?P<month>[A-Za-z]{{3}})[a-z]*[-\s.,/]*"
               rf"(?P<year>\d{{4}}){_TIME}"),
    re.compile(rf"(?P<month>[A-Za-z]{{3}})[a-z]*\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+"
               rf"(?P<year>\d{{4}}){_TIME}"),
)  # fmt: skip
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ERAS = {"令": 2018, "平": 1988, "昭": 1925, "大": 1911, "明": 1867,
         "R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867}  # fmt: skip
"""The year before the first year of an era."""
_LONGEST = {"昭": 64, "S": 64, "大": 15, "T": 15, "明": 45, "M": 45}
"""Years of the eras that are over; of 平成 later ones stand in contracts that were made in it."""
_CENTURY = 70
"""Years of two digits from here on are of the last century."""
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
_EPOCH = date(1899, 12, 30)
"""Spreadsheets count days from here; right from 1 March 1900 on."""
_MONTH_ALONE = re.compile(r"(?:\d{4}|[^\d]{1,2}(?:\d{1,2}|元))\s*[-/.年]\s*\d{1,2}\s*月?(?:度|末)?")
_MONTH_END = re.compile(r"(.+[-/.年]\s*\d{1,2})\s*月?\s*末日")
_IN_KANJI = re.compile(r"[〇零一二三四五六七八九十]+(?=[年月日])")
_MIDDLE_DOT = re.compile(r"(?<=\d)・(?=\d)")
_FIGURES = str.maketrans("〇零一二三四五六七八九", "00123456789")
_MIDNIGHT = re.compile(r"[T\s]+0?0:00(?::00(?:\.0+)?)?$")
_CLOCK = re.compile(
    r"(?:午前|午後|AM|PM)?\s*(\d{1,2})\s*[:時]\s*(\d{1,2})?(?:\s*[:分]\s*(\d{1,2}))?",
    re.IGNORECASE,
)


def day(text: str) -> date:
    """A day, year first or with its month in words: 2015-01-31, 2015年1月31日, 20150131, R6.4.1,
    令和元年5月1日, 令和八年四月一日, 令和7年3月末日, 31-Jan-2015."""
    return _parted(text)[0]


def day_first(text: str) -> date:
    """A day written 31/01/2015 or 31.01.15."""
    return _three(text, 1, 0)[0]


def month_first(text: str) -> date:
    """A day written 01/31/2015 or 1/31/15."""
    return _three(text, 0, 1)[0]


def short_year(text: str) -> date:
    """A day written 15/01/31, the year first."""
    hit = _SHORT.fullmatch(_plain(text))
    if not hit:
        return day(text)
    return _day(_full(hit[1]), int(hit[2]), int(hit[3]))


def serial_day(text: str) -> date:
    """A day as spreadsheets count it, 46113 for 2026-04-01; any other is read as usual."""
    return _serial(text)[0] if _SERIAL.fullmatch(_plain(text)) else day(text)


def instant_serial(text: str) -> datetime:
    """The same with the time of day: 46113.5 is noon."""
    if not _SERIAL.fullmatch(_plain(text)):
        return instant(text)
    found, seconds = _serial(text)
    return datetime.combine(found, time(), tzinfo=zone()) + timedelta(seconds=seconds)


def _serial(text: str) -> tuple[date, int]:
    """The day and its second; the fraction of a day is no exact one."""
    number, seconds = divmod(round(float(_plain(text)) * 86_400), 86_400)
    found = _EPOCH + timedelta(days=number)
    return _day(found.year, found.month, found.day), seconds


def instant(text: str) -> datetime:
    """A day and a time on the company's clock, unless an offset is written with it."""
    plain = _plain(text).replace("/", "-")
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        return _at(*_parted(text))
    if not FIRST_DAY.year <= found.year <= LAST_DAY.year:
        raise ValueError(_("A day between 1900 and 2199."))
    return found if found.tzinfo else found.replace(tzinfo=zone())


def instant_day_first(text: str) -> datetime:
    """The same with the day before the month: 29-02-2016 01:16."""
    return _at(*_three(text, 1, 0))


def instant_month_first(text: str) -> datetime:
    """The same with the month before the day: 2/29/2016 1:16."""
    return _at(*_three(text, 0, 1))


def joined(day_: str, clock: str) -> str:
    """A day and a time of day that stand in two columns; spreadsheets write a day as midnight."""
    return f"{_MIDNIGHT.sub('', day_)} {clock}" if day_ and clock else day_ or clock


def _parted(text: str) -> tuple[date, str]:
    plain = _plain(text)
    if hit := _YMD.fullmatch(plain) or _PACKED.fullmatch(plain):
        return _day(int(hit[1]), int(hit[2]), int(hit[3])), hit[4] or ""
    if hit := _ERA.fullmatch(plain):
        year, era = 1 if hit[2] == "元" else int(hit[2]), hit[1][0].upper()
        if not 1 <= year <= _LONGEST.get(era, 99):
            raise ValueError(_("This is not a day."))
        return _day(_ERAS[era] + year, int(hit[3]), int(hit[4])), hit[5] or ""
    for pattern in _NAMED:
        hit = pattern.fullmatch(plain)
        if hit and hit["month"].lower() in _MONTHS:
            month = _MONTHS.index(hit["month"].lower()) + 1
            return _day(int(hit["year"]), month, int(hit["day"])), hit[4] or ""
    if hit := _MONTH_END.fullmatch(plain):
        first = _parted(f"{hit[1]}月1日")[0]
        return _day(first.year, first.month, monthrange(first.year, first.month)[1]), ""
    if _MONTH_ALONE.fullmatch(plain):
        raise ValueError(_("This is a month; the day is missing."))
    raise ValueError(_("This is not a day."))


def _three(text: str, month: int, number: int) -> tuple[date, str]:
    hit = _THREE.fullmatch(_plain(text))
    if not hit:
        return _parted(text)
    parts = (int(hit[1]), int(hit[2]))
    return _day(_full(hit[3]), parts[month], parts[number]), hit[4] or ""


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.isascii():
        return plain
    return _MIDDLE_DOT.sub("/", _IN_KANJI.sub(lambda hit: _figures(hit[0]), plain))


def _figures(kanji: str) -> str:
    """A number of a day in figures: 三十一 is 31, 二〇二六 is 2026."""
    tens, ten, ones = kanji.rpartition("十")
    if not ten:
        return kanji.translate(_FIGURES)
    return f"{tens.translate(_FIGURES) or '1'}{ones.translate(_FIGURES) or '0'}"


def _full(year: str) -> int:
    number = int(year)
    return number if len(year) == 4 else number + (1900 if number >= _CENTURY else 2000)


def _day(year: int, month: int, number: int) -> date:
    try:
        found = date(year, month, number)
    except ValueError as error:
        raise ValueError(_("This is not a day.")) from error
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError(_("A day between 1900 and 2199."))
    return found


def _at(found: date, clock: str) -> datetime:
    hit = _CLOCK.match(clock) if clock else None
    if clock and not hit:
        raise ValueError(_("This is not a day with a time."))
    hour, minute, second = (int(part or 0) for part in hit.groups()) if hit else (0, 0, 0)
    late = re.search("PM|午後", clock.upper()) and hour < 12
    early = re.search("AM|午前", clock.upper()) and hour == 12
    hour = hour + 12 if late else 0 if early else hour
    try:
        plain = datetime(found.year, found.month, found.day, hour, minute, second, tzinfo=zone())
    except ValueError as error:
        raise ValueError(_("This is not a day with a time.")) from error
    return plain
