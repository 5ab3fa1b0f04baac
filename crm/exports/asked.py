"""Filters of lists that have no page of their own: a key or a word in a column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from crm.errors import BadRequest
from crm.exports.tables import Args, Conditions
from crm.rights import Person


def same(**columns: Any) -> Callable[[Args, Person], Conditions]:
    """Rows whose columns are what the address says: keys in digits, flags as true or false.

    What is made raises BadRequest naming the filter.
    """

    def where(args: Args, _user: Person) -> Conditions:
        return [
            column == _value(name, args[name], column.type.python_type)
            for name, column in columns.items()
            if args.get(name)
        ]

    return where


def _value(name: str, text: str, kind: type) -> Any:
    if kind is bool:
        if text not in ("true", "false"):
            raise BadRequest(_("There is no such filter."), {name: ["true, false"]})
        return text == "true"
    if kind is int:
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise BadRequest(_("There is no such filter."), {name: [_("A record's number.")]})
        return int(text)
    return text[:200]
