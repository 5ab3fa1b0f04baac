"""What follows from what was typed: legal form, keys for finding and sorting, checked numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from crm.errors import Invalid
from crm.text import legal_form
from crm.text.houjin import corporate_number
from crm.text.kana import kana_key, reading
from crm.text.normal import search_key
from crm.text.phone import e164, split_extension
from crm.text.postal import postal_code

Fields = dict[str, Any]


def name_parts(name: str) -> Fields:
    """Legal form, its side, the name without it, and the key under which it is found."""
    parts = legal_form.split(name)
    return {
        "legal_form": (parts.form or "")[:30],
        "legal_form_position": parts.position or "",
        "name_core": (parts.core + parts.tail)[:200],
        "name_key": search_key(parts.core + parts.tail)[:200],
    }


def account_reading(kana: str) -> str:
    """The reading of a company: katakana, without the legal form."""
    parts = legal_form.split(kana)
    return reading(parts.core + parts.tail)[:200]


def sort_key(kana: str, name: str) -> str:
    """Where a name stands in a Japanese list; without a reading the name itself decides."""
    return kana_key(kana or name)


def checked(fields: Fields) -> Fields:
    """The fields in their stored form. Raises Invalid with a reason for every wrong one."""
    done, wrong = dict(fields), {}
    for name, (read, words) in _READERS.items():
        if not done.get(name):
            continue
        try:
            done[name] = read(done[name])
        except ValueError:
            wrong[name] = [words()]
    if done.get("corporate_number") == "":
        done["corporate_number"] = None
    if wrong:
        raise Invalid(wrong)
    if "phone" in done:
        done["phone_e164"] = e164(done["phone"]) if done["phone"] else None
    return done


def checked_phones(phones: list[Fields]) -> list[Fields]:
    """Numbers of a contact with their E.164 form. Raises Invalid naming the wrong entry."""
    wrong = {}
    for place, phone in enumerate(phones):
        plain, extension = split_extension(phone["number"])
        try:
            phone["e164"] = e164(plain)
        except ValueError:
            wrong[f"phones.{place}.number"] = [_not_a_phone()]
        if extension and not phone.get("extension"):
            phone["number"], phone["extension"] = plain, extension
    if wrong:
        raise Invalid(wrong)
    return phones


def _phone(typed: str) -> str:
    e164(typed)
    return typed


def _not_a_phone() -> str:
    return _("This is not a telephone number.")


_READERS: dict[str, tuple[Callable[[str], str], Callable[[], str]]] = {
    "corporate_number": (
        corporate_number,
        lambda: _("A corporate number has 13 digits, and its check digit must fit."),
    ),
    "phone": (_phone, _not_a_phone),
    "postal_code": (postal_code, lambda: _("A postal code has seven digits, as in 100-0001.")),
}
