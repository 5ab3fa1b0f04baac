"""Named readers: the text of a cell into a value. Each raises ValueError with a reason in words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from crm.money import parse_yen
from crm.text.houjin import corporate_number
from crm.text.kana import reading
from crm.text.normal import clean
from crm.text.phone import e164, extension
from crm.text.postal import postal_code
from crm.transfers import days, spans
from crm.typed import MOST_YEN

NULLS = ("", "?", "-", "―", "null", "NULL", "N/A", "n/a")
"""Cells that say nothing."""

ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
     "#GETTING_DATA", "#BLOCKED!", "#FIELD!", "#CONNECT!", "#UNKNOWN!")
)  # fmt: skip
"""What a spreadsheet shows where it could not work out a value."""

_COUNTED = re.compile(r"(?<=\d)\s*(?:台|個|件|本|枚|名|人|回|年|%|km|pcs\.?)$", re.IGNORECASE)
_MAIN_LINE = re.compile(r"\s*[(（]?\s*(?:大代表|代表|直通|代)\s*[)）]?$")
_SURELY = len(str(MOST_YEN)) - 1
"""A number of so many digits is not too large."""
_GROUPED = {
    ",": r"-?[+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?|[-+]?\d+(?:\.\d*)?",
    ".": r"-?[+]?\d{1,3}(?:\.\d{3})+(?:,\d*)?|[-+]?\d+(?:,\d*)?",
}
"""Numbers whose thousands are parted, or not, by the given mark."""


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
        if re.fullmatch(r"\d(?:[.,]\d+)?e\+?12", unicodedata.normalize("NFKC", text).lower()):
            raise ValueError(
                _("The spreadsheet has rounded this number: show the column as whole numbers and "
                  "save the file again.")
            ) from error  # fmt: skip
        raise ValueError(
            _("A corporate number has 13 digits, and its check digit must fit.")
        ) from error


def whole(text: str) -> int:
    """A whole number: 1,234, １２３４, 12.0, △5, (5), 3台."""
    if text.isascii() and text.isdigit() and len(text) <= _SURELY:
        return int(text)
    return _whole(_figures(_sure(text, "."), ".", ","))


def whole_comma(text: str) -> int:
    """A whole number whose thousands are parted by points: 1.234, 1 234,0."""
    return _whole(_figures(_sure(text, ","), ",", "."))


def _sure(text: str, point: str) -> str:
    """A text that cannot mean two numbers: 1.000 is a thousand to some and one to others."""
    plain = unicodedata.normalize("NFKC", text).strip(" ¥円-+△▲()")
    if re.fullmatch(rf"[1-9]\d{{0,2}}[{point}]\d{{3}}", plain):
        raise ValueError(_("This may be thousands or decimals: say which it is."))
    return text


def _whole(plain: str) -> int:
    found = re.fullmatch(r"([-+]?\d{1,13})(?:\.0*)?", plain)
    if not found or abs(int(found[1])) > MOST_YEN:
        raise ValueError(_("This is not a whole number."))
    return int(found[1])


def decimal(text: str) -> Decimal:
    """A decimal number, kept exactly: 170.649, 1,234.5, △0.5."""
    return _decimal(_figures(text, ".", ","))


def decimal_comma(text: str) -> Decimal:
    """A decimal number with a comma: 170,649, 1.234,5, 1 234,5."""
    return _decimal(_figures(text, ",", "."))


def _decimal(plain: str) -> Decimal:
    if not re.fullmatch(r"[-+]?\d{1,13}(\.\d{0,12})?", plain):
        raise ValueError(_("This is not a number."))
    return Decimal(plain)


def _figures(text: str, point: str, thousands: str) -> str:
    """A number as people write it, with a point and a minus as programs do; "?" where the marks
    between its digits are not thousands: 1,5 is no 15."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if hit := re.fullmatch(r"\((.+)\)", plain):
        plain = f"-{hit[1]}"
    plain = re.sub(r"^[-△▲−‐]\s*", "-", plain)
    plain = _COUNTED.sub("", plain)
    plain = re.sub(r"(?<=\d)[\s\u2019'](?=\d{3}\b)", "", plain)
    if not re.fullmatch(_GROUPED[thousands], plain):
        return "?"
    return plain.replace(thousands, "").replace(point, ".")


def thousand_yen(text: str) -> int:
    """An amount in a column of thousands of yen (千円); one that names its unit keeps it."""
    return _in_units(text, 1_000)


def ten_thousand_yen(text: str) -> int:
    """An amount in a column of ten thousands of yen (万円); one that names its unit keeps it."""
    return _in_units(text, 10_000)


def million_yen(text: str) -> int:
    """An amount in a column of millions of yen (百万円); one that names its unit keeps it."""
    return _in_units(text, 1_000_000)


def hundred_million_yen(text: str) -> int:
    """An amount in a column of 億円, 100 millions of yen; one that names its unit keeps it."""
    return _in_units(text, 100_000_000)


def _in_units(text: str, unit: int) -> int:
    plain = unicodedata.normalize("NFKC", text)
    if re.search("[千万億円]", plain):
        return yen(text)
    amount = decimal(plain.replace("¥", "").replace("\\", "")) * unit
    if amount != int(amount) or abs(amount) > MOST_YEN:
        raise ValueError(_("This is not an amount of yen."))
    return int(amount)


def yen_comma(text: str) -> int:
    """An amount of yen written with a decimal comma: 1.234, 1.234,00."""
    return whole_comma(re.sub(r"¥|JPY|円", "", unicodedata.normalize("NFKC", text)).strip())


def yen(text: str) -> int:
    """An amount of yen: ¥1,234, 1234円, 12万円, 1'234.00, 金5,000円也. A minus behind the number is
    that of ¥5,000- or one below nothing, and where no sign tells it is refused."""
    if text.isascii() and text.isdigit() and len(text) <= _SURELY:
        return int(text)
    plain = unicodedata.normalize("NFKC", _sure(text, ".")).strip().removeprefix("金")
    plain = re.sub(r"(?<=\d)[\s\u2019'](?=\d{3}(?!\d))", "", plain)
    if re.fullmatch(r"[\d,.\s]+[-−]", plain):
        raise ValueError(_("This is not an amount of yen."))
    try:
        return parse_yen(plain)
    except ValueError as error:
        raise ValueError(_("This is not an amount of yen.")) from error


def month(text: str) -> int:
    """The month of a closing day: 3月31日, 12月末日, 3."""
    hit = re.match(r"(\d{1,2})\s*(?:月.*)?$", unicodedata.normalize("NFKC", text).strip())
    if not hit or not 1 <= int(hit[1]) <= 12:
        raise ValueError(_("This is not a month."))
    return int(hit[1])


def postal(text: str) -> str:
    """A Japanese postal code; the zeros that a spreadsheet ate at its front are put back."""
    try:
        return postal_code(text.zfill(7) if len(text) in (5, 6) and text.isdecimal() else text)
    except ValueError as error:
        raise ValueError(_("A postal code has seven digits, as in 100-0001.")) from error


def phone(text: str) -> str:
    """A telephone number, kept as it is written without 代表 behind it; the zero that a
    spreadsheet ate at its front is put back."""
    plain = text if text.isascii() else line(_MAIN_LINE.sub("", text))
    if plain.isdecimal() and len(plain) in (9, 10) and plain[0] != "0":
        plain = f"0{plain}"
    try:
        e164(plain)
    except ValueError as error:
        raise ValueError(_("This is not a telephone number.")) from error
    return plain if plain.isascii() else line(plain)


def inside(text: str) -> str:
    """A colleague's telephone inside the house; the point that a spreadsheet adds is none."""
    try:
        return extension(text.removesuffix(".0"))
    except ValueError as error:
        raise ValueError(_("This is not an extension.")) from error


def mail(text: str) -> str:
    """A mail address, alone or as mail programs write it: 山田 太郎 <taro@example.jp>."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if hit := re.fullmatch(r"[^<>]*<([^<>]+)>|mailto:(.+)", plain):
        plain = (hit[1] or hit[2]).strip()
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


def is_flag(text: str) -> bool:
    """Does it say yes or no, although elsewhere in a file it may mean nothing (なし)?"""
    return unicodedata.normalize("NFKC", text).strip().lower() in _FLAGS


def flag(text: str) -> bool:
    """Yes or no."""
    found = _FLAGS.get(unicodedata.normalize("NFKC", text).strip().lower())
    if found is None:
        raise ValueError(_("This is neither yes nor no."))
    return found


_YES = (
    "1", "true", "t", "yes", "y", "on", "はい", "有", "有り", "あり", "有償", "有効", "○", "◯",
    "済", "する", "要", "可", "真", "対象", "✓", "✔", "☑", "レ", "●", "ja", "oui", "si", "sí",
)  # fmt: skip
_NO = (
    "0", "false", "f", "no", "n", "off", "いいえ", "無", "無し", "なし", "無償", "無効", "×", "x",
    "未", "しない", "不要", "不可", "偽", "対象外", "✗", "✕", "☐", "nein", "non",
)  # fmt: skip
_FLAGS = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}

READERS: dict[str, Callable[[str], Any]] = {
    "line": line, "words": words, "reading": reading, "corporate_number": number_of_company,
    "day": days.day, "day_first": days.day_first, "month_first": days.month_first,
    "short_year": days.short_year, "serial_day": days.serial_day,
    "instant_serial": days.instant_serial, "instant": days.instant,
    "instant_day_first": days.instant_day_first, "instant_month_first": days.instant_month_first,
    "whole": whole, "whole_comma": whole_comma, "decimal": decimal,
    "decimal_comma": decimal_comma, "yen": yen, "yen_comma": yen_comma,
    "thousand_yen": thousand_yen, "million_yen": million_yen, "month": month,
    "ten_thousand_yen": ten_thousand_yen, "hundred_million_yen": hundred_million_yen,
    "months": spans.months, "months_in_years": spans.months_in_years,
    "day_count": spans.day_count, "every": spans.every, "hours": spans.hours,
    "minutes": spans.minutes,
    "minutes_in_hours": spans.minutes_in_hours,
    "postal_code": postal, "phone": phone, "extension": inside, "mail": mail,
    "mail_of_name": mail_of_name,
    "flag": flag, "digest": digest,
}  # fmt: skip
