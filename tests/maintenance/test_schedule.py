"""When visits fall due, against a slow version that counts day by day."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crm.maintenance.schedule import Every, due_days, first_due, visit_day, wakes_on
from crm.workdays import NATIONAL, holiday_name, holidays_of

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
INTERVALS = st.one_of(
    st.builds(Every, st.integers(1, 120), st.just(True)),
    st.builds(Every, st.integers(7, 800), st.just(False)),
)


def slow_due_days(first: date, every: Every, start: date, end: date) -> list[date]:
    """Look at every day: is it the day of the month, in a month that counts?"""
    found, day = [], first
    while day <= end:
        if every.months:
            passed = (day.year - first.year) * 12 + day.month - first.month
            length = calendar.monthrange(day.year, day.month)[1]
            counts = passed % every.number == 0 and day.day == min(first.day, length)
        else:
            counts = (day - first).days % every.number == 0
        if counts and day >= start:
            found.append(day)
        day += timedelta(days=1)
    return found


@given(DAYS, INTERVALS, DAYS, st.integers(0, 900))
def test_due_days_are_those_that_a_patient_clerk_would_find(first, every, start, length):
    end = start + timedelta(days=length)
    assert due_days(first, every, start, end) == slow_due_days(first, every, start, end)


@given(DAYS, INTERVALS, DAYS)
def test_the_first_due_day_is_the_first_of_the_calendar(first, every, start):
    found = first_due(first, every, start)
    assert found >= start
    assert found in slow_due_days(first, every, start, found)
    assert slow_due_days(first, every, start, found - timedelta(days=1)) == []


def test_the_end_of_a_month_does_not_drift():
    every = Every(1)
    found = due_days(date(2027, 1, 31), every, date(2027, 1, 1), date(2027, 5, 31))
    assert [f"{day:%m-%d}" for day in found] == ["01-31", "02-28", "03-31", "04-30", "05-31"]


def test_a_plan_from_29_february_comes_back_to_it():
    found = due_days(date(2024, 2, 29), Every(12), date(2024, 1, 1), date(2028, 12, 31))
    assert [day.isoformat() for day in found] == [
        "2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29",
    ]  # fmt: skip


@given(DAYS, DAYS)
def test_nobody_is_sent_on_a_day_off_or_into_the_past(due, today):
    day = visit_day(due, today, NATIONAL)
    assert NATIONAL.is_business_day(day)
    assert day >= max(due, today)
    between = (day - max(due, today)).days
    assert not any(
        NATIONAL.is_business_day(max(due, today) + timedelta(days=n)) for n in range(between)
    )


def test_the_days_off_are_those_of_japan():
    assert visit_day(date(2026, 5, 2), date(2026, 1, 1), NATIONAL) == date(2026, 5, 7)
    assert visit_day(date(2026, 9, 19), date(2026, 1, 1), NATIONAL) == date(2026, 9, 24)
    assert visit_day(date(2026, 12, 29), date(2026, 1, 1), NATIONAL) == date(2027, 1, 4)
    assert holidays_of(2026)[date(2026, 9, 22)] == "国民の休日"
    assert holidays_of(2026)[date(2026, 5, 6)] == "振替休日"


def test_work_is_arranged_from_the_horizon_on():
    assert wakes_on(date(2026, 3, 1), 60) == date(2025, 12, 31)


def test_a_holiday_is_called_by_its_name_in_both_languages() -> None:
    assert holiday_name(date(2026, 11, 3), "ja") == "文化の日"
    assert holiday_name(date(2026, 11, 3), "en") == "Culture Day"
    assert holiday_name(date(2026, 11, 4), "en") == ""
