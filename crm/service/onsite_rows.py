"""Parts and checks as one text each, so that a phone's rows merge with those of the office. Pure.

A text is canonical JSON of rows: sorted keys, the rows in their order, `id` null for a new one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, Any]
NOTHING = "[]"


def written(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as their text."""
    some = [dict(row) for row in rows]
    return json.dumps(some, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> list[Row]:
    """The rows of a text. Raises ValueError for what is none."""
    try:
        rows = json.loads(text)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
        raise ValueError("not rows")
    return rows


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("id"), int | None)


def merge(original: str, theirs: str, mine: str) -> str | None:
    """What both did to the rows since `original`; None when they did different things to one."""
    before, now = _by_key(original), _by_key(theirs)
    merged: list[Row] = []
    kept: set[Any] = set()
    for row in read(mine):
        key = row.get("id")
        kept.add(key)
        if key is None or (key not in before and key not in now):
            merged.append(row | {"id": None})
            continue
        joined = _joined(before.get(key), now.get(key), row)
        if joined is None:
            return None
        merged += [joined] if joined else []
    for key, row in now.items():
        if key not in kept and key in before and row != before[key]:
            return None
    merged += [row for key, row in now.items() if key not in kept and key not in before]
    return written(merged)


def _joined(before: Row | None, theirs: Row | None, mine: Row) -> Row | None:
    """One row put together field by field; {} when it is gone, None when it clashes."""
    if theirs is None:
        return {} if mine == before else None
    joined: Row = {}
    for name, value in mine.items():
        first, other = (before or {}).get(name, value), theirs.get(name, value)
        if value not in (first, other) and other != first:
            return None
        joined[name] = other if value == first else value
    return joined


def _by_key(text: str) -> dict[Any, Row]:
    return {row.get("id"): row for row in read(text)}
