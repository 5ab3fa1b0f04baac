"""Growth and forecast are those of a hand-made calculation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from crm.readings.trends import Forecast, at, forecast, growth, slope

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)


def line(*told: tuple[float, float]) -> list[tuple[datetime, Decimal]]:
    """(days after the first of January 2025, total)."""
    return [(BEGAN + timedelta(days=day), Decimal(str(total))) for day, total in told]


def test_between_two_readings_a_meter_runs_evenly_and_outside_nothing_is_known():
    points = line((0, 100), (10, 200))
    assert at(points, BEGAN + timedelta(days=4)) == 140
    assert at(points, BEGAN + timedelta(days=10)) == 200
    assert at(points, BEGAN + timedelta(days=11)) is None
    assert at(points, BEGAN - timedelta(days=1)) is None


def test_ninety_days_are_put_beside_the_same_days_of_last_year():
    points = line((0, 0), (90, 900), (365, 3_000), (455, 4_170))
    found = growth(points)
    assert found is not None
    assert (found.recent, found.before, found.until) == (1170, 900, points[-1][0])
    assert found.ratio == pytest.approx(0.3)
    assert growth(line((0, 0), (400, 900))) is None
    assert growth([]) is None
    still = growth(line((0, 5), (90, 5), (365, 5), (455, 9)))
    assert still is not None
    assert still.ratio is None


def test_one_wrong_reading_does_not_move_the_slope():
    assert slope(line((0, 0), (5, 10), (10, 20), (15, 30), (20, 40))) == 2
    assert slope(line((0, 0), (5, 10), (10, 999), (15, 30), (20, 40))) == 2
    assert slope(line((0, 0), (5, 10), (10, 20))) is None
    assert slope(line((0, 0), (1, 1), (2, 2), (3, 3))) is None


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (100, Forecast("on", date(2025, 2, 20), Decimal(2))),
        (40, Forecast("reached", date(2025, 1, 21))),
        (1_000_000, Forecast("later", None, Decimal(2))),
    ],
)
def test_the_day_of_a_limit_follows_from_the_last_ninety_days(limit, expected):
    points = line((0, 0), (5, 10), (10, 20), (15, 30), (20, 40))
    assert forecast(points, Decimal(limit)) == expected


def test_a_meter_that_stands_still_or_was_read_seldom_promises_no_day():
    still = line((0, 7), (10, 7), (20, 7), (30, 7))
    assert forecast(still, Decimal(10)).word == "later"
    assert forecast(line((0, 1), (30, 2)), Decimal(10)) == Forecast("few")
    assert forecast([], Decimal(10)) == Forecast("few")
