"""The board: what it counts, what it costs, and how a move is answered."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from crm.clock import now
from crm.deals import actions, board
from crm.deals.filters import Filters
from crm.deals.models import OPEN_STAGES, RANK_WEIGHTS, RANKS, Deal, StagePace
from crm.deals.pace import ended_stays, measure_pace
from crm.extensions import db
from crm.gathering import gathering
from crm.staff.models import Staff
from tests.deals.records import customer

DAY = date(2026, 11, 20)


def many_deals(owner_id: int, number: int = 30) -> list[int]:
    """Open deals with uneven amounts in every stage and rank; commit."""
    at = customer(owner_id)
    user = db.session.get_one(Staff, owner_id)
    with gathering(db.session()):
        made = [
            actions.open_deal(
                {
                    "title": f"案件 {n}", "account_id": at.id, "stage": OPEN_STAGES[n % 5],
                    "rank": RANKS[n % 4], "amount": 1_000_003 + 37 * n,
                    "expected_close_on": DAY + timedelta(days=n) if n % 7 else None,
                },
                user,
            )
            for n in range(number)
        ]  # fmt: skip
    db.session.commit()
    return [deal.id for deal in made]


@pytest.fixture
def deals(app, company):
    with app.app_context():
        return many_deals(company.rep)


@pytest.fixture
def signed(sign_in, company):
    return sign_in(company.rep)


def test_the_heads_say_the_sums_to_the_yen(app, company, deals):
    with app.app_context():
        user = db.session.get_one(Staff, company.rep)
        found = board.sums(Filters(), user)
        for stage in OPEN_STAGES:
            rows = db.session.query(Deal).filter_by(stage=stage).all()
            weighted = sum(row.amount * RANK_WEIGHTS[row.rank] // 100 for row in rows)
            expected = board.Sums(len(rows), sum(row.amount for row in rows), weighted)
            assert found[stage] == expected


def test_a_column_shows_its_nearest_deals_and_the_undated_last(app, company):
    with app.app_context():
        many_deals(company.rep, 200)
        user = db.session.get_one(Staff, company.rep)
        for column in board.columns(Filters(), user, {}):
            rows = db.session.query(Deal).filter_by(stage=column.stage).all()
            rows.sort(key=lambda row: (row.expected_close_on or date.max, row.id))
            assert [card.row.id for card in column.cards] == [r.id for r in rows[: board.CARDS]]
            assert column.more
            seen, cursor = list(column.cards), column.cursor
            while cursor:
                filters = Filters(stages=(column.stage,))
                more, cursor = board.after(filters, user, cursor)
                seen += board.cards(more, {})
            assert [card.row.id for card in seen] == [row.id for row in rows]


PATHS = (
    "/deals/board", "/deals/board?team=all", "/deals/board?owner=me&rank=A", "/deals",
    "/deals?stage=any&team=all&sort=-amount", "/deals?q=案件", "/deals/1", "/deals/new",
    "/deals/1/edit", "/deals/1/lines", "/activities/new?deal_id=1", "/activities/new",
    "/deals/panel?account_id=1", "/deals/next-step?account_id=1", "/deals/1/next-step",
    "/deals/1/evidence", "/deals/1/won", "/deals/1/lost", "/deals/1/stage",
)  # fmt: skip


def test_no_page_of_deals_asks_the_database_more_than_twelve_times(signed, deals, statements):
    asked = {}
    for path in PATHS:
        statements.clear()
        assert signed.get(path).status_code == 200, path
        asked[path] = len(statements)
    assert {path: number for path, number in asked.items() if number > 12} == {}


def test_a_deal_with_everything_on_its_page_asks_no_more(
    app, company, api, signed, deals, statements
):
    rep = api(company.rep)
    body = {"lines": [{"product_id": 1, "unit_price": 5}], "unit_ids": [1], "contact_id": 1}
    assert rep.patch("/deals/1", body | {"next_step": "x"}, version=1).status_code == 200
    won = {"title": "似た案件", "account_id": 1, "lines": body["lines"]}
    key = rep.post("/deals", won).json["id"]
    rep.post(f"/deals/{key}/stage", {"stage": "won", "closed_on": "2026-11-01"})
    rep.post("/activities", {"kind": "visit", "deal_id": 1, "contact_ids": [1]})
    statements.clear()
    page = signed.get("/deals/1")
    assert "似た案件" in page.text
    assert len(statements) <= 12, statements


def test_a_deal_knows_its_neighbours_in_the_list(signed, deals):
    query = "owner=me&stage=lead&sort=-amount"
    rows = re.findall(r'data-row="/deals/([0-9]+)', signed.get(f"/deals?{query}").text)
    keys = [int(key) for key in rows]
    text = signed.get(f"/deals/{keys[1]}/place?{query}").text
    assert f"2 / {len(keys)}" in text
    assert f"/deals/{keys[0]}?owner=me" in text
    assert f"/deals/{keys[2]}?owner=me" in text
    assert signed.get(f"/deals/{deals[1]}/place?{query}").text.strip() == ""


def test_a_rep_first_sees_her_teams_deals(signed, api, company, deals, app):
    with app.app_context():
        at = customer(company.stranger, "双葉化成工業株式会社", "2")
        user = db.session.get_one(Staff, company.stranger)
        fields = {"title": "よその課の案件", "account_id": at.id, "expected_close_on": DAY}
        actions.open_deal(fields, user)
        db.session.commit()
    assert "よその課の案件" not in signed.get("/deals").text
    assert "よその課の案件" in signed.get("/deals?team=all").text


def test_a_filter_by_team_says_so_in_either_language(app, company, deals, signed):
    place = f"/deals?team={company.first_team}"
    assert "担当：営業一課" in signed.get(place).text
    with app.app_context():
        db.session.get_one(Staff, company.rep).language = "en"
        db.session.commit()
    page = signed.get(place).text
    assert "Team: 営業一課" in page
    assert "Owner: 営業一課" not in page


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("stage=nowhere", "stage"), ("owner=x", "owner"), ("team=-1", "team"), ("rank=E", "rank"),
        ("close_from=2026-11-31", "close_from"), ("origin=moon", "origin"), ("sort=colour", "sort"),
        ("cursor=x", "cursor"), ("account=9999999999999999999", "account"),
    ],
)  # fmt: skip
def test_a_wrong_filter_is_named(signed, query, name):
    answer = signed.get(f"/deals?{query}")
    assert answer.status_code == 400
    assert name in answer.text


def test_a_move_is_answered_with_the_card_and_both_heads(signed, deals):
    answer = signed.post(
        f"/deals/{deals[0]}/stage", data={"stage": "proposal", "version": "1"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert answer.status_code == 200
    for part in ('data-head="lead"', 'data-head="proposal"', f'data-id="{deals[0]}"'):
        assert part in answer.text


def test_a_move_of_what_somebody_changed_is_refused_in_words(signed, deals):
    for status in (200, 409):
        answer = signed.post(
            f"/deals/{deals[0]}/stage", data={"stage": "proposal", "version": "1"},
            headers={"HX-Request": "true"},
        )  # fmt: skip
        assert answer.status_code == status
    assert "先に変えました" in answer.text


def test_winning_without_a_day_asks_again_and_keeps_what_was_typed(signed, deals):
    path = f"/deals/{deals[0]}/stage"
    typed = {"stage": "won", "closed_on": "", "won_reason": "納期を守れたこと"}
    answer = signed.post(path, data=typed)
    assert answer.status_code == 422
    assert "納期を守れたこと" in answer.text
    assert "受注日を入れてください" in answer.text
    assert signed.post(path, data=typed | {"closed_on": "2026-11-01"}).status_code == 303


def test_a_move_from_the_phone_can_be_undone(signed, deals, api, company):
    path = f"/deals/{deals[0]}/stage"
    since = api(company.rep).get(f"/deals/{deals[0]}").json["stage_since"]
    moved = signed.post(path, data={"stage": "proposal"}, follow_redirects=True)
    assert "元に戻す" in moved.text
    version = api(company.rep).get(f"/deals/{deals[0]}").json["version"]
    undone = signed.post(f"{path}?stage=lead&version={version}")
    assert undone.status_code == 303
    deal = api(company.rep).get(f"/deals/{deals[0]}").json
    assert (deal["stage"], deal["stage_since"]) == ("lead", since)


def test_a_colleague_finds_no_way_to_move_it(sign_in, company, deals, api):
    colleague = sign_in(company.colleague)
    paths = ("stage", "next-step", "next-step/done", "lines", "evidence", "edit", "removal")
    for path in paths:
        answer = colleague.post(f"/deals/{deals[0]}/{path}", data={"stage": "won", "version": "1"})
        assert answer.status_code == 404, path
    assert api(company.rep).get(f"/deals/{deals[0]}").json["version"] == 1


def test_a_clerk_reads_no_amount(sign_in, company, deals):
    clerk = sign_in(company.clerk)
    for path in ("/deals/board?team=all", "/deals?team=all", f"/deals/{deals[0]}"):
        text = clerk.get(path).text
        assert "¥" not in text.replace("¥10,000", ""), path
        assert "1,000,003" not in text
    assert clerk.get("/deals?sort=amount").status_code == 400


def test_a_deal_turns_stale_against_the_median_of_its_stage(app, company, deals):
    with app.app_context():
        db.session.add(StagePace(stage="lead", median_days=10, stays=3, measured_on=DAY))
        old = db.session.get_one(Deal, deals[5])
        old.stage_since = now() - timedelta(days=21)
        db.session.commit()
        user = db.session.get_one(Staff, company.rep)
        shown = {
            card.row.id: card.stale
            for column in board.columns(Filters(), user, {"lead": 10})
            for card in column.cards
        }
    assert shown[deals[5]]
    assert not any(stale for key, stale in shown.items() if key != deals[5])


def test_the_pace_of_a_stage_is_the_median_of_the_stays_that_ended(app, company, deals):
    with app.app_context():
        user = db.session.get_one(Staff, company.rep)
        for key in deals[:15:5]:
            actions.move_deal(db.session.get_one(Deal, key), "proposal", user)
        db.session.commit()
        assert measure_pace() == {"lead": 1}
        assert measure_pace() == {"lead": 1}


def test_a_stay_ends_with_another_stage_and_not_with_another_amount():
    def state(deal_id, stage, day):
        since = now() + timedelta(days=day)
        return type("Row", (), {"deal_id": deal_id, "stage": stage, "stage_since": since})

    rows = [state(1, "lead", 0), state(1, "lead", 0), state(1, "proposal", 9), state(2, "lead", 3)]
    assert list(ended_stays(rows)) == [("lead", 9)]


def test_a_move_that_was_undone_ends_no_stay():
    begun = now()

    def state(stage, day):
        since = begun + timedelta(days=day)
        return type("Row", (), {"deal_id": 1, "stage": stage, "stage_since": since})

    rows = [state("lead", 0), state("proposal", 5), state("lead", 0), state("proposal", 12)]
    assert list(ended_stays(rows)) == [("lead", 12)]


@pytest.mark.parametrize("days", [0, 4])
def test_the_days_in_a_stage_are_counted_alike_everywhere(app, company, signed, days):
    """Elapsed days: on the board, in the list, beside an account and on the deal's own page."""
    with app.app_context():
        deal = db.session.get_one(Deal, many_deals(company.rep, 1)[0])
        deal.stage, deal.stage_since = "lead", now() - timedelta(days=days)
        account_id, key = deal.account_id, deal.id
        db.session.commit()
    board = signed.get("/deals/board").text.split(f'id="deal-{key}"')[1].split("</article>")[0]
    row = signed.get("/deals").text.split(f'data-row="/deals/{key}')[1].split("</tr>")[0]
    panel = signed.get(f"/deals/panel?account_id={account_id}").text
    beside = panel.split(f'href="/deals/{key}"')[1].split("</div></div>")[0]
    page = signed.get(f"/deals/{key}").text
    for place in (board, row, beside, page):
        assert re.search(rf"(?<!\d){days}日(?!目)", place), place
        assert "日目" not in place
