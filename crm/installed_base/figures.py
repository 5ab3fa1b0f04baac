"""A unit's failures by quarter, and its repairs against the price of a new one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from crm.installed_base.terms import fiscal_year, months_after

QUARTERS = 12
LIMIT = 40
"""Percent of the replacement price from which a replacement is advised."""
BASE, TOP = 142.0, 22.0


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work: when, whether it was a failure, yen without tax, minutes of standstill."""

    on: date
    failure: bool
    amount: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Failures:
    """Bars (x, y, height, of this fiscal year?), the scale at the left, fiscal years below."""

    bars: list[tuple[float, float, float, bool]]
    scale: list[tuple[float, int]]
    years: list[tuple[float, str]]
    this_year: int
    hours: int
    bracket: float


def failures(jobs: Sequence[Job], today: date, first_month: int = 4) -> Failures:
    """Three fiscal years of quarters, the running one last."""
    year = fiscal_year(today, first_month)
    starts = [months_after(date(year - 2, first_month, 1), 3 * n) for n in range(QUARTERS)]
    held = [0] * QUARTERS
    for job in jobs:
        place = (job.on.year - starts[0].year) * 4 + (job.on.month - starts[0].month) // 3
        if job.failure and job.on >= starts[0] and place < QUARTERS:
            held[place] += 1
    most = max(3, *held)
    unit = (BASE - TOP) / most
    shown = sum(1 for one in starts if one <= today)
    bars = [
        (22 + place * 23.2, BASE - number * unit, number * unit, place >= 8)
        for place, number in enumerate(held[:shown])
    ]
    step = max(1, -(-most // 3))
    scale = [(BASE - n * unit, n) for n in range(0, most + 1, step)]
    years = [(22 + n * 4 * 23.2, _year(year - 2 + n)) for n in range(3)]
    running = [job for job in jobs if fiscal_year(job.on, first_month) == year]
    count = sum(1 for job in running if job.failure)
    hours = round(sum(job.minutes for job in running) / 60)
    return Failures(bars, scale, years, count, hours, 22 + 8 * 23.2)


def _year(year: int) -> str:
    return _("FY%(year)s", year=f"{year % 100:02d}")


@dataclass(frozen=True, slots=True)
class Cost:
    """A stair of what repairs have cost so far; `limit_y` is the 40 % line, `price_y` the price."""

    stair: str
    area: str
    limit_y: float
    price_y: float
    total: int
    price: int
    percent: float
    years: list[tuple[float, str]]
    top: float


def cost(jobs: Sequence[Job], price: int | None, begins: date | None, today: date) -> Cost | None:
    """Cumulated yen of all repairs by fiscal year; None without a price to hold it against."""
    if not price:
        return None
    done = [job for job in jobs if job.amount]
    first = fiscal_year(min([begins or today, *(job.on for job in done)]))
    last = max(fiscal_year(today), first)
    first = max(first, last - 11)
    count = last - first + 1
    step = 330 / count
    total = sum(job.amount for job in done)
    highest = max(price, total)
    x, path, y = 0.0, f"M0 {BASE}", BASE
    for place in range(count):
        so_far = sum(job.amount for job in done if fiscal_year(job.on) <= first + place)
        y = round(BASE - (BASE - TOP) * so_far / highest, 1)
        x = round(step * (place + 1), 1)
        path += f"V{y}H{x}"
    every = max(1, -(-count // 4))
    years = [(step * n, _year(first + n)) for n in range(0, count, every)]
    return Cost(
        path, f"{path}V{BASE}Z", round(BASE - (BASE - TOP) * price * LIMIT / 100 / highest, 1),
        round(BASE - (BASE - TOP) * price / highest, 1), total, price, total / price, years, y,
    )  # fmt: skip
