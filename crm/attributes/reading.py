"""What somebody typed or sent as a value of a custom field, and a value in words; no database."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from crm.attributes.models import FOLDED, AttributeDefinition
from crm.errors import Invalid
from crm.look import day, language, number, yen
from crm.money import parse_yen
from crm.text.normal import clean
from crm.typed import FIRST_DAY, LARGEST_KEY, LAST_DAY, MOST_YEN

LONGEST = 200
MOST = Decimal(10) ** 12
DECIMALS = 6
NOT_OFFERED = 1_000_000
"""The place of a choice that is offered no more."""


def label(one: AttributeDefinition) -> str:
    """The name of a field in the reader's language."""
    return one.label_ja if language() == "ja" else one.label_en


def read(one: AttributeDefinition, value: Any) -> Any:
    """A value of the field's kind; None for nothing. Raises Invalid with the reason in `value`.

    Numbers are int or float, money whole yen, days ISO texts, references keys: all of them JSON.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Invalid({"value": [_("A text or a number.")]})
    text = " ".join(clean(str(value)).split())
    if one.kind in _READERS:
        return _READERS[one.kind](text)
    if one.kind == "choice" and text not in one.choices:
        raise Invalid({"value": [_("One of: %(all)s.", all=", ".join(one.choices))]})
    if len(text) > LONGEST:
        raise Invalid({"value": [_("%(n)s letters at most.", n=LONGEST)]})
    return text


def _number(text: str) -> int | float:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("−", "-")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= MOST or round(found, DECIMALS) != found:
        raise Invalid({"value": [_("A number with %(n)s decimals at most.", n=DECIMALS)]})
    return int(found) if found == found.to_integral_value() else float(found)


def _money(text: str) -> int:
    try:
        found = parse_yen(text)
    except ValueError:
        found = -1
    if not 0 <= found <= MOST_YEN:
        raise Invalid({"value": [_("An amount in whole yen.")]})
    return found


def _day(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("/", "-")
    try:
        found = date.fromisoformat(plain)
    except ValueError:
        found = None
    if found is None or not FIRST_DAY <= found <= LAST_DAY:
        raise Invalid({"value": [_("A day between 1900 and 2199.")]})
    return found.isoformat()


def _key(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text)
    if not (plain.isascii() and plain.isdigit() and len(plain) < 17):
        raise Invalid({"value": [_("A record's number.")]})
    if not 0 < int(plain) <= LARGEST_KEY:
        raise Invalid({"value": [_("There is no such record, or it is not for you.")]})
    return int(plain)


_READERS = {"number": _number, "money": _money, "date": _day, "reference": _key}


def folded(value: Any) -> str:
    """A value as it is looked up: width and case do not matter, 5 and 5.0 are one."""
    if isinstance(value, (int, float)):
        return f"{Decimal(str(value)).normalize():f}"
    return unicodedata.normalize("NFKC", str(value)).casefold()[:FOLDED]


def place(one: AttributeDefinition, value: Any) -> int | None:
    """Where a value stands in the order of its kind: millionths, yen, the day of all days, which
    of the choices. One that is offered no more stands behind them."""
    if one.kind == "number":
        return int(Decimal(str(value)).scaleb(DECIMALS))
    if one.kind == "money":
        return int(value)
    if one.kind == "choice":
        known = [folded(choice) for choice in one.choices]
        return known.index(folded(value)) if folded(value) in known else NOT_OFFERED
    return date.fromisoformat(value).toordinal() if one.kind == "date" else None


def said(one: AttributeDefinition, value: Any, named: str = "") -> str:
    """A value in words; `named` is what the record is called that a reference names."""
    if value is None or value == "":
        return "―"
    if one.kind == "date":
        return day(date.fromisoformat(value))
    if one.kind == "money":
        return yen(int(value))
    if one.kind == "reference":
        return named or f"#{value}"
    text = number(Decimal(str(value))) if one.kind == "number" else str(value)
    return f"{text} {one.unit}".strip()
