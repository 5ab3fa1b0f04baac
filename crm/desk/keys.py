"""What a clerk may have typed: a telephone number, a mail address, a serial or other number.

Dirty on purpose: full width, blanks, any dash, words around the number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from crm.text.normal import clean
from crm.text.phone import digits, e164, split_extension
from crm.text.serial import serial_key

MOST = 200
_NUMBER = re.compile(
    r"(?:#|no\.?|№|ticket|チケット|問い?合わ?せ|受付)?\s*(?:番号)?\s*[#:]?\s*0*([1-9][0-9]{0,11})(?:番)?"
)
_LOUD = re.compile(r"^\s*(?:tel|phone|電話|携帯|代表|直通|fax)?\s*[.:：]?\s*", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,189}")
_WORK = re.compile(r"wo-?([1-9][0-9]{0,11})")


@dataclass(frozen=True, slots=True)
class Keys:
    """The forms under which one typed text can be a key; None where it cannot."""

    phone: str | None
    mail: str | None
    ticket: int | None
    work: int | None
    serial: str | None


def read(typed: str) -> Keys:
    """Read every key that a text may be. Never raises."""
    plain = clean(unicodedata.normalize("NFKC", typed[:MOST]))
    low = plain.lower()
    mail = _MAIL.search(low)
    ticket = _NUMBER.fullmatch(low)
    work = _WORK.fullmatch(serial_key(plain).lower())
    serial = serial_key(plain)
    useful = 3 <= len(serial) <= 80 and any(char.isdigit() for char in serial)
    return Keys(
        phone(plain), mail[0].strip(".") if mail else None, int(ticket[1]) if ticket else None,
        int(work[1]) if work else None, serial if useful else None,
    )  # fmt: skip


def phone(typed: str) -> str | None:
    """The number as +81…, or None when it is none or names an extension alone."""
    main = split_extension(_LOUD.sub("", unicodedata.normalize("NFKC", typed)))[0]
    number = digits(main)
    if not 9 <= len(number) <= 15 or re.search(r"[a-zぁ-んァ-ヶ一-龠@]", main.lower()):
        return None
    for form in (main, number, f"+{number}"):
        try:
            return e164(form)
        except ValueError:
            continue
    return None
