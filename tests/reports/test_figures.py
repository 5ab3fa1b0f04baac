"""What the report counts, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crm.reports.figures import compute, ratio
from crm.reports.lines import DealLine, Filters, half_of, half_year, year_of
from crm.reports.payload import fingerprint, payload
from tests.reports.made_up import MOMENT, lines, targets

pytestmark = pytest.mark.once


def line(key: int = 1, **facts: object) -> DealLine:
    return replace(DealLine(key, "proposal", "C", 1_000_000, owner_id=1, team_id=1), **facts)


def report(now=(), before=(), filters=None, **more):
    return compute(now, before, filters or Filters(), MOMENT, **more)


def test_a_weighted_amount_is_cut_off_to_the_yen():
    assert line(rank="A", amount=999).weighted == 899
    assert line(rank="D", amount=19).weighted == 1


def test_weighted_amounts_are_cut_off_deal_by_deal_before_they_are_summed():
    found = report([line(1, rank="D", amount=19), line(2, rank="D", amount=19)])
    assert found.total.sums.weighted == 2


def test_a_ratio_is_rounded_half_up_to_one_decimal():
    assert ratio(1, 3) == 333
    assert ratio(2, 3) == 667
    assert ratio(1, 2000) == 1
    assert ratio(1, 2001) == 0
    assert ratio(-1, 2000) == -1


def test_a_share_of_nothing_is_no_share():
    assert ratio(0, 0) is None
    assert report().total.share is None


def test_the_mean_time_in_a_stage_is_rounded_half_up_to_a_tenth_of_a_day():
    days = [1, 1, 2]
    found = report([line(key, days_in_stage=days[key]) for key in range(3)])
    assert found.total.sums.days == 13
    assert report().total.sums.days is None


def test_won_and_lost_deals_are_not_in_the_pipeline():
    gone = [line(2, stage="won", closed_on=date(2026, 11, 3)),
            line(3, stage="lost", closed_on=date(2026, 11, 3))]  # fmt: skip
    assert report([line(1), *gone]).total.sums.count == 1


def test_every_stage_says_what_changed_since_the_end_of_last_month():
    found = report(
        [line(1, stage="quotation", amount=3), line(2, stage="lead", amount=5)],
        [line(1, stage="proposal", amount=2)],
    )
    changes = {row.stage: (row.count_change, row.amount_change) for row in found.stages}
    assert changes["quotation"] == (1, 3)
    assert changes["proposal"] == (-1, -2)
    assert changes["lead"] == (1, 5)
    assert (found.total.count_change, found.total.amount_change) == (1, 6)


def test_the_stages_sum_to_the_total():
    found = report(*lines(200))
    assert sum(row.sums.amount for row in found.stages) == found.total.sums.amount
    assert sum(row.sums.weighted for row in found.stages) == found.total.sums.weighted
    assert sum(row.sums.count for row in found.stages) == found.total.sums.count
    assert sum(row.amount_change for row in found.stages) == found.total.amount_change


def test_the_origins_sum_to_the_total():
    found = report(*lines(200))
    assert sum(row.amount for row in found.origins) == found.total.sums.amount


def test_a_deal_from_an_alert_counts_as_from_support_whatever_was_typed():
    found = report([line(1, origin="sales", rule="R05"), line(2, origin="support"), line(3)])
    assert (found.support.count, found.support.amount, found.support.share) == (2, 2_000_000, 667)


def test_what_was_won_says_how_much_of_it_came_from_support():
    won = {"stage": "won", "closed_on": date(2026, 11, 9)}
    found = report([line(1, rule="R01", amount=300, **won), line(2, amount=100, **won)], [line(1)])
    assert (found.won.count, found.won.amount) == (2, 400)
    assert (found.won_from_support.count, found.won_from_support.share) == (1, 750)


def test_the_win_rate_counts_deals():
    won = {"stage": "won", "closed_on": date(2026, 11, 9)}
    lost = {"stage": "lost", "closed_on": date(2026, 11, 9)}
    found = report([line(1, **won), line(2, **won), line(3, **lost)])
    assert found.win_rate == 667


def test_a_deal_won_before_this_month_is_not_won_this_month():
    found = report([line(1, stage="won", closed_on=date(2026, 10, 31))])
    assert found.won.count == 0


def test_stages_moved_forward_and_back_are_counted():
    found = report(
        [line(1, stage="negotiation"), line(2, stage="lead"), line(3)], [line(1), line(2), line(3)]
    )
    assert (found.moves["advanced"].count, found.moves["fell_back"].count) == (1, 1)


def test_an_order_put_off_within_its_month_is_not_put_off():
    before = [line(1, expected_close_on=date(2026, 12, 1))]
    within = report([line(1, expected_close_on=date(2026, 12, 31))], before)
    after = report([line(1, expected_close_on=date(2027, 1, 1))], before)
    assert within.moves["postponed"].count == 0
    assert after.moves["postponed"].count == 1


def test_a_deal_stands_still_from_thirty_one_days_on():
    found = report([line(1, last_activity_on=date(2026, 10, 30)),
                    line(2, last_activity_on=date(2026, 10, 31)), line(3)])  # fmt: skip
    assert found.moves["still"].count == 1


def test_the_forecast_is_what_was_won_and_what_is_weighted():
    now = [
        line(1, stage="won", amount=700, closed_on=date(2026, 10, 9)),
        line(2, rank="B", amount=100, expected_close_on=date(2026, 12, 9)),
        line(3, rank="A", amount=100, expected_close_on=date(2027, 4, 1)),
    ]
    forecast = report(now, targets={date(2026, 12, 1): 1_000}).forecast
    assert [month.won for month in forecast.months] == [700, 0, 0, 0, 0, 0]
    assert [month.weighted for month in forecast.months] == [0, 0, 70, 0, 0, 0]
    assert (forecast.landing, forecast.target, forecast.rate) == (770, 1_000, 770)


def test_a_late_deal_is_expected_this_month():
    forecast = report([line(1, rank="A", expected_close_on=date(2026, 9, 1))]).forecast
    assert forecast.months[1].weighted == 900_000


def test_without_targets_there_is_no_rate():
    forecast = report([line(1)]).forecast
    assert forecast.target is None
    assert forecast.rate is None


def test_the_halves_of_a_fiscal_year_are_where_japan_has_them():
    assert half_of(date(2026, 3, 31), 4).code == "2025H2"
    assert half_of(date(2026, 4, 1), 4).code == "2026H1"
    assert half_of(date(2026, 10, 1), 4).last == date(2027, 3, 31)
    assert half_year(2026, 1, 1).last == date(2026, 6, 30)
    assert half_year(2025, 2, 10).first == date(2026, 4, 1)
    assert year_of(2027, 4).last == date(2028, 3, 31)
    assert half_of(date(2028, 2, 29), 10).code == "2027H1"


def test_filters_choose_a_team_or_a_person():
    now = [line(1, team_id=1, owner_id=1), line(2, team_id=1, owner_id=2), line(3, team_id=2)]
    assert report(now, filters=Filters(team_id=1)).total.sums.count == 2
    assert report(now, filters=Filters(team_id=1, owner_id=2)).total.sums.count == 1


def test_a_period_holds_what_is_late_and_what_nobody_dated():
    half = Filters(period=half_year(2026, 2, 4))
    now = [line(1, expected_close_on=date(2026, 4, 1)), line(2),
           line(3, expected_close_on=date(2027, 4, 1))]  # fmt: skip
    assert report(now, filters=half).total.sums.count == 2


def test_the_same_deals_in_another_order_have_the_same_hash():
    now, before = lines(60)
    one = payload(report(now, before, targets=targets()))
    two = payload(report(now[::-1], before[::-1], targets=targets()))
    assert fingerprint(one) == fingerprint(two)


def test_one_yen_more_is_another_hash():
    now, before = lines(60)
    other = [replace(now[0], amount=now[0].amount + 1), *now[1:]]
    assert fingerprint(payload(report(now, before))) != fingerprint(payload(report(other, before)))


def test_other_filters_are_another_hash():
    now, before = lines(60)
    everybody = payload(report(now, before))
    period = payload(report(now, before, Filters(period=year_of(2030, 4))))
    assert fingerprint(everybody) != fingerprint(period)
