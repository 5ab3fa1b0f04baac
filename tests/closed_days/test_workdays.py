"""The calendar of business days against a slow obvious version."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
from hypothesis import given
from hypothesis import strategies as st

from crm.closed_days.rules import same_day_in, too_short
from crm.workdays import NATIONAL, OwnDay, Workdays

ONE = timedelta(days=1)
JAPAN = holidays.country_holidays("JP", years=range(2019, 2033))
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
NEAR = st.integers(0, 40).map(lambda n: date(2026, 8, 1) + ONE * n)
OWN = st.dictionaries(NEAR, st.builds(OwnDay, st.just("夏季休業"), worked=st.booleans()))


def obvious(day: date, own: dict[date, OwnDay]) -> bool:
    """Said worked, or nothing speaks against it."""
    for said, what in own.items():
        if said == day:
            return what.worked
    if day.strftime("%a") in ("Sat", "Sun"):
        return False
    if f"{day:%m-%d}" in ("12-29", "12-30", "12-31", "01-01", "01-02", "01-03"):
        return False
    return day not in JAPAN


@given(st.one_of(DAYS, NEAR), OWN)
def test_a_day_is_worked_when_the_company_says_so_and_else_as_in_all_of_japan(day, own):
    calendar = Workdays(own)
    assert calendar.is_business_day(day) is obvious(day, own)
    following = [day + ONE * n for n in range(90)]
    assert calendar.business_day_from(day) == next(one for one in following if obvious(one, own))
    worked = [one for one in following[1:] if obvious(one, own)]
    assert calendar.ahead(day, (1, 3, 5)) == [worked[0], worked[2], worked[4]]


@given(st.integers(2020, 2030), OWN)
def test_the_business_days_of_a_year_are_counted(year, own):
    every = [date(year, 1, 1) + ONE * n for n in range(366)]
    wanted = sum(obvious(day, own) for day in every if day.year == year)
    assert Workdays(own).in_year(year) == wanted


def test_a_day_is_called_as_the_company_calls_it_in_the_readers_language():
    own = {
        date(2026, 8, 12): OwnDay("夏季休業", "Summer closing"), date(2026, 8, 11): OwnDay("創立"),
    }  # fmt: skip
    calendar = Workdays(own)
    assert calendar.name(date(2026, 8, 12), "ja") == "夏季休業"
    assert calendar.name(date(2026, 8, 12), "en") == "Summer closing"
    assert calendar.name(date(2026, 8, 11), "en") == "創立"
    assert NATIONAL.name(date(2026, 8, 11), "en") == "Mountain Day"
    assert calendar.name(date(2026, 8, 13), "ja") == ""


def test_29_february_is_not_invented_and_a_year_keeps_its_business_days():
    assert same_day_in(2027, date(2026, 8, 12)) == date(2027, 8, 12)
    assert same_day_in(2027, date(2028, 2, 29)) is None
    spring = {date(2026, 4, 1) + ONE * n: OwnDay("休") for n in range(100)}
    assert too_short(spring, [2025, 2026]) == 2026
    assert too_short({}, [2025, 2026]) is None
