"""From last month's balance to today's, without a remainder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.reports.bridge import STEPS, build
from crm.reports.lines import DealLine, Filters, half_year

pytestmark = pytest.mark.once

HALF = Filters(period=half_year(2026, 2, 4))
LATER = date(2027, 5, 1)
THEN = DealLine(1, "proposal", "C", 100, expected_close_on=date(2026, 12, 1), owner_id=1, team_id=1)


def bridge(then=None, today=None, filters=HALF, closed=()):
    return build({1: then} if then else {}, {1: today} if today else {}, filters, frozenset(closed))


def steps(*args, **more):
    found = bridge(*args, **more)
    return {step.kind: step.amount for step in found.steps if step.count}


def test_a_new_deal_comes_in():
    assert steps(None, THEN) == {"new": 100}


def test_a_deal_that_did_not_change_makes_no_step():
    assert steps(THEN, THEN) == {}


def test_a_deal_that_is_worth_more_or_less():
    assert steps(THEN, replace(THEN, amount=130)) == {"increased": 30}
    assert steps(THEN, replace(THEN, amount=80)) == {"decreased": -20}


def test_a_deal_won_for_less_is_lowered_first_and_leaves_with_what_it_was_won_for():
    won = replace(THEN, stage="won", amount=90)
    assert steps(THEN, won, closed=[1]) == {"decreased": -10, "won": -90}


def test_a_deal_that_came_and_was_won_in_the_same_month_is_in_both_steps():
    won = replace(THEN, stage="won")
    assert steps(None, won, closed=[1]) == {"new": 100, "won": -100}


def test_a_deal_that_was_lost_leaves():
    assert steps(THEN, replace(THEN, stage="lost"), closed=[1]) == {"lost": -100}


def test_a_deal_put_off_beyond_the_period_slips_out_and_back_in():
    off = replace(THEN, expected_close_on=LATER)
    assert steps(THEN, off) == {"slipped_out": -100}
    assert steps(off, replace(THEN, amount=120)) == {"slipped_in": 100, "increased": 20}


def test_a_deal_handed_to_another_team_leaves_this_one():
    mine = Filters(team_id=1)
    theirs = replace(THEN, team_id=2)
    assert steps(THEN, theirs, filters=mine) == {"handed_out": -100}
    assert steps(theirs, THEN, filters=mine) == {"handed_in": 100}


def test_a_lost_deal_that_lives_again_is_reopened():
    assert steps(replace(THEN, stage="lost"), THEN) == {"reopened": 100}


def test_a_deal_that_was_removed_is_said_to_be():
    assert steps(THEN, None) == {"removed": -100}


def test_a_deal_closed_long_ago_makes_no_step():
    gone = replace(THEN, stage="won")
    assert steps(gone, gone) == {}
    assert steps(None, gone) == {}


states = st.builds(
    DealLine,
    id=st.just(0),
    stage=st.sampled_from(["lead", "proposal", "negotiation", "won", "lost"]),
    rank=st.sampled_from("ABCD"),
    amount=st.integers(0, 10**12),
    expected_close_on=st.sampled_from([None, date(2026, 11, 1), LATER]),
    owner_id=st.sampled_from([1, 2]),
    team_id=st.sampled_from([1, 2]),
)
pairs = st.lists(st.tuples(st.none() | states, st.none() | states, st.booleans()), max_size=12)


@given(pairs, st.sampled_from([Filters(), HALF, Filters(team_id=1), Filters(owner_id=2)]))
def test_whatever_happens_the_steps_lead_from_one_balance_to_the_other(deals, filters):
    before = {key: replace(then, id=key) for key, (then, _, _) in enumerate(deals) if then}
    now = {key: replace(today, id=key) for key, (_, today, _) in enumerate(deals) if today}
    closed = frozenset(key for key, (_, _, recent) in enumerate(deals) if recent)
    found = build(before, now, filters, closed)
    assert found.opening + sum(step.amount for step in found.steps) == found.closing
    assert [step.kind for step in found.steps] == list(STEPS)


def test_a_step_that_nobody_knows_is_an_error():
    with pytest.raises(StopIteration):
        bridge(THEN, THEN).step("nothing")
