"""A signature as lines of points: checked, and drawn as the path of an SVG. Pure.

The pad is 1,000 wide and 400 high, whatever the screen was; points are whole numbers on it.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

WIDTH, HEIGHT = 1000, 400
MOST_STROKES, MOST_POINTS = 200, 8000
LONGEST = 120_000
"""Characters of the JSON."""
LEAST = 40
"""How far the pen must have gone in all: a slip of the finger is no signature."""

Strokes = list[list[list[int]]]


def read(said: Any) -> Strokes:
    """The strokes of a form (JSON text) or of JSON; nothing gives none.

    Raises ValueError for anything but a bounded number of points on the pad.
    """
    if isinstance(said, str):
        if len(said) > LONGEST:
            raise ValueError("too long")
        said = _parsed(said) if said.strip() else []
    if not isinstance(said, list) or len(said) > MOST_STROKES:
        raise ValueError("not strokes, or too many")
    strokes = [_stroke(one) for one in said]
    if sum(len(one) for one in strokes) > MOST_POINTS:
        raise ValueError("too many points")
    return strokes


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("too deep") from error


def _stroke(said: Any) -> list[list[int]]:
    if not isinstance(said, list) or not said:
        raise ValueError("not a stroke")
    return [_point(one) for one in said]


def _point(said: Any) -> list[int]:
    if not isinstance(said, list) or len(said) != 2 or not all(type(one) is int for one in said):
        raise ValueError("not a point")
    if not (0 <= said[0] <= WIDTH and 0 <= said[1] <= HEIGHT):
        raise ValueError("beside the pad")
    return said


def length(strokes: Strokes) -> int:
    """How far the pen went, in steps along both axes."""
    return sum(
        abs(after[0] - before[0]) + abs(after[1] - before[1])
        for stroke in strokes
        for before, after in pairwise(stroke)
    )


def path(strokes: Strokes) -> str:
    """The `d` of an SVG path; a lone point is a dot."""
    parts = []
    for stroke in strokes:
        (x, y), *rest = stroke
        parts.append(f"M{x} {y}" + ("".join(f"L{a} {b}" for a, b in rest) or f"L{x} {y}"))
    return "".join(parts)
