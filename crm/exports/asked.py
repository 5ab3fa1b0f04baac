"""Filters of lists that have no page of their own: a key or a word in a column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm.exports.tables import Args, Conditions
from crm.filters import flag_in, key_in
from crm.rights import Person

LONGEST = 200


def same(**columns: Any) -> Callable[[Args, Person], Conditions]:
    """Rows whose columns are what the address says: keys in digits, flags as true or false.

    What is made raises BadRequest naming the filter.
    """

    def where(args: Args, _user: Person) -> Conditions:
        return [
            column == _value(args, name, column.type.python_type)
            for name, column in columns.items()
            if args.get(name)
        ]

    return where


def _value(args: Args, name: str, kind: type) -> Any:
    if kind is bool:
        return flag_in(args, name)
    return key_in(args, name) if kind is int else args[name][:LONGEST]
