"""What the customer pays: pure functions, in whole yen."""

from __future__ import annotations

import pytest

from crm.service.charging import (
    NOTHING,
    WHOLE,
    Borne,
    Line,
    bill,
    judged,
    said,
)


def test_the_invoice_of_the_paper_is_one_filter_under_a_full_contract():
    lines = [Line(38_000, False), Line(2_400), Line(17_600, True), Line(4_000)]
    found = bill(33_000, 8_000, 0, NOTHING, lines)
    assert (found.labour, found.travel, found.parts, found.total) == (0, 0, 17_600, 17_600)
    assert found.lines == (0, 0, 17_600, 0)


@pytest.mark.parametrize(
    ("shares", "lines", "total"),
    [
        (WHOLE, [], 10_000 + 5_000 + 2_001),
        (NOTHING, [], 0),
        (Borne(50, 0, 100), [], 5_000 + 2_001),
        (Borne(0, 33, 50), [], 1_650 + 1_000),
        (WHOLE, [Line(300, False), Line(700)], 10_000 + 5_000 + 700),
        (Borne(0, 0, 50), [Line(999), Line(999, True)], 499 + 999),
    ],
)
def test_shares_are_cut_below_the_yen_cost_by_cost(shares, lines, total):
    assert bill(10_000, 5_000, 2_001, shares, lines).total == total


def test_saying_free_or_chargeable_keeps_the_proposal_where_it_agrees():
    half = Borne(50, 50, 0)
    assert said(True, half) == half
    assert said(False, half) == NOTHING
    assert said(True, NOTHING) == WHOLE
    assert said(False, NOTHING) == NOTHING


def test_a_kept_verdict_leaves_the_rest_to_the_customer():
    assert judged({"shares": {"labour": 100, "travel": 80, "parts": 0}}) == Borne(0, 20, 100)
    assert judged(None) is None
