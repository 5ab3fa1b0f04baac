"""One line over time, small enough for the side of a page; with the limit it may come up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.charts.drawing import Drawing, Label, Line, Rect, Shape, Trace


@dataclass(frozen=True, slots=True)
class Ends:
    """What is written at the ends: the days below, the values beside the line."""

    first: str = ""
    last: str = ""
    low: str = ""
    high: str = ""
    limit: str = ""


def trend(
    points: Sequence[tuple[float, float]], ends: Ends, limit: float | None = None,
    width: float = 300, height: float = 92, title: str = "",
) -> Drawing:  # fmt: skip
    """`points` are (time, value) in the order of time. The scale goes from the lowest to the
    highest value; the limit belongs to it when the line has come within reach of it."""
    values = [value for _time, value in points]
    low, high = min(values, default=0.0), max(values, default=0.0)
    near = limit is not None and limit >= low and high > low and limit - high <= (high - low)
    top, axis = 16.0, height - 18
    peak = max(high, limit) if near and limit is not None else high
    begins = points[0][0] if points else 0.0
    span, reach = (points[-1][0] - begins if points else 0.0) or 1.0, (peak - low) or 1.0

    def y(value: float) -> float:
        return axis - 4 - (value - low) / reach * (axis - 4 - top)

    line = [((time - begins) / span * (width - 6) + 2, y(value)) for time, value in points]
    shapes: list[Shape] = [Line(0, axis, width, axis, "axis")]
    if near and limit is not None:
        shapes.append(Line(0, y(limit), width, y(limit), "link"))
        shapes.append(Label(width, y(limit) - 3, ends.limit, 11, "small", "end"))
    if line:
        shapes += [Trace(line, "trace"), Rect(line[-1][0] - 2, line[-1][1] - 2, 4, 4, "solid")]
    shapes.append(Label(0, height - 4, ends.first, 11, "small", "start"))
    shapes.append(Label(width, height - 4, ends.last, 11, "small", "end"))
    shapes.append(Label(0, 11, ends.high, 11, "small", "start"))
    return Drawing(width, height, shapes, title)
