"""What day it is on the company's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from crm import clock

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("place", "around"),
    [
        ("Asia/Tokyo", datetime(2026, 11, 20, 15, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 24, 22, tzinfo=UTC)),  # an hour more follows
        ("Europe/Berlin", datetime(2026, 10, 25, 23, tzinfo=UTC)),
        ("America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC)),  # a midnight that is left out
        ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a day that is left out
    ],
)
def test_the_day_changes_at_midnight_there(place: str, around: datetime):
    app = Flask(__name__)
    app.config["ZONE"] = zone = ZoneInfo(place)
    with app.app_context(), time_machine.travel(around, tick=False) as at:
        for seconds in (-90_000, -3_601, -1, 0, 1, 0, -1, 3_600, 86_399, 86_400, 90_000):
            moment = around + timedelta(seconds=seconds)
            at.move_to(moment)
            assert clock.today() == moment.astimezone(zone).date()


def test_two_companies_have_days_of_their_own():
    days = []
    with time_machine.travel(datetime(2026, 11, 20, 18, tzinfo=UTC), tick=False):
        for place in ("Asia/Tokyo", "America/New_York", "Asia/Tokyo"):
            app = Flask(__name__)
            app.config["ZONE"] = ZoneInfo(place)
            with app.app_context():
                days.append(clock.today())
    assert days == [date(2026, 11, 21), date(2026, 11, 20), date(2026, 11, 21)]
