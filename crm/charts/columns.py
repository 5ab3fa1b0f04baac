"""One column a month: what happened, what is expected on top of it, and a line for the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.charts.drawing import Drawing, Label, Line, Rect, Shape


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    done: int
    expected: int
    target: int | None = None
    words: str = ""
    """Stands under the name."""
    behind: bool = False


def columns(
    months: Sequence[Column], width: float = 452, height: float = 176, title: str = ""
) -> Drawing:
    """Solid for done, hatched for expected, a line for the target; from zero, on one scale."""
    axis, head, size = height - 36, 10.0, 12.0
    tallest = max([1, *(max(m.done + m.expected, m.target or 0) for m in months)])
    scale = (axis - head) / tallest
    pitch = width / max(len(months), 1)
    shapes: list[Shape] = [Line(0, axis, width, axis, "axis")]
    for place, month in enumerate(months):
        shapes += _column(month, pitch * place, pitch, axis, scale)
        middle = pitch * (place + 0.5)
        shapes.append(Label(middle, axis + 16, month.name, size, "name"))
        tone = "behind" if month.behind else "small"
        shapes.append(Label(middle, axis + 31, month.words, size - 1, tone))
    return Drawing(width, height, shapes, title)


def _column(month: Column, left: float, pitch: float, axis: float, scale: float) -> list[Shape]:
    bar, x = pitch * 0.58, left + pitch * 0.21
    done, expected = month.done * scale, month.expected * scale
    shapes: list[Shape] = []
    if month.done > 0:
        shapes.append(Rect(x, axis - done, bar, done, "solid"))
    if month.expected > 0:
        shapes.append(Rect(x + 0.5, axis - done - expected, bar - 1, expected, "hatch"))
    if month.target:
        y = axis - month.target * scale
        shapes.append(Line(x - pitch * 0.08, y, x + bar + pitch * 0.08, y, "limit"))
    return shapes
