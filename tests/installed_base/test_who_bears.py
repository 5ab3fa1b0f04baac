"""Recalls, warranties and contracts of a unit that moves, as a walk through its days also says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.installed_base.cover_terms import (
    COSTS,
    ContractTerms,
    RecallTerms,
    Shares,
    Standing,
    UnitTerms,
    WarrantyTerms,
)
from crm.installed_base.entitlement import entitlement
from crm.installed_base.verdict_words import reason
from crm.installed_base.warranty_models import EXCHANGES

FIRST = date(2024, 2, 20)
DAYS = st.integers(0, 30).map(lambda n: FIRST + timedelta(days=n))
SHARES = st.builds(Shares, *[st.sampled_from([0, 50, 100])] * 3)
ONE = timedelta(days=1)


def term(draw: st.DrawFn) -> tuple[date, date]:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return first, last


@st.composite
def units(draw: st.DrawFn) -> UnitTerms:
    """A unit that changes owner and site around the end of a February with 29 days."""
    days = sorted(draw(st.lists(DAYS, max_size=4)))
    standings = [
        Standing(on, draw(st.integers(1, 2)), draw(st.sampled_from([None, 7, 8]))) for on in days
    ]
    warranties = [
        WarrantyTerms(
            key, draw(st.sampled_from(["maker", "own", "extended"])), *term(draw), draw(SHARES),
            draw(st.booleans()), draw(st.none() | DAYS), draw(st.sampled_from(EXCHANGES)),
        )
        for key in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    recalls = [
        RecallTerms(
            key, f"R-{key}", draw(st.sampled_from(["recall", "field"])), draw(DAYS),
            draw(st.none() | DAYS), draw(st.none() | DAYS), draw(SHARES),
        )
        for key in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    return UnitTerms(
        None, None, draw(st.none() | DAYS), False, standings, warranties, recalls
    )  # fmt: skip


@st.composite
def contracts(draw: st.DrawFn) -> list[ContractTerms]:
    found = []
    for key in range(draw(st.integers(0, 3))):
        width = draw(st.integers(0, 3))
        site = draw(st.sampled_from([7, 8])) if width == 2 else None
        found.append(ContractTerms(
            key, f"M-{key}", *term(draw), draw(st.none() | DAYS), draw(st.none() | st.just(4)),
            width, draw(SHARES), draw(st.integers(1, 2)), site,
        ))  # fmt: skip
    return found


def standing(unit: UnitTerms, on: date) -> Standing | None:
    """Read day by day: the last thing that was noted up to that evening."""
    stood, day = (unit.standings[0] if unit.standings else None), FIRST
    while day <= on:
        for one in unit.standings:
            stood = one if one.from_on == day else stood
        day += ONE
    return stood


def warranty_days(unit: UnitTerms, one: WarrantyTerms) -> set[date]:
    """Every day on which a warranty holds, written out one by one until something ends it."""
    days, day, first = set(), one.starts_on, standing(unit, one.starts_on)
    while day <= one.ends_on:
        here = [s for s in unit.standings if one.starts_on < s.from_on <= day]
        left = first is not None and any(s.account_id != first.account_id for s in here)
        metered = one.reached_on is not None and day >= one.reached_on
        if metered or (left and not one.transferable):
            break
        days.add(day)
        day += ONE
    return days


def speaking(unit: UnitTerms, held: list[ContractTerms], on: date) -> ContractTerms | None:
    """The narrowest contract in force over what the unit is on this day."""
    stood = standing(unit, on)
    theirs = []
    for one in held:
        in_force = one.starts_on <= on <= one.ends_on
        if one.cancelled_on is not None and on >= one.cancelled_on:
            in_force = False
        theirs_today = stood is None or stood.account_id == one.account_id
        there = stood is None or one.site_id is None or stood.site_id == one.site_id
        if in_force and theirs_today and there:
            theirs.append(one)
    for width in (0, 1, 2, 3):
        here = [one for one in theirs if one.width == width]
        quick = [one for one in here if one.response_hours] or here
        if quick:
            return max(quick, key=lambda one: (one.last_on, -one.id))
    return None


@settings(max_examples=400)
@given(units(), contracts(), DAYS)
def test_what_is_borne_is_what_a_walk_through_the_days_says(unit, held, on):
    found = entitlement(unit, held, on)
    if unit.removed_on is not None and on > unit.removed_on:
        assert (found.code, found.shares) == ("removed", Shares())
        return
    contract = speaking(unit, held, on)
    shares = [
        one.shares
        for one in unit.recalls
        if one.starts_on <= on and all(on <= end for end in (one.ends_on, one.closed_on) if end)
    ]
    shares += [one.shares for one in unit.warranties if on in warranty_days(unit, one)]
    shares += [contract.shares] if contract else []
    for cost in COSTS:
        borne = max((one.of(cost) for one in shares), default=0)
        assert found.shares.of(cost) == borne
        assert [b.percent for b in found.bearers if b.cost == cost] == ([borne] if borne else [])
    assert found.contract_id == (contract.id if contract else None)
    assert found.verdict == found.shares.verdict
    agreed = {one.exchange for one in unit.warranties if on in warranty_days(unit, one)}
    told = [one.params.get("exchange", "") for one in found.bearers if one.code == "warranty"]
    assert set(told) <= agreed
    if found.code in ("warranty", "warranty_part"):
        assert [found.params.get("exchange", "")] == [*dict.fromkeys(told)]


WARRANTY = WarrantyTerms(1, "maker", date(2026, 1, 1), date(2026, 12, 31), Shares(0, 0, 100))
CONTRACT = ContractTerms(
    5, "M-5", date(2026, 4, 1), date(2027, 3, 31), shares=Shares(100, 50, 100), account_id=1
)
RECALL = RecallTerms(9, "R-9", "recall", date(2026, 6, 1))
MOVED = (Standing(date(2025, 1, 1), 1), Standing(date(2026, 9, 1), 2))


def test_each_cost_is_borne_by_what_bears_most_of_it_and_said_so(app):
    unit = UnitTerms(warranties=[WARRANTY])
    found = entitlement(unit, [CONTRACT], date(2026, 5, 1))
    assert [(one.cost, one.percent, one.code) for one in found.bearers] == [
        ("parts", 100, "warranty"), ("labour", 100, "contract"), ("travel", 50, "contract"),
    ]  # fmt: skip
    assert (found.verdict, found.code, found.covers_until) == (
        "partly", "combined", date(2026, 12, 31),
    )  # fmt: skip
    with app.test_request_context():
        said = reason(found.code, found.params)
    assert "メーカー保証" in said
    assert "M-5" in said
    assert "作業料 100%" in said


@pytest.mark.parametrize(
    ("exchange", "words"),
    [("", ""), ("advance", "先出し交換"), ("loaner", "代替機貸出"), ("return", "預かり修理")],
)
def test_the_warranty_that_decides_says_how_the_unit_is_exchanged(app, exchange, words):
    whole = replace(WARRANTY, shares=Shares(100, 100, 100), exchange=exchange)
    part = replace(WARRANTY, exchange=exchange)
    cases = [([whole], []), ([part], []), ([part], [CONTRACT])]
    with app.test_request_context():
        for held, under in cases:
            found = entitlement(UnitTerms(warranties=held), under, date(2026, 5, 1))
            said = reason(found.code, found.params)
            assert words in said and ("交換" in said) is (exchange == "advance"), said
        other = entitlement(UnitTerms(warranties=[part]), [CONTRACT], date(2027, 1, 1))
        assert not words or words not in reason(other.code, other.params)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2026, 5, 31), "combined"), (date(2026, 6, 1), "recall"),
        (date(2026, 8, 31), "recall"), (date(2027, 1, 1), "recall"),
    ],
)  # fmt: skip
def test_a_recall_stands_first(on, code):
    unit = UnitTerms(warranties=[WARRANTY], recalls=[RECALL])
    found = entitlement(unit, [CONTRACT], on)
    assert (found.code, found.coverage) == (code, "recall" if code == "recall" else "warranty")


def test_a_moved_unit_leaves_its_contract_and_its_own_warranty_behind():
    bound = WarrantyTerms(
        2, "own", date(2026, 1, 1), date(2026, 12, 31), transferable=False, reached_on=None
    )
    unit = UnitTerms(standings=MOVED, warranties=[bound])
    assert entitlement(unit, [CONTRACT], date(2026, 8, 31)).code == "warranty"
    found = entitlement(unit, [CONTRACT], date(2026, 9, 1))
    assert (found.verdict, found.code) == ("chargeable", "contract_behind")
    alone = entitlement(unit, [], date(2026, 9, 1))
    assert (alone.code, alone.params["on"]) == ("warranty_moved", "2026-08-31")


def test_a_meter_over_its_limit_ends_a_warranty_the_day_before():
    worn = WarrantyTerms(
        3, "maker", date(2026, 1, 1), date(2026, 12, 31), reached_on=date(2026, 7, 10)
    )
    unit = UnitTerms(warranties=[worn])
    assert entitlement(unit, [], date(2026, 7, 9)).verdict == "free"
    assert entitlement(unit, [], date(2026, 7, 10)).code == "warranty_metered"


def test_every_code_is_said_in_words_of_its_own(app):
    days = {"on": "2026-03-31", "until": "2027-03-31", "number": "M-1", "kind": "own"}
    codes = [
        "recall", "campaign", "warranty", "contract", "contract_to_come", "contract_over",
        "contract_behind", "warranty_over", "warranty_moved", "warranty_metered", "removed",
        "competitor", "nothing", "warranty_part", "contract_part", "recall_part",
    ]  # fmt: skip
    with app.test_request_context():
        said = {reason(code, days | {"labour": 50, "parts": 100}) for code in codes}
    assert len(said) == len(codes)
