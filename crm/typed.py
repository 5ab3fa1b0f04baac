"""Marshmallow fields for what people type: cleaned text, keys, yen, days in a sensible range."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import marshmallow as ma
from flask_babel import lazy_gettext as _l
from marshmallow.validate import Length, OneOf, Range, Regexp

from crm.text.normal import clean

LARGEST_KEY = 2**53 - 1
MOST_YEN = 10**13
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
FIRST_INSTANT = datetime(1900, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(2199, 12, 31, tzinfo=UTC)


class Words(ma.fields.String):
    """Text of several lines, without control characters and blanks around it."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        return clean(super()._deserialize(value, attr, data, **kwargs))


class OneLine(Words):
    """Text of one line: any run of white space is one blank."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        return " ".join(super()._deserialize(value, attr, data, **kwargs).split())


def line(most: int, required: bool = False, **more: Any) -> OneLine:
    """One line of at most `most` characters; a required one may not be empty."""
    return OneLine(required=required, validate=Length(1 if required else 0, most), **more)


def words(most: int = 20_000, **more: Any) -> Words:
    """A longer text."""
    return Words(validate=Length(max=most), **more)


def key(**more: Any) -> ma.fields.Integer:
    """The key of another record."""
    return ma.fields.Integer(strict=True, validate=Range(1, LARGEST_KEY), **more)


def number(least: int, most: int, **more: Any) -> ma.fields.Integer:
    """A whole number."""
    return ma.fields.Integer(strict=True, validate=Range(least, most), **more)


class Whole(ma.fields.Integer):
    """A whole number of an address, where it is a text, or of a body: 7 and "7", but not 7.5."""

    def _validated(self, value: Any) -> Any:
        if isinstance(value, float) and not value.is_integer():
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Amount(ma.fields.Integer):
    """Yen; what is wrong with it is said of an amount."""


def amount(**more: Any) -> Amount:
    """Yen."""
    least = Range(min=0, error=_l("Type an amount in yen of 0 or more, such as 1200000."))
    most = Range(
        max=MOST_YEN, error=_l("This amount is too large: at most 10,000,000,000,000 yen.")
    )
    figures = {"invalid": _l("Type the amount in figures, such as 1200000.")}
    return Amount(strict=True, validate=[least, most], error_messages=figures, **more)


def day(**more: Any) -> ma.fields.Date:
    """A calendar day."""
    wrong = _l("A day between 1900 and 2199.")
    return ma.fields.Date(validate=Range(FIRST_DAY, LAST_DAY, error=wrong), **more)


IN_RANGE = Range(FIRST_INSTANT, LAST_INSTANT, error=_l("A day between 1900 and 2199."))
"""What an instant is checked by, so that it can be told on any clock."""


def instant(**more: Any) -> ma.fields.AwareDateTime:
    """A moment with its offset."""
    return ma.fields.AwareDateTime(validate=IN_RANGE, **more)


def key_of(text: str | None) -> int | None:
    """A record's key as an address or a form holds it, in plain digits; None for all else."""
    if not text or not (text.isascii() and text.isdigit() and len(text) <= 16):
        return None
    found = int(text)
    return found if 0 < found <= LARGEST_KEY else None


class Flag(ma.fields.Boolean):
    """True or false, nothing else; not even the numbers that equal them."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return bool(super()._deserialize(value, attr, data, **more))


def flag() -> Flag:
    """A field that is true or false."""
    return Flag()


def choice(values: tuple[str, ...], **more: Any) -> ma.fields.String:
    """One of a few words."""
    return ma.fields.String(validate=OneOf(values), **more)


class Schema(ma.Schema):
    """What all schemas have in common: one is never changed once it is made, so a copy of it is
    itself. The API's documentation copies each of them many times while the program starts."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> Schema:
        return self


class Shape(Regexp):
    """The shape of a whole text, from `^` to `$`, without what only Python reads (`\\Z`), as the
    document of the API shows it to programs in every language. No line end slips past `$`."""

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ma.ValidationError(self._format_error(value))
        return value


class Several(Length):
    """How many things a list holds; what it says of them is not said of letters."""

    message_min = "Fewer than {min} things."
    message_max = "More than {max} things."
    message_all = "Not between {min} and {max} things."


class Pressed(Schema):
    """A button: there is nothing to say, and whatever is said is refused."""


class Recorded(Schema):
    """What every record shows of itself."""

    id = ma.fields.Integer(dump_only=True)
    version = ma.fields.Integer(dump_only=True)
    created_at = ma.fields.AwareDateTime(dump_only=True)
    updated_at = ma.fields.AwareDateTime(dump_only=True)
