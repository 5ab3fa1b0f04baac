"""Who pays, on which day: the pure function."""

from __future__ import annotations

from datetime import date

import pytest

from crm.installed_base.cover_terms import ContractTerms, UnitTerms
from crm.installed_base.entitlement import entitlement
from crm.installed_base.terms import last_day, months_after, months_between

NEVER = UnitTerms()
COVERED = UnitTerms(begins_on=date(2025, 3, 1), warranty_ends_on=date(2026, 2, 28))


def contract(start: date, end: date, key: int = 1, **more: object) -> ContractTerms:
    return ContractTerms(key, f"M-{key}", start, end, **more)  # type: ignore[arg-type]


YEAR = contract(date(2026, 4, 1), date(2027, 3, 31), response_hours=8)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2025, 2, 28), "nothing"),
        (date(2025, 3, 1), "warranty"),
        (date(2026, 2, 28), "warranty"),
        (date(2026, 3, 1), "warranty_over"),
    ],
)
def test_both_end_days_belong_to_the_warranty(on, code):
    assert entitlement(COVERED, (), on).code == code


@pytest.mark.parametrize(
    ("on", "verdict", "code"),
    [
        (date(2026, 3, 31), "chargeable", "contract_to_come"),
        (date(2026, 4, 1), "free", "contract"),
        (date(2027, 3, 31), "free", "contract"),
        (date(2027, 4, 1), "chargeable", "contract_over"),
    ],
)
def test_both_end_days_belong_to_the_contract(on, verdict, code):
    found = entitlement(NEVER, (YEAR,), on)
    assert (found.verdict, found.code) == (verdict, code)


def test_a_customer_without_anything_pays():
    found = entitlement(NEVER, (), date(2026, 1, 1))
    assert (found.verdict, found.code, found.contract_id) == ("chargeable", "nothing", None)


def test_the_warranty_speaks_first_and_the_contract_still_promises_its_hours():
    both = contract(date(2025, 4, 1), date(2026, 3, 31), response_hours=4)
    found = entitlement(COVERED, (both,), date(2025, 6, 1))
    assert (found.code, found.contract_id, found.response_hours) == ("warranty", 1, 4)


def test_a_warranty_that_ends_on_a_leap_day_covers_it():
    leap = UnitTerms(begins_on=date(2023, 3, 1), warranty_ends_on=date(2024, 2, 29))
    assert entitlement(leap, (), date(2024, 2, 29)).verdict == "free"
    assert entitlement(leap, (), date(2024, 3, 1)).verdict == "chargeable"


def test_a_contract_from_a_leap_day_holds_on_it():
    leap = contract(date(2024, 2, 29), date(2025, 2, 28))
    assert entitlement(NEVER, (leap,), date(2024, 2, 29)).verdict == "free"
    assert entitlement(NEVER, (leap,), date(2024, 2, 28)).verdict == "chargeable"


def test_of_overlapping_contracts_the_quickest_promise_counts():
    slow = contract(date(2026, 1, 1), date(2026, 12, 31), 1, response_hours=24)
    quick = contract(date(2026, 6, 1), date(2026, 6, 30), 2, response_hours=4)
    silent = contract(date(2026, 1, 1), date(2027, 12, 31), 3)
    assert entitlement(NEVER, (slow, quick, silent), date(2026, 6, 30)).contract_id == 2
    assert entitlement(NEVER, (slow, quick, silent), date(2026, 7, 1)).contract_id == 1


def test_a_gap_between_two_contracts_is_chargeable():
    first = contract(date(2025, 4, 1), date(2026, 3, 31), 1)
    second = contract(date(2026, 4, 2), date(2027, 3, 31), 2)
    found = entitlement(NEVER, (first, second), date(2026, 4, 1))
    assert (found.verdict, found.code) == ("chargeable", "contract_to_come")
    assert entitlement(NEVER, (first, second), date(2026, 4, 2)).contract_id == 2


def test_a_cancelled_contract_holds_to_the_day_before():
    ended = contract(date(2026, 4, 1), date(2027, 3, 31), cancelled_on=date(2026, 10, 1))
    assert entitlement(NEVER, (ended,), date(2026, 9, 30)).verdict == "free"
    found = entitlement(NEVER, (ended,), date(2026, 10, 1))
    assert (found.verdict, found.params["on"]) == ("chargeable", "2026-09-30")


def test_a_removed_unit_is_nobodys_duty():
    gone = UnitTerms(warranty_ends_on=date(2027, 1, 1), removed_on=date(2026, 5, 31))
    assert entitlement(gone, (YEAR,), date(2026, 5, 31)).verdict == "free"
    assert entitlement(gone, (YEAR,), date(2026, 6, 1)).code == "removed"


def test_another_makers_unit_is_unknown_until_there_is_a_contract():
    other = UnitTerms(is_competitor=True)
    assert entitlement(other, (), date(2026, 5, 1)).coverage == "unknown"
    assert entitlement(other, (YEAR,), date(2026, 5, 1)).coverage == "contract"


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2019, 3, 29), 12, date(2020, 3, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 3, 1), 12, date(2024, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 4, 1), 12, date(2027, 3, 31)),
    ],
)
def test_a_term_ends_the_day_before_it_would_begin_again(first, months, last):
    assert last_day(first, months) == last


def test_months_are_counted_whole():
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_between(date(2019, 3, 29), date(2026, 11, 28)) == 91
    assert months_between(date(2019, 3, 29), date(2026, 11, 29)) == 92
