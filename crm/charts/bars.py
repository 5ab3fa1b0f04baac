"""Bars that lie in a row of a table, and one bar that is shared out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.charts.drawing import Drawing, Label, Rect, Shape


def within(part: int, whole: int, largest: int, width: float, height: float) -> Drawing:
    """A light bar (`whole`) with a dark one inside it (`part`), both from zero on the scale on
    which `largest` fills the width. Nothing is drawn for nothing."""
    if largest <= 0:
        return Drawing(width, height)
    scale = width / largest
    shapes = [
        Rect(0, 0, max(value, 0) * scale, height, tone)
        for value, tone in ((whole, "light"), (part, "solid"))
        if value > 0
    ]
    return Drawing(width, height, shapes)


@dataclass(frozen=True, slots=True)
class Share:
    name: str
    amount: int
    words: str
    """The share as it is printed inside its segment."""


def shared(parts: Sequence[Share], width: float, height: float, title: str = "") -> Drawing:
    """One stacked bar; the first part is ours (solid), the rest pale. A share too narrow for its
    words goes without them, and a name that would run into the one before it is left out: the
    table below the bar says everything."""
    whole = sum(part.amount for part in parts)
    top, size = 3.6, 2.1
    shapes: list[Shape] = []
    x, free = 0.0, 0.0
    for place, part in enumerate(parts):
        if whole <= 0 or part.amount <= 0:
            continue
        span = width * part.amount / whole
        shapes.append(Rect(x, top, max(span - 0.3, 0.1), height, _tone(place)))
        if span > 12:
            tone = "on" if place == 0 else "text"
            shapes.append(Label(x + 1.2, top + height / 2 + 0.95, part.words, 2.6, tone, "start"))
        needed = _width(part.name, size)
        if x >= free and x + needed <= width:
            tone = "strong" if place == 0 else "note"
            shapes.append(Label(x, 2.2, part.name, size, tone, "start"))
            free = x + needed + 1
        x += span
    return Drawing(width, top + height, shapes, title)


def _tone(place: int) -> str:
    return ("solid", "medium")[place] if place < 2 else "light"


def _width(text: str, size: float) -> float:
    return sum(size if ord(letter) > 0x2E7F else size * 0.6 for letter in text)
