"""How the list is grouped, and cut into pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.reports.ledger import arrange
from crm.reports.lines import DealLine, Seat
from crm.reports.sheets import FEWEST, ROWS, Division, Entry, Head, Sum, cut
from tests.reports.made_up import lines, seats

pytestmark = pytest.mark.once

SEAT = Seat(1, 1, "営業部", "営業一課", "佐藤 美咲", (1,))


def deals(count: int) -> list[DealLine]:
    return [DealLine(key, "lead", "D", 1_000, owner_id=1, team_id=1) for key in range(1, count + 1)]


def of_one_rep(count: int):
    return arrange(deals(count), {(1, 1): SEAT})


def open_deals(count: int) -> list[DealLine]:
    return [line for line in lines(count)[0] if line.open]


def test_subtotals_of_reps_make_teams_and_divisions_and_the_whole():
    ledger = arrange(open_deals(200), seats())
    for division in ledger.divisions:
        for team in division.teams:
            assert team.total.amount == sum(rep.total.amount for rep in team.reps)
        assert division.total.amount == sum(team.total.amount for team in division.teams)
    assert ledger.total.amount == sum(one.total.amount for one in ledger.divisions)
    assert ledger.total.weighted == sum(line.weighted for line in open_deals(200))


def test_a_rep_has_rank_a_first_and_within_a_rank_the_larger_amount():
    ledger = arrange(open_deals(200), seats())
    for division in ledger.divisions:
        for team in division.teams:
            for rep in team.reps:
                order = [(line.rank, -line.amount) for line in rep.lines]
                assert order == sorted(order)


def test_teams_stand_in_the_organisations_order_and_not_in_the_alphabets():
    ledger = arrange(open_deals(200), seats())
    assert [one.name for one in ledger.divisions] == ["東日本営業部", "西日本営業部"]
    assert [team.name for team in ledger.divisions[1].teams] == ["大阪課", "福岡課"]


def test_profit_that_nobody_entered_is_no_profit():
    assert of_one_rep(2).total.gross_profit is None
    one = [replace(deals(2)[0], gross_profit=5), deals(2)[1]]
    assert arrange(one, {(1, 1): SEAT}).total.gross_profit == 5


def test_no_deal_gives_no_sheet():
    assert cut(arrange([], {})) == []


def test_a_short_list_is_one_sheet_with_heads_and_totals():
    (sheet,) = cut(of_one_rep(2))
    kinds = [type(row) for row in sheet]
    assert kinds == [Division, Head, Entry, Entry, Sum, Sum, Sum, Sum]
    assert [row.level for row in sheet[4:]] == ["rep", "team", "division", "all"]


def test_a_rep_with_one_deal_has_no_total_of_his_own():
    (sheet,) = cut(of_one_rep(1))
    assert [row.level for row in sheet if isinstance(row, Sum)] == ["team", "division", "all"]


@pytest.mark.parametrize("count", [1, 25, 33, 34, 35, 36, 60, 66, 67, 68, 69, 100, 500])
def test_one_rep_with_many_deals_goes_over_many_sheets(count):
    sheets = cut(of_one_rep(count))
    check(sheets, count)
    assert all(isinstance(sheet[0], Head) and sheet[0].continued for sheet in sheets[1:])


@pytest.mark.parametrize("count", [3, 7, 40, 64, 111, 300, 1000])
def test_no_sheet_begins_with_a_total_or_ends_with_a_head(count):
    found = open_deals(count)
    check(cut(arrange(found, seats())), len(found))


def check(sheets, count):
    entries = [row for sheet in sheets for row in sheet if isinstance(row, Entry)]
    assert [row.number for row in entries] == list(range(1, count + 1))
    for place, sheet in enumerate(sheets):
        assert len(sheet) <= ROWS
        assert isinstance(sheet[0], Division | Head)
        assert not isinstance(sheet[-1], Division | Head)
        if place + 1 < len(sheets):
            following = sheets[place + 1][0]
            parted = isinstance(following, Head) and following.continued
            assert not parted or isinstance(sheet[-1], Entry)
        heads = [i for i, row in enumerate(sheet) if isinstance(row, Head)]
        for head in heads:
            if sheet[head].continued:
                assert sum(isinstance(row, Entry) for row in sheet[head + 1 :]) >= FEWEST
    last = sheets[-1][-1]
    assert isinstance(last, Sum) and last.level == "all"


def test_deals_of_nobody_come_last():
    lone = replace(deals(1)[0], owner_id=None, team_id=None, id=99)
    ledger = arrange(
        [lone, *deals(1)], {(1, 1): SEAT, (None, None): Seat(None, None, "", "", "", (9,))}
    )
    assert [one.name for one in ledger.divisions] == ["営業部", ""]
