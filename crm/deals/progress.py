"""The line of a deal's amount and the area of its weighted amount over time, as coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.deals.models import RANK_WEIGHTS
from crm.look import short
from crm.timeline.sentences.deals import stage_name

LEFT, RIGHT, TOP, BOTTOM = 40.0, 880.0, 20.0, 116.0
ROOM = 104.0
"""So much room a label needs."""
MAN = 10_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of stage or rank: where it stands and what it says."""

    x: float
    text: str

    @property
    def anchor(self) -> str:
        """A label near the right edge ends at its line."""
        return "end" if self.x > RIGHT - ROOM else "start"


@dataclass(frozen=True, slots=True)
class Progress:
    """Paths and labels of the drawing, 880 wide and 150 high; the scale in 万円."""

    line: str
    area: str
    edge: str
    marks: Sequence[Mark]
    grid: Sequence[tuple[float, str]]


def progress(changes: Sequence[Any], until: datetime) -> Progress | None:
    """Draw the states of a deal, oldest first. None while there is nothing to draw."""
    if not changes or max(change.amount for change in changes) <= 0:
        return None
    start = changes[0].at
    span = max((until - start).total_seconds(), 1.0)
    top = _rounded(max(change.amount for change in changes) // MAN + 1)

    def x(at: datetime) -> float:
        part = min(max((at - start).total_seconds() / span, 0.0), 1.0)
        return round(LEFT + (RIGHT - LEFT) * part, 1)

    def y(amount: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * amount / (top * MAN), 1)

    amounts = [(x(change.at), y(change.amount)) for change in changes]
    weighted = [(x(change.at), y(_weighted(change))) for change in changes]
    edge = _steps(weighted)
    return Progress(
        line=_steps(amounts),
        area=f"{edge}V{BOTTOM}H{LEFT}Z",
        edge=edge,
        marks=_marks(changes, x),
        grid=[(y(top * MAN * part // 3), f"{top * part // 3:,}") for part in (3, 2, 1, 0)],
    )


def _weighted(change: Any) -> int:
    weighted: int = change.amount * RANK_WEIGHTS[change.rank] // 100
    return weighted


def _steps(points: Sequence[tuple[float, float]]) -> str:
    path = f"M{points[0][0]} {points[0][1]}"
    for x, y in points[1:]:
        path += f"H{x}V{y}"
    return f"{path}H{RIGHT}"


def _rounded(most: int) -> int:
    """The next round number that three lines divide evenly: 3, 6, 9, 15, 30, 60, 90 …"""
    scale = 1
    while True:
        for step in (3, 6, 9, 15):
            if step * scale >= most:
                return step * scale
        scale *= 10


def _marks(changes: Sequence[Any], x: Any) -> list[Mark]:
    """Where stage or rank changed; of labels that would run into each other the later one stays."""
    marks: list[Mark] = []
    before: Any = None
    for change in changes:
        moved = before is None or change.stage != before.stage
        if moved or change.rank != before.rank:
            words = f"{change.rank}　{short(change.at)}"
            if moved and before is not None:
                words += f" {stage_name(change.stage)}"
            mark = Mark(x(change.at), words)
            while marks and _touch(marks[-1], mark):
                marks.pop()
            marks.append(mark)
        before = change
    return marks


def _touch(left: Mark, right: Mark) -> bool:
    starts = right.x if right.anchor == "start" else right.x - _width(right)
    ends = left.x + (_width(left) if left.anchor == "start" else 0)
    return ends > starts


def _width(mark: Mark) -> float:
    return 8 + sum(11 if ord(letter) > 0x2E7F else 6.5 for letter in mark.text)
