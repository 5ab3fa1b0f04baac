"""The clock of a promise counts working time alone. Instants are written on Tokyo's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.support.sla import HOURS, WorkingHours, clock, due, hours_for
from crm.workdays import NATIONAL

pytestmark = pytest.mark.once

TOKYO = ZoneInfo("Asia/Tokyo")
WORK = WorkingHours(TOKYO)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=TOKYO)


def shown(instant: datetime) -> str:
    assert instant.tzinfo is UTC
    return instant.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-20 09:12", 4, "2026-11-20 13:12"),
        ("2026-11-20 14:00", 4, "2026-11-20 18:00"),
        ("2026-11-20 16:00", 4, "2026-11-24 11:00"),
        ("2026-11-20 19:30", 2, "2026-11-24 11:00"),
        ("2026-11-21 10:00", 2, "2026-11-24 11:00"),
        ("2026-11-23 10:00", 2, "2026-11-24 11:00"),
        ("2026-11-24 06:00", 8, "2026-11-24 17:00"),
        ("2026-11-24 12:00", 24, "2026-11-26 18:00"),
        ("2026-12-28 17:00", 2, "2027-01-04 10:00"),
        ("2026-09-18 17:00", 2, "2026-09-24 10:00"),
        ("2026-05-01 17:00", 2, "2026-05-07 10:00"),
    ],
)
def test_a_promise_ends_in_working_time(start, hours, end):
    assert shown(due(WORK, at(start), hours)) == end


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2026, 11, 20), False), (date(2026, 11, 21), True), (date(2026, 11, 22), True),
        (date(2026, 11, 23), True), (date(2026, 9, 21), True), (date(2026, 9, 22), True),
        (date(2026, 5, 6), True), (date(2026, 12, 29), True), (date(2027, 1, 3), True),
        (date(2027, 1, 4), False), (date(2028, 2, 29), False),
    ],
)  # fmt: skip
def test_nobody_works_on_holidays_of_japan(day, off):
    assert NATIONAL.is_business_day(day) is not off


def test_a_ticket_that_waited_for_two_years_still_has_an_end():
    waited = [(at("2024-11-20 10:00"), at("2026-11-20 10:00"))]
    assert shown(due(WORK, at("2024-11-20 09:00"), 8, waited)) == "2026-11-20 17:00"
    with pytest.raises(ValueError, match="no working hour"):
        due(WorkingHours(TOKYO, works=lambda _day: False), at("2026-11-20 10:00"), 1)


def test_waiting_for_the_customer_moves_the_end():
    pauses = [(at("2026-11-20 10:00"), at("2026-11-20 10:31"))]
    assert shown(due(WORK, at("2026-11-20 09:12"), 4, pauses)) == "2026-11-20 13:43"


def test_waiting_overnight_moves_the_end_by_working_time_alone():
    pauses = [(at("2026-11-19 17:00"), at("2026-11-20 10:00"))]
    assert shown(due(WORK, at("2026-11-19 16:00"), 4, pauses)) == "2026-11-20 13:00"


def test_waiting_over_a_weekend_outside_working_hours_costs_nothing():
    pauses = [(at("2026-11-20 18:00"), at("2026-11-24 09:00"))]
    assert shown(due(WORK, at("2026-11-20 17:00"), 2, pauses)) == "2026-11-24 10:00"


def test_a_wait_after_the_promise_was_broken_does_not_mend_it():
    pauses = [(at("2026-11-20 15:00"), at("2026-11-20 16:00"))]
    assert shown(due(WORK, at("2026-11-20 09:00"), 4, pauses)) == "2026-11-20 13:00"


def test_a_wait_that_lasts_still_does_not_move_the_end_yet():
    pauses = [(at("2026-11-20 10:00"), None)]
    assert shown(due(WORK, at("2026-11-20 09:00"), 4, pauses)) == "2026-11-20 13:00"


def test_two_waits_add_up():
    pauses = [
        (at("2026-11-20 13:30"), at("2026-11-20 14:00")),
        (at("2026-11-20 10:00"), at("2026-11-20 11:00")),
    ]
    assert shown(due(WORK, at("2026-11-20 09:00"), 4, pauses)) == "2026-11-20 14:30"


def test_the_end_of_a_promise_agrees_with_the_work_counted():
    start = at("2026-04-28 11:07")
    for hours in range(1, 120):
        assert WORK.worked(start, due(WORK, start, hours)) == timedelta(hours=hours)


def test_the_clock_of_the_picture():
    state = clock(
        WORK, at("2026-11-20 09:12"), 4,
        [(at("2026-11-20 10:10"), at("2026-11-20 10:41"))], at("2026-11-20 11:18"),
    )  # fmt: skip
    assert [(one.kind, one.worked) for one in state.segments] == [
        ("run", timedelta(minutes=58)), ("pause", timedelta(minutes=31)),
        ("run", timedelta(minutes=37)), ("left", timedelta(hours=2, minutes=25)),
    ]  # fmt: skip
    assert shown(state.due_at) == "2026-11-20 13:43"
    assert state.left == timedelta(hours=2, minutes=25)
    assert not state.standing


def test_while_the_customer_has_the_ball_nothing_is_spent():
    for now in ("2026-11-20 11:00", "2026-11-20 17:00", "2026-11-25 12:00"):
        state = clock(WORK, at("2026-11-20 09:00"), 4, [(at("2026-11-20 10:00"), None)], at(now))
        assert state.standing
        assert state.spent == timedelta(hours=1)
        assert state.left == timedelta(hours=3)


def test_a_broken_promise_says_by_how_much():
    state = clock(WORK, at("2026-11-20 09:00"), 4, [], at("2026-11-20 15:30"))
    assert state.left == -timedelta(hours=2, minutes=30)
    assert [one.kind for one in state.segments] == ["run"]


def test_a_ticket_just_opened_has_all_its_time():
    state = clock(WORK, at("2026-11-20 09:00"), 4, [], at("2026-11-20 09:00"))
    assert (state.spent, state.left) == (timedelta(), timedelta(hours=4))


def test_a_contract_can_only_make_a_promise_shorter():
    assert hours_for("low", 4) == 4
    assert hours_for("critical", 4) == HOURS["critical"]
    assert hours_for("normal") == hours_for("normal", None) == 8


def test_severer_is_sooner():
    assert sorted(HOURS, key=HOURS.__getitem__) == ["critical", "high", "normal", "low"]


def test_a_company_that_never_works_is_told_so():
    closed = WorkingHours(TOKYO, works=lambda _day: False)
    with pytest.raises(ValueError, match="no working hour"):
        due(closed, at("2026-11-20 09:00"), 1)


def test_summer_time_elsewhere_keeps_local_hours():
    berlin = WorkingHours(ZoneInfo("Europe/Berlin"), works=lambda day: day.weekday() < 5)
    start = datetime(2026, 3, 27, 17, tzinfo=ZoneInfo("Europe/Berlin"))
    assert due(berlin, start, 2) == datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_around_the_clock_every_hour_counts_nights_and_holidays_too():
    always = WorkingHours(TOKYO, around_the_clock=True)
    assert shown(due(always, at("2026-11-20 16:00"), 24)) == "2026-11-21 16:00"
    assert shown(due(always, at("2026-12-31 23:30"), 72)) == "2027-01-03 23:30"
    waited = [(at("2026-11-20 20:00"), at("2026-11-20 22:30"))]
    assert shown(due(always, at("2026-11-20 16:00"), 8, waited)) == "2026-11-21 02:30"
    state = clock(always, at("2026-11-20 16:00"), 8, waited, at("2026-11-20 23:00"))
    assert (state.spent, state.paused) == (timedelta(hours=4.5), timedelta(hours=2.5))


def test_the_hours_of_the_repair_speak_before_those_of_the_response():
    assert hours_for("low", 4, 48) == 48
    assert hours_for("critical", None, 12) == 12
    assert hours_for("critical", 4, None) == 2
