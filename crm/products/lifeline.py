"""The life of a product as a line: until when it is sold, supported and has parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from crm.charts.drawing import Drawing, Label, Line, Rect, Shape

WIDTH, ROW, TOP, BAR = 400.0, 38.0, 18.0, 10.0
MARGIN = timedelta(days=365)
"""So much is shown before the first day that matters and behind the last."""

Term = tuple[str, date | None, str]
"""A name, the last day if one is known, and that day in words."""


def lifeline(terms: Sequence[Term], today: date, today_words: str) -> Drawing:
    """One row a term; what is over is paler, and what has no end yet runs pale to the edge."""
    days = [today, *(day for _name, day, _words in terms if day is not None)]
    first, last = min(days) - MARGIN, max(days) + MARGIN
    scale = WIDTH / (last - first).days
    bottom = TOP + ROW * len(terms)
    shapes: list[Shape] = []
    for place, (name, day, words) in enumerate(terms):
        y = TOP + ROW * place
        shapes.append(Label(0, y + 14, name, 13, "name", "start"))
        shapes.append(Label(WIDTH, y + 14, words, 12, "note", "end"))
        length = WIDTH if day is None else (day - first).days * scale
        tone = "light" if day is None else "solid" if day >= today else "medium"
        shapes.append(Rect(0, y + 20, length, BAR, tone))
    x = (today - first).days * scale
    shapes.append(Line(x, TOP - 4, x, bottom, "limit"))
    side = "start" if x < WIDTH / 4 else "end" if x > WIDTH * 3 / 4 else "middle"
    shapes.append(Label(x, TOP - 8, today_words, 11, "small", side))
    title = ", ".join(f"{name} {words}" for name, _day, words in terms)
    return Drawing(WIDTH, bottom + 2, shapes, title)
