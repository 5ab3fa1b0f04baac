"""From one balance to the next, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.charts.drawing import Door, Drawing, Label, Line, Rect, Shape


@dataclass(frozen=True, slots=True)
class Step:
    """`amount` is the balance for the first and the last step, the signed change for the others."""

    name: str
    amount: int
    words: str
    note: str = ""
    tone: str = ""
    """Overrides the tone of a change; a rise is "up" and a fall is "down"."""
    url: str = ""
    """Where a press on the bar leads."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Sizes in the drawing's own unit."""

    width: float
    height: float
    head: float
    """Room above the highest bar, for its figure."""
    foot: float
    """Room below the axis, for two lines of words."""
    size: float
    """Of the letters."""
    bar: float = 0.6
    """A bar's share of its step's width."""
    edge: float = 0.0
    """Room at either side that the axis has and the bars have not."""


PAPER_FRAME = Frame(182, 74, 6, 10, 2.4, edge=1.5)
SCREEN_FRAME = Frame(1312, 292, 40, 48, 14, 0.413)


def steps_sum(steps: Sequence[Step]) -> bool:
    """Whether the first balance and the changes make the last balance."""
    return sum(step.amount for step in steps[:-1]) == steps[-1].amount


def waterfall(
    steps: Sequence[Step], frame: Frame, title: str = "", may_cut: bool = False
) -> Drawing:
    """Raises AssertionError when the steps do not sum up: such a drawing would be a lie.

    With `may_cut` the lower part of the two balances is left out, under a visible break, where
    the changes would otherwise be too thin to see; the axis starts from zero without it.
    """
    assert steps_sum(steps), "the steps of a bridge sum to its end"
    levels = _levels(steps)
    low, high = min(levels), max(max(levels), 1)
    base = low * 2 // 3 if may_cut and low * 2 > high else 0
    plan = _Plan(frame, len(steps), base, high)
    shapes: list[Shape] = []
    for place, step in enumerate(steps):
        total = place in (0, len(steps) - 1)
        shapes += _balance(plan, place, step) if total else _change(plan, place, step, levels)
        shapes += _words(plan, place, step, levels, total)
        if step.url:
            shapes.append(_door(plan, place, step))
        if place < len(steps) - 1:
            y = plan.y(levels[place])
            shapes.append(Line(plan.x(place) + plan.bar, y, plan.x(place + 1), y, "link"))
    shapes.append(Line(0, plan.axis, frame.width, plan.axis, "axis"))
    return Drawing(frame.width, frame.height, shapes, title)


def is_cut(steps: Sequence[Step]) -> bool:
    """Whether `waterfall(..., may_cut=True)` leaves out the lower part of the balances."""
    levels = _levels(steps)
    return min(levels) * 2 > max(max(levels), 1)


class _Plan:
    """Where things stand."""

    def __init__(self, frame: Frame, count: int, base: int, high: int) -> None:
        self.frame, self.base = frame, base
        self.pitch = (frame.width - 2 * frame.edge) / count
        self.bar = self.pitch * frame.bar
        self.axis = frame.height - frame.foot
        self.scale = (self.axis - frame.head) / max(high - base, 1)

    def x(self, place: int) -> float:
        return self.frame.edge + self.pitch * place + (self.pitch - self.bar) / 2

    def y(self, level: int) -> float:
        return self.axis - max(level - self.base, 0) * self.scale

    def middle(self, place: int) -> float:
        return self.x(place) + self.bar / 2


def _levels(steps: Sequence[Step]) -> list[int]:
    """The balance after each step."""
    levels: list[int] = []
    for place, step in enumerate(steps):
        fresh = place in (0, len(steps) - 1)
        levels.append(step.amount if fresh else levels[-1] + step.amount)
    return levels


def _balance(plan: _Plan, place: int, step: Step) -> list[Shape]:
    top = plan.y(step.amount)
    shapes: list[Shape] = [Rect(plan.x(place), top, plan.bar, plan.axis - top, "solid")]
    if plan.base:
        gap = plan.frame.size / 3
        shapes.append(Rect(plan.x(place), plan.axis - plan.frame.size, plan.bar, gap, "break"))
    return shapes


def _change(plan: _Plan, place: int, step: Step, levels: list[int]) -> list[Shape]:
    if not step.amount:
        return []
    before, after = levels[place - 1], levels[place]
    top, end = plan.y(max(before, after)), plan.y(min(before, after))
    tone = step.tone or ("up" if step.amount > 0 else "down")
    return [Rect(plan.x(place), top, plan.bar, max(end - top, plan.frame.size / 12), tone)]


def _door(plan: _Plan, place: int, step: Step) -> Door:
    """All of a step, from the top to the words below the axis, leads to what is behind it."""
    left = plan.frame.edge + plan.pitch * place
    name = f"{step.name} {step.words}"
    return Door(left, 0, plan.pitch, plan.frame.height, step.url, name)


def _words(plan: _Plan, place: int, step: Step, levels: list[int], total: bool) -> list[Shape]:
    size, middle = plan.frame.size, plan.middle(place)
    highest = levels[place] if total else max(levels[place - 1], levels[place])
    figure = "strong" if total else "plus" if step.amount >= 0 or step.tone else "minus"
    under = plan.axis + size * 1.45
    return [
        Label(middle, plan.y(highest) - size * 0.5, step.words, size, figure),
        Label(middle, under, step.name, size * 0.95, "bold" if total else "name"),
        Label(middle, under + size * 1.25, step.note, size * 0.82, "note"),
    ]
