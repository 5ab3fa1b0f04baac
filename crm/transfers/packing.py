"""Columns of a record as JSON can hold them, and back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

Fields = dict[str, Any]


def packed(table: sa.Table, columns: Fields) -> Fields:
    """The columns as JSON; days and instants as ISO 8601, decimals as text."""
    return {name: _pack(value) for name, value in columns.items() if name in table.c}


def unpacked(table: sa.Table, columns: Fields) -> Fields:
    """The reverse of `packed`; what is no column of the table stays as JSON has it."""
    return {
        name: _unpack(table.c[name], value) if name in table.c else value
        for name, value in columns.items()
    }


def _pack(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _unpack(column: sa.Column[Any], value: Any) -> Any:
    if not isinstance(value, str):
        return value
    kind = column.type.python_type
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return Decimal(value) if kind is Decimal else value
