"""The pipeline as it stood at an instant, read from the history of the deals."""

from __future__ import annotations

from datetime import date

import pytest

from crm import clock
from crm.deals.models import Activity, Deal
from crm.errors import Invalid
from crm.extensions import db
from crm.reports import asking, queries, seating
from crm.reports.lines import Filters
from tests.reports.records import account, at, deal


@pytest.fixture
def ground(app, company, november):
    """An application context with one customer, and nothing else."""
    with app.app_context():
        yield company, account().id


def pipeline(day: str, **filters: int):
    return queries.figures(Filters(**filters), asking.moment(day))


def only(day: str):
    (line,) = pipeline(day).lines
    return line


def test_a_deal_stands_where_its_last_change_before_the_moment_put_it(ground):
    people, customer = ground
    deal(people.rep, people.first_team, (at(9, 1), {}), (at(10, 5), {"stage": "proposal"}),
         (at(11, 5), {"stage": "quotation", "amount": 9}), account_id=customer)  # fmt: skip
    assert [only(day).stage for day in ("2026-09-30", "2026-10-31", "2026-11-20")] == [
        "lead", "proposal", "quotation"
    ]  # fmt: skip
    assert only("2026-10-31").amount == 1_000_000


def test_of_two_changes_at_one_instant_the_later_written_counts(ground):
    people, customer = ground
    deal(people.rep, people.first_team, (at(9, 1), {}), (at(10, 5), {"amount": 5}),
         (at(10, 5), {"amount": 7}), (at(11, 5), {"amount": 9}), account_id=customer)  # fmt: skip
    assert only("2026-10-31").amount == 7


def test_a_day_ends_at_midnight_in_the_companys_time_zone(ground):
    people, customer = ground
    deal(people.rep, people.first_team, (at(10, 31, 14), {}), account_id=customer)
    deal(people.rep, people.first_team, (at(10, 31, 15), {}), account_id=customer)
    assert pipeline("2026-10-31").total.sums.count == 1
    assert pipeline("2026-11-01").total.sums.count == 2


def test_days_in_a_stage_are_counted_to_the_moment(ground):
    people, customer = ground
    deal(people.rep, people.first_team, (at(9, 1), {}), (at(11, 10), {"stage": "proposal"}),
         account_id=customer)  # fmt: skip
    assert only("2026-11-20").days_in_stage == 10
    assert only("2026-10-31").days_in_stage == 60


def test_a_deal_won_since_was_open_then(ground):
    people, customer = ground
    deal(people.rep, people.first_team, (at(9, 1), {}), (at(11, 10), {"stage": "won"}),
         account_id=customer)  # fmt: skip
    assert only("2026-10-31").stage == "lead"
    assert pipeline("2026-11-20").total.sums.count == 0
    assert pipeline("2026-11-20").won.count == 1
    assert pipeline("2026-11-09").won.count == 0


def test_a_deal_handed_over_since_was_its_old_owners_then(ground):
    people, customer = ground
    deal(people.rep, people.first_team, (at(9, 1), {}),
         (at(11, 10), {"owner_id": people.stranger, "team_id": people.second_team}),
         account_id=customer)  # fmt: skip
    assert pipeline("2026-10-31", owner_id=people.rep).total.sums.count == 1
    gone = pipeline("2026-11-20", team_id=people.first_team)
    assert gone.total.sums.count == 0
    assert gone.bridge.step("handed_out").amount == -1_000_000


def test_an_imported_deal_has_the_history_that_came_with_it(ground):
    people, customer = ground
    made = deal(people.rep, people.first_team, (at(9, 1), {}), account_id=customer)
    made.created_at = clock.now()
    db.session.flush()
    assert pipeline("2026-10-31").total.sums.count == 1


def test_a_deal_of_later_was_not_there_yet(ground):
    people, customer = ground
    deal(people.rep, people.first_team, (at(11, 5), {}), account_id=customer)
    assert pipeline("2026-10-31").total.sums.count == 0


def test_an_activity_of_later_does_not_make_a_past_deal_lively(ground):
    people, customer = ground
    made = deal(people.rep, people.first_team, (at(9, 1), {}), account_id=customer,
                last_activity_on=date(2026, 11, 15))  # fmt: skip
    for moment in (at(9, 5), at(9, 20), at(11, 15)):
        db.session.add(Activity(kind="visit", account_id=customer, deal_id=made.id, at=moment))
    db.session.add(
        Activity(kind="visit", account_id=customer, deal_id=made.id, at=at(10, 9), planned=True)
    )
    db.session.flush()
    assert only("2026-10-31").last_activity_on == date(2026, 9, 20)
    assert only("2026-11-20").last_activity_on == date(2026, 11, 15)
    assert only("2026-09-02").last_activity_on is None


def test_a_list_prints_the_short_name_of_the_account_and_the_deals_number(ground):
    people, customer = ground
    made = deal(people.rep, people.first_team, (at(9, 1), {}), account_id=customer)
    (line,) = seating.detailed([only("2026-11-20")])
    assert line.account == "㈱青嶺製作所"
    assert line.number == db.session.get_one(Deal, made.id).number


def test_deals_of_nobody_have_a_seat_too(ground):
    people, customer = ground
    deal(people.rep, people.first_team, (at(9, 1), {"owner_id": None, "team_id": None}),
         account_id=customer)  # fmt: skip
    lines = pipeline("2026-11-20").lines
    assert seating.seats(lines)[None, None].team == ""


@pytest.mark.parametrize(
    "text", ["2026-11-21", "2026-11-20T00:00:01+00:00", "nonsense", "1999-01-01"]
)
def test_a_moment_that_is_none_or_not_yet_is_refused(ground, text):
    with pytest.raises(Invalid):
        asking.moment(text)


def test_an_instant_is_taken_to_the_second(ground):
    found = asking.moment("2026-11-20T09:00:00+09:00")
    assert found.until == clock.now()
    assert not found.whole_day
