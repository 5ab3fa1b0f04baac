"""When something ends, and when to propose: against a slow version that walks day by day."""

from __future__ import annotations

import calendar
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from crm.expiry.dates import Due, Facts, Term, ending, expiries
from crm.expiry.proposing import proposal
from crm.installed_base.leases import lease_end, year_end, year_of

ONE = timedelta(days=1)
TODAY = date(2026, 11, 22)


def slow_year_end(lease_ends_on: date, year: int) -> date:
    """A year of a lease begins on the same day each year, or on 1 March where 29 February is not;
    it ends the day before the next one begins."""
    begins = lease_ends_on + ONE
    try:
        following = begins.replace(year=begins.year + year)
    except ValueError:
        following = date(begins.year + year, 3, 1)
    return following - ONE


def slow_request(fiscal_year_end_month: int, today: date, end: date) -> date | None:
    """The last day on which a budget request begins that is not over today and begins by `end`."""
    found, day = None, today - timedelta(days=70)
    while day <= end:
        if day.day == 1:
            month, back = fiscal_year_end_month, 0
            while back < 5:
                month, back = (12 if month == 1 else month - 1), back + 1
            second = date(day.year + day.month // 12, day.month % 12 + 1, 1)
            over = date(
                second.year, second.month, calendar.monthrange(second.year, second.month)[1]
            )
            if day.month == month and over >= today:
                found = day
        day += ONE
    return found


@pytest.mark.parametrize(
    ("lease", "year", "wanted"),
    [
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2027, 2, 28), 1, date(2028, 2, 29)),
        (date(2024, 2, 28), 1, date(2025, 2, 28)),
        (date(2025, 3, 31), 2, date(2027, 3, 31)),
        (date(2025, 12, 31), 1, date(2026, 12, 31)),
    ],
)
def test_a_re_lease_is_taken_for_a_year_at_a_time(lease, year, wanted):
    assert year_end(lease, year) == wanted == slow_year_end(lease, year)
    assert year_of(lease, wanted) == year and year_of(lease, wanted + ONE) == year + 1


def test_every_day_lies_in_the_year_of_the_re_lease_that_the_slow_version_finds():
    some = random.Random(7)
    for _round in range(400):
        lease = date(2020, 1, 1) + timedelta(days=some.randrange(2000))
        on = lease + timedelta(days=some.randrange(-50, 3000))
        year = 0
        while slow_year_end(lease, year) < on:
            year += 1
        assert year_of(lease, on) == year, (lease, on)
        end = lease_end(lease, None, on)
        assert end and (end.on, end.year) == (slow_year_end(lease, year), year)


def test_a_recorded_re_lease_counts_until_it_is_over_and_then_the_years_count_on():
    lease, again = date(2025, 3, 31), date(2027, 3, 31)
    assert lease_end(lease, again, TODAY).fixed and lease_end(lease, again, TODAY).on == again
    after = lease_end(lease, again, date(2027, 4, 1))
    assert (after.on, after.year, after.fixed) == (date(2028, 3, 31), 3, False)
    assert lease_end(None, again, TODAY).on == again and lease_end(None, None, TODAY) is None
    assert lease_end(lease, again, date(2025, 3, 31)).year == 0


def test_a_contract_that_is_renewed_or_cancelled_does_not_end():
    first = Term(1, "M-1", date(2026, 1, 1), date(2026, 12, 31), 90)
    assert ending([first]) == [first]
    assert ending([first, Term(2, "M-2", date(2027, 1, 1), date(2027, 12, 31))])[0].id == 2
    gap = Term(3, "M-3", date(2027, 1, 2), date(2027, 12, 31))
    assert [one.id for one in ending([first, gap])] == [1, 3]
    assert ending([replace(first, cancelled_on=date(2026, 7, 1))]) == []
    broken = Term(4, "M-4", date(2027, 1, 1), date(2027, 12, 31), cancelled_on=date(2027, 1, 1))
    assert ending([first, broken]) == [first], "a renewal cancelled on its first day covers nothing"


def test_everything_that_ends_is_told_in_order_with_its_certainty_and_its_record():
    facts = Facts(
        unit_id=5, product_id=6, account_id=7, begins_on=date(2025, 2, 1),
        warranty_ends_on=date(2027, 1, 31), leased=True, lease_ends_on=date(2026, 2, 28),
        contracts=[Term(9, "M-9", date(2026, 4, 1), date(2027, 3, 31), 90)],
        visits=[Due("visit", 3, date(2026, 12, 1), "calibration", "年次校正")],
        recalls=[Due("campaign_item", 4, date(2027, 6, 1), "recall", "基板交換")],
        consumable_cycle_days=180, consumables="D2ランプ", parts_supply_end_on=date(2027, 9, 30),
        end_of_support_on=date(2028, 3, 31), fiscal_year_end_month=3,
    )  # fmt: skip
    told = [(e.kind, e.on, e.certainty, e.record, e.record_id) for e in expiries(facts, TODAY)]
    assert told == [
        ("calibration", date(2026, 12, 1), "fixed", "visit", 3),
        ("notice", date(2026, 12, 31), "fixed", "contract", 9),
        ("consumable", date(2027, 1, 22), "computed", "unit", 5),
        ("warranty", date(2027, 1, 31), "fixed", "unit", 5),
        ("lease", date(2027, 2, 28), "computed", "unit", 5),
        ("contract", date(2027, 3, 31), "fixed", "contract", 9),
        ("recall", date(2027, 6, 1), "fixed", "campaign_item", 4),
        ("parts", date(2027, 9, 30), "fixed", "product", 6),
        ("budget", date(2027, 10, 1), "computed", "account", 7),
        ("support", date(2028, 3, 31), "fixed", "product", 6),
    ]


def test_without_a_plan_the_next_inspection_follows_from_the_interval_of_the_product():
    facts = Facts(unit_id=1, begins_on=date(2024, 2, 29), inspection_interval_months=12)
    later = replace(facts, last_check_on=date(2026, 8, 31), inspection_interval_months=6)
    assert expiries(facts, date(2025, 1, 1))[0].on == date(2025, 2, 28)
    assert expiries(later, TODAY)[0].on == date(2027, 2, 28)
    assert expiries(replace(later, in_use=False), TODAY) == []


def test_the_time_to_propose_is_the_last_budget_request_before_the_end():
    some = random.Random(3)
    for _round in range(150):
        month, today = some.randint(1, 12), date(2024, 1, 1) + timedelta(some.randrange(1500))
        end = today + timedelta(days=some.randrange(1200))
        found = proposal(Facts(1, warranty_ends_on=end, fiscal_year_end_month=month), today)
        wanted = slow_request(month, today, end)
        if wanted is None:
            assert found.why == "no_request" and found.first == today, (month, today, end)
        else:
            assert (found.why, found.first) == ("planned", max(wanted, today)), (month, today, end)
        assert found.first <= found.last and found.before.on == end


def test_the_last_request_while_parts_last_is_said_to_be_the_last_chance():
    facts = Facts(
        1, parts_supply_end_on=date(2027, 9, 30), end_of_support_on=date(2028, 3, 31),
        fiscal_year_end_month=3,
    )  # fmt: skip
    now = proposal(facts, TODAY)
    assert (now.why, now.first, now.last) == ("last_chance", TODAY, date(2026, 11, 30))
    assert now.now(TODAY) and now.next_request == date(2027, 10, 1)
    early = proposal(facts, date(2026, 2, 28))
    assert (early.why, early.first) == ("last_chance", date(2026, 10, 1))
    assert proposal(facts, date(2026, 12, 1)).why == "no_request"
    assert proposal(facts, date(2027, 10, 1)).why == "ended"
    assert proposal(replace(facts, in_use=False), TODAY) is None
    lease = replace(facts, leased=True, lease_ends_on=date(2027, 3, 31))
    assert proposal(lease, TODAY).before.kind == "lease"
    assert proposal(lease, TODAY).why == "last_chance"


def test_an_unknown_fiscal_year_gives_six_months():
    found = proposal(Facts(1, warranty_ends_on=date(2027, 8, 31)), TODAY)
    assert (found.why, found.first) == ("no_year", date(2027, 2, 1))
    assert proposal(Facts(1), TODAY) is None
