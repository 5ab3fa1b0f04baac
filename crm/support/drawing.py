"""The bar of a promise, ready to be drawn: where each piece begins, and what is written by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from crm.support.sla import Clock

WIDTH = 372
LEAST = 2.0


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the bar, in the units of the drawing."""

    kind: str
    x: float
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar: its pieces, and where now is."""

    pieces: tuple[Piece, ...]
    now: float
    label_now: bool


def hours(length: timedelta) -> str:
    """2:25 for two hours and twenty-five minutes; the sign is left to words."""
    minutes = round(abs(length).total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def bar(state: Clock) -> Bar:
    """Cut the width by working time; a wait is as wide as the working time it took."""
    total = sum((one.worked for one in state.segments), timedelta()) or timedelta(hours=1)
    pieces, x, now = [], 0.0, 0.0
    for one in state.segments:
        width = max(LEAST, WIDTH * (one.worked / total))
        width = min(width, WIDTH - x)
        label = hours(one.worked) if width > 26 and one.kind != "left" else ""
        pieces.append(Piece(one.kind, round(x, 1), round(width, 1), label))
        x += width
        if one.kind != "left":
            now = x
    return Bar(tuple(pieces), round(now, 1), 84 < now < WIDTH - 84)
