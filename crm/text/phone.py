"""Telephone numbers: one form for matching, while the typed form is kept elsewhere."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers

from crm.text.normal import DASHES

_DASH = re.compile(f"[{re.escape(DASHES)}~〜]")
_BETWEEN = str.maketrans("", "", "- ()")
_PLAIN = re.compile(r"0(?!10)[1-9][0-9]{8,9}")
"""A number of ten or eleven digits that is dialled within Japan, as nearly all are."""
_INSIDE = re.compile(r"[0-9]+(?:-[0-9]+)*")
EXTENSION_MOST = 20
_EXTENSION = re.compile(
    r"[\s,;(]*(?:内線(?:番号)?|\bextension\b|\bext\b\.?|\bx(?=\s*\d))\s*[:.]?\s*(\d{1,8})\s*\)?\s*$",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def e164(text: str) -> str:
    """Give a number as +81… (E.164), whatever its width, dashes and brackets.

    Numbers without a country are Japanese; a leading 0 that a spreadsheet ate is no matter.
    An extension is left out. Raises ValueError when it is no telephone number.
    """
    dialled = text.translate(_BETWEEN)
    if _PLAIN.fullmatch(dialled):
        return f"+81{dialled[1:]}"
    main, _ = split_extension(text)
    plain = main.translate(_BETWEEN)
    if _PLAIN.fullmatch(plain):
        return f"+81{plain[1:]}"
    try:
        number = phonenumbers.parse(main, "JP")
    except phonenumbers.NumberParseException as problem:
        raise ValueError("This is not a telephone number.") from problem
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError("This is not a telephone number.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spoken(text: str) -> str:
    """Give a number as people in Japan read it: +81445550132 is 044-555-0132.

    Numbers of other countries keep theirs; what is no number is left as it is written.
    """
    try:
        number = phonenumbers.parse(e164(text))
    except ValueError:
        return text
    forms = phonenumbers.PhoneNumberFormat
    at_home = number.country_code == 81
    return phonenumbers.format_number(number, forms.NATIONAL if at_home else forms.INTERNATIONAL)


def split_extension(text: str) -> tuple[str, str | None]:
    """Part a typed number from its extension (内線 12, ext. 12, x12); digits, or None."""
    plain = _DASH.sub("-", unicodedata.normalize("NFKC", text)).strip()
    hit = _EXTENSION.search(plain)
    return (plain[: hit.start()].strip(), hit[1]) if hit else (plain, None)


def extension(text: str) -> str:
    """Give a telephone inside a house (２１０４, 21ー04, 内線 2104) as digits and hyphens.

    Nothing stays nothing. Raises ValueError for all else, and for more than 20 characters.
    """
    main, behind = split_extension(text)
    plain = behind or main
    wrong = bool(behind and main) or bool(plain and not _INSIDE.fullmatch(plain))
    if wrong or len(plain) > EXTENSION_MOST:
        raise ValueError("This is not an extension.")
    return plain


def dialled(number: str, inside: str) -> str:
    """Give the address (RFC 3966) of an extension behind a number; without one it stands alone.

    A number that none can be made of is left as it is written.
    """
    if not number:
        return f"tel:{inside}"
    try:
        number = e164(number)
    except ValueError:
        number = digits(number)
    return f"tel:{number};ext={inside}" if inside else f"tel:{number}"


def digits(text: str) -> str:
    """Give the ASCII digits of a text in order, full-width ones folded."""
    return re.sub("[^0-9]", "", unicodedata.normalize("NFKC", text))
