"""The first page of the day, for each role."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from crm.clock import now
from crm.deals.models import SalesTarget
from crm.extensions import db
from crm.home.since import compare
from crm.home.week import appointments, strip
from crm.support.models import Ticket
from crm.workdays import NATIONAL
from tests.deals.records import customer


def today() -> date:
    """The day on the company's clock."""
    return datetime.now(ZoneInfo("Asia/Tokyo")).date()


@pytest.fixture
def yamada(app, company):
    with app.app_context():
        return customer(company.rep)


def open_deal(api, person, yamada, **more):
    answer = api(person).post("/deals", {"title": "更新", "account_id": yamada.id, **more})
    assert answer.status_code == 201, answer.json
    return answer.json


def test_a_rep_sees_what_is_due_and_her_month(app, sign_in, api, company, yamada):
    due = today().isoformat()
    open_deal(api, company.rep, yamada, next_step="電話する", next_step_on=due, amount=7)
    late = (today() - timedelta(days=2)).isoformat()
    open_deal(api, company.rep, yamada, next_step="見積りを再送する", next_step_on=late)
    open_deal(api, company.colleague, yamada, next_step="同僚の一手", next_step_on=due)
    won = open_deal(api, company.rep, yamada, amount=1_234_567)
    api(company.rep).post(
        f"/deals/{won['id']}/stage", {"stage": "won", "closed_on": due}
    )  # fmt: skip
    with app.app_context():
        first = today().replace(day=1)
        db.session.add(SalesTarget(staff_id=company.rep, month=first, amount=12_000_000))
        db.session.commit()
    page = sign_in(company.rep).get("/").text
    assert page.index("見積りを再送する") < page.index("電話する")
    assert "2日超過" in page
    assert "同僚の一手" not in page
    assert "¥1,234,567" in page
    assert "¥12,000,000" in page


def test_a_clerk_sees_her_tickets_and_nobodys(app, sign_in, company, yamada):
    with app.app_context():
        for subject, who in (("純水が出ない", company.clerk), ("校正の依頼", None)):
            db.session.add(
                Ticket(
                    account_id=yamada.id, subject=subject, assignee_id=who, opened_at=now(),
                    due_at=now() + timedelta(hours=1),
                )
            )  # fmt: skip
        db.session.commit()
    page = sign_in(company.clerk).get("/").text
    assert "純水が出ない" in page
    assert "校正の依頼" in page
    assert 'href="/call"' in page


def test_a_manager_sees_what_changed_since_last_week(sign_in, api, company, yamada):
    open_deal(api, company.rep, yamada, amount=5_000_000, stage="proposal")
    lost = open_deal(api, company.rep, yamada, amount=100)
    api(company.rep).post(
        f"/deals/{lost['id']}/stage", {"stage": "lost", "lost_reason": "price"}
    )  # fmt: skip
    page = sign_in(company.manager).get("/").text
    assert "¥5,000,000" in page
    assert "失注" in page
    other = sign_in(company.other_manager).get("/").text
    assert "¥5,000,000" not in other


@pytest.mark.parametrize("role", ["rep", "clerk", "engineer", "manager", "admin"])
def test_home_asks_the_database_at_most_twelve_times(
    sign_in, api, company, yamada, statements, role
):
    open_deal(api, company.rep, yamada, next_step="x", next_step_on=today().isoformat())
    client = sign_in(getattr(company, role))
    statements.clear()
    assert client.get("/").status_code == 200
    assert len(statements) <= 12, statements


def test_home_is_for_who_is_signed_in(app):
    assert app.test_client().get("/").status_code == 303


def test_the_strip_knows_holidays_and_a_weekend_that_is_today(app):
    with app.app_context():
        friday = strip(date(2026, 11, 20), [], NATIONAL)
        assert [day.day.day for day in friday[0]] == [16, 17, 18, 19, 20]
        assert friday[1][0].holiday == "勤労感謝の日"
        sunday = strip(date(2026, 11, 22), [], NATIONAL)
        assert [day.day.day for day in sunday[0]] == [16, 17, 18, 19, 20, 22]
        assert sunday[0][-1].today


@pytest.mark.parametrize(
    ("before", "after", "ways"),
    [
        (None, ("lead", 5, None), [("new", 5)]),
        (None, ("won", 5, None), [("new", 5), ("won", 5)]),
        (("lead", 5, None), ("won", 6, None), [("won", 6)]),
        (("lead", 5, None), ("proposal", 7, None), [("forward", 7), ("larger", 2)]),
        (("proposal", 7, None), ("lead", 5, None), [("back", 5), ("smaller", -2)]),
        (("lead", 5, date(2026, 11, 1)), ("lead", 5, date(2026, 12, 1)), [("later", 5)]),
        (("lost", 5, None), ("lead", 5, None), [("back", 5)]),
        (("lead", 5, None), ("lead", 5, None), []),
    ],
)
def test_every_change_of_a_deal_is_of_one_kind(before, after, ways):
    def state(told):
        if told is None:
            return None
        return SimpleNamespace(stage=told[0], amount=told[1], expected_close_on=told[2])

    assert compare(state(before), state(after)) == ways


def test_the_next_steps_with_a_time_stand_in_the_week_and_visits_are_counted(
    sign_in, api, company, yamada
):
    due = today().isoformat()
    for fields in (
        {"next_step": "見積りを説明する", "next_step_time": "10:00", "next_step_kind": "visit"},
        {"next_step": "仕様を確認する", "next_step_time": "15:00", "next_step_kind": "web_meeting"},
        {"next_step": "礼状を出す", "next_step_time": "16:00", "next_step_kind": "mail"},
    ):
        open_deal(api, company.rep, yamada, next_step_on=due, **fields)
    open_deal(
        api, company.colleague, yamada, next_step_on=due, next_step="同僚の訪問",
        next_step_time="11:00", next_step_kind="visit",
    )  # fmt: skip
    page = sign_in(company.rep).get("/").text
    assert "訪問 1件" in page and "次の一手 3件" in page
    now_cell = page.split('<div class="now">')[1].split("</div></div>")[0]
    times = re.findall(r'href="/deals/\d+">(\d\d:\d\d) (訪問|Web)', now_cell)
    assert times == [("10:00", "訪問"), ("15:00", "Web")]


def test_a_next_step_that_is_in_the_calendar_already_is_told_once(app):
    at = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    row = SimpleNamespace(
        id=7, next_step_on=at.date(), next_step_time="10:00", next_step_kind="visit",
        account="山田製作所", account_core="山田",
    )  # fmt: skip
    late = SimpleNamespace(
        next_step_on=date(2026, 11, 20), next_step_time="10:00", next_step_kind="visit"
    )
    planned = SimpleNamespace(deal_id=7, at=at)
    with app.app_context():
        assert [one.at for one in appointments([late, row], [], at.date())] == [at]
        assert appointments([row], [planned], at.date()) == []
