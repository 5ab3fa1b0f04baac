"""The table and the JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.driving import Times
from bench.measuring import Measured

HEAD = (
    f"{'':38}{'1 client':>23}{'8 clients':>24}{'SQL':>5}{'CPU ms':>12}{'bare':>8}{'empty':>7}"
    f"{'× bare':>8}{'× empty':>8}  goal\n"
    f"{'':38}{'p50':>8}{'p95':>8}{'/s':>7}{'p50':>8}{'p95':>8}{'/s':>8}{'':5}{'web':>6}{'db':>6}{'p50':>8}{'p50':>7}"
)


def table(found: Sequence[Measured]) -> str:
    """One line for each work; times in milliseconds."""
    return "\n".join([HEAD, *map(_line, found)])


def _line(one: Measured) -> str:
    bare, empty = one.bare, one.empty
    parts = [
        f"{one.name:38}{one.one.p50:8.1f}{one.one.p95:8.1f}{one.one.rate:7.0f}",
        f"{one.eight.p50:8.1f}{one.eight.p95:8.1f}{one.eight.rate:8.0f}" if one.eight else " " * 24,
        f"{one.statements if one.statements is not None else '':>5}",
        f"{one.cpu[0]:6.1f}{one.cpu[1]:6.1f}" if one.cpu else " " * 12,
        f"{bare.p50:8.2f}" if bare else " " * 8, f"{empty.p50:7.2f}" if empty else " " * 7,
        f"{one.one.p50 / bare.p50:8.1f}" if bare else " " * 8,
        f"{one.one.p50 / empty.p50:8.1f}" if empty else " " * 8,
    ]  # fmt: skip
    return "".join(parts) + "  " + _goal(one)


def _goal(one: Measured) -> str:
    if one.goal is None:
        return ""
    return f"{'met' if one.met else 'MISSED'} (≤ {one.goal:.0f})"


def growth(small: Sequence[Measured], large: Sequence[Measured], most: float) -> str:
    """How much slower each work is in the larger company."""
    before = {one.name: one for one in small}
    lines = [f"{'growth':38}{'p50':>8}{'p95':>8}{'× empty, p50':>14}"]
    for one in large:
        if one.name in before:
            lines.append(_grown(before[one.name], one, most))
    return "\n".join(lines)


def _grown(small: Measured, large: Measured, most: float) -> str:
    if not small.one.p50:
        return f"{large.name:38}{'–':>8}{'–':>8}  too quick in the smaller company to compare"
    p50, p95 = large.one.p50 / small.one.p50, large.one.p95 / small.one.p95
    against = ""
    if small.empty and large.empty:
        against = f"{p50 / (large.empty.p50 / small.empty.p50):.2f}"
    said = "met" if p95 <= most else "MISSED"
    return f"{large.name:38}{p50:8.2f}{p95:8.2f}{against:>14}  {said} (≤ {most})"


def as_json(found: Sequence[Measured]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "name": one.name, "one_client": _times(one.one), "eight_clients": _times(one.eight),
            "bare_sql": _times(one.bare), "empty_view": _times(one.empty),
            "statements": one.statements, "cpu_ms": one.cpu, "goal_ms": one.goal, "met": one.met,
        }
        for one in found
    ]  # fmt: skip


def _times(times: Times | None) -> dict[str, float] | None:
    if times is None:
        return None
    figures = {"p50": times.p50, "p95": times.p95, "per_second": times.rate}
    return {name: round(figure, 3) for name, figure in figures.items()} | {"n": len(times.each)}
