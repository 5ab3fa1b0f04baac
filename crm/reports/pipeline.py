"""The pipeline report in rows of words and drawings, for the screen and for paper alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm.charts.bars import Share, shared, within
from crm.charts.columns import Column, columns
from crm.charts.drawing import PAPER, SCREEN, Drawing, svg
from crm.charts.waterfall import PAPER_FRAME, SCREEN_FRAME, Step, is_cut, waterfall
from crm.reports import comparing, wording
from crm.reports.bridge import UNUSUAL
from crm.reports.figures import PipelineFigures, StageRow
from crm.reports.notation import Notation
from crm.reports.press import FAMILY

WON_LOOK = "won"
ON_PAPER = f'font-family="{FAMILY}"'
"""A drawing on paper does not take over the font of what is round it."""


@dataclass(frozen=True, slots=True)
class StageWords:
    """One row of the stage table; `worse` marks what went down."""

    stage: str
    name: str
    count: str
    amount: str
    weighted: str
    days: str
    count_change: str
    amount_change: str
    fewer: bool
    less: bool
    share: str
    bar: Any = ""


def stage_rows(figures: PipelineFigures, n: Notation) -> list[StageWords]:
    largest = max((row.sums.amount for row in figures.stages), default=0)
    return [_stage(row, n, largest) for row in figures.stages]


def total_row(figures: PipelineFigures, n: Notation) -> StageWords:
    return _stage(figures.total, n, 0)


def _stage(row: StageRow, n: Notation, largest: int) -> StageWords:
    bar = within(row.sums.weighted, row.sums.amount, largest, 42, 4.2)
    return StageWords(
        stage=row.stage,
        name=wording.stage(row.stage),
        count=n.count(row.sums.count),
        amount=n.thousands(row.sums.amount),
        weighted=n.thousands(row.sums.weighted),
        days=n.tenths(row.sums.days) if row.sums.days is not None else "–",
        count_change=n.count_change(row.count_change),
        amount_change=n.change(row.amount_change),
        fewer=row.count_change < 0,
        less=row.amount_change < 0,
        share=n.tenths(row.share),
        bar=svg(bar, PAPER, "mm", ON_PAPER) if largest else "",
    )


def bridge_steps(
    figures: PipelineFigures,
    n: Notation,
    ends: tuple[str, str],
    behind: Callable[[str], str] = lambda _kind: "",
) -> list[Step]:
    """Opening, causes, closing; causes that only filters bring about are shown when they occur.
    `ends` are the names of the two balances, `behind` gives the address of a cause's deals."""
    bridge = figures.bridge
    middle = [
        Step(
            wording.step(step.kind),
            step.amount,
            n.change(step.amount),
            wording.step_count(step),
            WON_LOOK if step.kind == "won" else "",
            behind(step.kind) if step.count else "",
        )
        for step in bridge.steps
        if step.count or step.kind not in UNUSUAL or _by_period(step.kind, figures)
    ]
    opening = Step(
        ends[0], bridge.opening, n.thousands(bridge.opening), wording.deals(bridge.opening_count)
    )
    closing = Step(
        ends[1], bridge.closing, n.thousands(bridge.closing), wording.deals(bridge.closing_count)
    )
    return [opening, *middle, closing]


def _by_period(kind: str, figures: PipelineFigures) -> bool:
    return figures.filters.period.last is not None and kind in ("slipped_in", "slipped_out")


def paper_bridge(steps: Sequence[Step]) -> Any:
    return svg(waterfall(steps, PAPER_FRAME), PAPER, "mm", ON_PAPER)


def screen_bridge(steps: Sequence[Step]) -> Any:
    drawing = waterfall(steps, SCREEN_FRAME, _told(steps), may_cut=True)
    return svg(drawing, SCREEN, attributes='class="charts"')


def bridge_is_cut(steps: Sequence[Step]) -> bool:
    return is_cut(steps)


def _told(steps: Sequence[Step]) -> str:
    """The bridge in words, for who hears the page."""
    return ", ".join(f"{step.name} {step.words}" for step in steps)


def shares(figures: PipelineFigures, n: Notation) -> list[Share]:
    return [
        Share(wording.origin(row.origin), row.amount, f"{n.tenths(row.share)}%")
        for row in figures.origins
    ]


def share_bar(figures: PipelineFigures, n: Notation) -> Any:
    return svg(shared(shares(figures, n), 106, 6), PAPER, "mm", ON_PAPER)


def month_columns(figures: PipelineFigures, n: Notation) -> Drawing:
    """Won, expected and target month by month; below each what is above or short of the target,
    or where there is none what the month brings."""
    months = []
    for month in figures.forecast.months:
        gap = None if month.target is None else month.landing - month.target
        words = n.thousands(month.landing) if gap is None else n.change(gap)
        months.append(
            Column(
                n.month(month.first), month.won, month.weighted, month.target, words,
                gap is not None and gap < 0,
            )
        )  # fmt: skip
    title = ", ".join(f"{one.name} {one.words}" for one in months)
    return columns(months, title=title)


def screen_months(figures: PipelineFigures, n: Notation) -> Any:
    return svg(month_columns(figures, n), SCREEN, attributes='class="charts"')


def origin_rows(figures: PipelineFigures, n: Notation) -> list[tuple[str, str, str, str]]:
    """Where the open deals came from, and how much of what was won came from support."""
    rows = [
        (wording.origin(row.origin), n.count(row.count), n.thousands(row.amount),
         n.tenths(row.share))
        for row in figures.origins
    ]  # fmt: skip
    won = figures.won_from_support
    rows.append(
        (comparing.said(figures, n).won_from_support, n.count(won.count), n.thousands(won.amount),
         n.tenths(won.share))
    )  # fmt: skip
    return rows


def move_rows(figures: PipelineFigures, n: Notation) -> list[tuple[str, str, str]]:
    return [
        (wording.move(name), n.count(moved.count), n.thousands(moved.amount))
        for name, moved in figures.moves.items()
    ]
