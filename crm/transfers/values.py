"""Named readers: the text of a cell into a value. Each raises ValueError with a reason in words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from crm.clock import zone
from crm.money import parse_yen
from crm.text.houjin import corporate_number
from crm.text.kana import reading
from crm.text.normal import clean
from crm.text.phone import e164
from crm.text.postal import postal_code
from crm.typed import FIRST_DAY, LAST_DAY, MOST_YEN

NULLS = ("", "?", "-", "―", "null", "NULL", "N/A", "n/a")
"""Cells that say nothing."""

_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s].*)?$")
_NUMBER = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T\s].*)?$")
_ERA = re.compile(
    r"(令和|平成|昭和|大正|明治|[RHSTM])\s*(\d{1,2}|元)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$"
)
_ERAS = {
    "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867,
    "R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867,
}  # fmt: skip


def line(text: str) -> str:
    """Text of one line."""
    return " ".join(clean(text).split())


def words(text: str) -> str:
    """Text of several lines."""
    return clean(text)


def number_of_company(text: str) -> str:
    """A corporate number whose check digit fits."""
    try:
        return corporate_number(text)
    except ValueError as error:
        raise ValueError(
            _("A corporate number has 13 digits, and its check digit must fit.")
        ) from error


def day(text: str) -> date:
    """A day, year first: 2015-01-31, 2015/1/31, 2015年1月31日, 20150131, 平成27年1月31日."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if hit := _YMD.match(plain):
        return _day(*(int(part) for part in hit.groups()))
    if len(plain) == 8 and plain.isdigit():
        return _day(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    if hit := _ERA.match(plain):
        year = 1 if hit[2] == "元" else int(hit[2])
        return _day(_ERAS[hit[1]] + year, int(hit[3]), int(hit[4]))
    raise ValueError(_("This is not a day."))


def day_first(text: str) -> date:
    """A day written 31/01/2015."""
    first, second, year = _three(text)
    return _day(year, second, first)


def month_first(text: str) -> date:
    """A day written 01/31/2015."""
    first, second, year = _three(text)
    return _day(year, first, second)


def _three(text: str) -> tuple[int, int, int]:
    hit = _NUMBER.match(unicodedata.normalize("NFKC", text).strip())
    if not hit:
        raise ValueError(_("This is not a day."))
    return int(hit[1]), int(hit[2]), int(hit[3])


def _day(year: int, month: int, number: int) -> date:
    try:
        found = date(year, month, number)
    except ValueError as error:
        raise ValueError(_("This is not a day.")) from error
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError(_("A day between 1900 and 2199."))
    return found


def instant(text: str) -> datetime:
    """A day and a time on the company's clock, unless an offset is written with it."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("/", "-")
    try:
        found = datetime.fromisoformat(plain)
    except ValueError as error:
        raise ValueError(_("This is not a day with a time.")) from error
    if not FIRST_DAY.year <= found.year <= LAST_DAY.year:
        raise ValueError(_("A day between 1900 and 2199."))
    return found if found.tzinfo else found.replace(tzinfo=zone())


def whole(text: str) -> int:
    """A whole number, with or without commas."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "").removesuffix(".0")
    if not re.fullmatch(r"[-+]?\d{1,13}", plain) or abs(int(plain)) > MOST_YEN:
        raise ValueError(_("This is not a whole number."))
    return int(plain)


def decimal(text: str) -> Decimal:
    """A decimal number, kept exactly: 170.649, 1,234.5."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    if not re.fullmatch(r"[-+]?\d{1,13}(\.\d{0,12})?", plain):
        raise ValueError(_("This is not a number."))
    return Decimal(plain)


def yen(text: str) -> int:
    """An amount of yen: ¥1,234, 1234円, 12万円."""
    try:
        return parse_yen(text)
    except ValueError as error:
        raise ValueError(_("This is not an amount of yen.")) from error


def month(text: str) -> int:
    """The month of a closing day: 3月31日, 12月末日, 3."""
    hit = re.match(r"(\d{1,2})\s*(?:月.*)?$", unicodedata.normalize("NFKC", text).strip())
    if not hit or not 1 <= int(hit[1]) <= 12:
        raise ValueError(_("This is not a month."))
    return int(hit[1])


def postal(text: str) -> str:
    """A Japanese postal code."""
    try:
        return postal_code(text)
    except ValueError as error:
        raise ValueError(_("A postal code has seven digits, as in 100-0001.")) from error


def phone(text: str) -> str:
    """A telephone number, kept as it is written."""
    try:
        e164(text)
    except ValueError as error:
        raise ValueError(_("This is not a telephone number.")) from error
    return line(text)


def mail(text: str) -> str:
    """A mail address."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if not re.fullmatch(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,189}", plain):
        raise ValueError(_("This is not a mail address."))
    return plain


def mail_of_name(text: str) -> str:
    """An address that reaches nobody, for people whose own is not known."""
    plain = unicodedata.normalize("NFKD", text).lower()
    slug = ".".join(re.findall(r"[a-z0-9]+", plain))
    if not slug or not plain.isascii():
        slug = f"{slug}.{hashlib.sha256(text.encode()).hexdigest()[:8]}".strip(".")
    return f"{slug[:60]}@import.invalid"


def digest(text: str) -> str:
    """A short name for a text that is too long for a key."""
    return hashlib.sha256(line(text).encode()).hexdigest()[:12]


def flag(text: str) -> bool:
    """Yes or no."""
    found = _FLAGS.get(unicodedata.normalize("NFKC", text).strip().lower())
    if found is None:
        raise ValueError(_("This is neither yes nor no."))
    return found


_FLAGS = {
    **dict.fromkeys(("1", "true", "yes", "y", "有", "有償", "はい", "○"), True),
    **dict.fromkeys(("0", "false", "no", "n", "無", "無償", "いいえ", "×"), False),
}

READERS: dict[str, Callable[[str], Any]] = {
    "line": line, "words": words, "reading": reading, "corporate_number": number_of_company,
    "day": day, "day_first": day_first, "month_first": month_first, "instant": instant,
    "whole": whole, "decimal": decimal, "yen": yen, "month": month, "postal_code": postal,
    "phone": phone, "mail": mail, "mail_of_name": mail_of_name, "flag": flag,
    "digest": digest,
}  # fmt: skip
