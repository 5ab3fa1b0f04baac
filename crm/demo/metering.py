"""Meters on the story's units: a year and a half of weekly readings, one meter near its limit."""

from __future__ import annotations

import math
import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

from crm.demo.book import SEED, Book
from crm.installed_base.models import Unit
from crm.maintenance.metered import arrange_metered
from crm.maintenance.models import MaintenancePlan, PlanUnit
from crm.readings.models import Meter, Reading

WEEKS = 78
LAST = 3
"""Days since the meters were last read."""


def install(book: Book) -> None:
    """The analyser runs harder than last year, its pump is worn; the tester runs evenly."""
    chance = random.Random(SEED + 11)
    analyser, tester = book.keys["山田LX"], book.keys["山田UT"]
    hours = _meter(book, analyser, "運転時間", "h", limit=Decimal(20_000))
    _count(book, chance, hours, 13_560, 68, 0.42)
    pump = _meter(book, analyser, "ポンプ圧力", "MPa", kind="gauge", decimals=1)
    _gauge(book, chance, pump)
    _plan(book, analyser)
    tests = _meter(book, tester, "試験回数", "回")
    _count(book, chance, tests, 41_200, 240, 0.02)


def _plan(book: Book, unit: int) -> None:
    """The seals are changed at every 2,500 hours."""
    who, since = book.keys["森 和也"], book.day(30)
    yamada, name = book.keys["株式会社山田製作所"], "ポンプシール交換"
    key = book.add(
        MaintenancePlan, account_id=yamada, name=name, work_kind="inspection", rule="counter",
        period="months", every=1, first_due_on=since, horizon_days=30, assignee_id=who,
        active=True, meter="運転時間", counts=Decimal(2_500), threshold=None, above=True,
        in_a_row=3,
    )  # fmt: skip
    book.add(PlanUnit, plan_id=key, unit_id=unit, next_due_on=None, wakes_on=None)
    book.event(
        "plan.added", ("plan", key), yamada, book.at(since, 10), who, name=name,
        work_kind="inspection", plan_id=key,
    )  # fmt: skip


def look_ahead(book: Book) -> None:
    """When the next multiple is reached, by what the counter ran."""
    arrange_metered(book.today, MaintenancePlan.rule == "counter")


def write(book: Book) -> None:
    """After the units."""
    book.write(Meter, Reading)


def _meter(
    book: Book, unit: int, name: str, measure: str, kind: str = "counter", decimals: int = 0,
    limit: Decimal | None = None,
) -> int:  # fmt: skip
    return book.add(
        Meter, unit_id=unit, name=name, name_key=name, measure=measure, kind=kind,
        decimals=decimals, rated_limit=limit,
    )  # fmt: skip


def _count(
    book: Book, chance: random.Random, meter: int, first: int, a_week: int, growth: float
) -> None:
    """A counter that runs so much more in the second year, and less in August and at New Year."""
    total = Decimal(first)
    for week in range(WEEKS):
        day = book.day(LAST + 7 * (WEEKS - 1 - week))
        ease = 0.75 if day.month in (1, 8) else 1.0
        share = 1 + growth * max(0, week - WEEKS / 2) / (WEEKS / 2)
        total += Decimal(round(a_week * ease * share * chance.uniform(0.92, 1.08)))
        _read(book, meter, week, total)


def _gauge(book: Book, chance: random.Random, meter: int) -> None:
    """A pressure that swings a little and has risen since the seal began to wear."""
    for week in range(WEEKS):
        wear = max(0, week - 66) * 0.28
        value = 12.4 + 0.35 * math.sin(week / 4) + wear + chance.uniform(-0.2, 0.2)
        _read(book, meter, week, Decimal(f"{value:.1f}"))


def _read(book: Book, meter: int, week: int, value: Decimal) -> None:
    at = book.at(book.day(LAST + 7 * (WEEKS - 1 - week)), 8, 30) - timedelta(minutes=meter)
    by: dict[str, Any] = {"source": "api", "by_id": None}
    if week % 6 == 5:
        by = {"source": "person", "by_id": book.keys["高橋 健"]}
    book.add(
        Reading, meter_id=meter, at=at, revision=0, value=value, offset=Decimal(0), reset=False,
        reason="", noted_at=at, **by,
    )  # fmt: skip
    if week == WEEKS - 1:
        _tell(book, meter, at, value, by["by_id"])


def _tell(book: Book, meter: int, at: Any, value: Decimal, by_id: int | None) -> None:
    found = next(row for row in book.rows[Meter] if row["id"] == meter)
    unit = next(row for row in book.rows[Unit] if row["id"] == found["unit_id"])
    code = "LX-210" if unit["id"] == book.keys["山田LX"] else "UT-50"
    book.event(
        "unit.metered", ("unit", unit["id"]), unit["account_id"], at, by_id,
        product_code=code, serial_no=unit["serial_no"], unit_id=unit["id"], readings=1,
        meter=found["name"], measure=found["measure"], value=f"{value:,} {found['measure']}",
    )  # fmt: skip
