"""A figure of a stage leads to exactly the deals that it counts, or nowhere."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from crm.deals.models import OPEN_STAGES
from crm.extensions import db
from tests.reports.records import account, at, deal

STAGE = re.compile(
    r'<tr><td>(?:<a href="(/deals\?stage=[^"]+)">)?[^<]+(?:</a>)?</td><td class="n">([\d,]+)</td>'
)


@pytest.fixture
def dated_and_not(app, story):
    """Leads of both teams: without a day, in this half of the year, and in the one after."""
    with app.app_context():
        customer = account("株式会社みずほ野薬品").id
        for owner, team, days in (
            (story.rep, story.first_team, (None, None, date(2027, 5, 1))),
            (story.stranger, story.second_team, (None, date(2027, 3, 31), date(2027, 4, 1))),
        ):
            for expected in days:
                deal(owner, team, (at(11, 2), {"expected_close_on": expected}),
                     account_id=customer)  # fmt: skip
        db.session.commit()
    return story


def stages(page):
    found = STAGE.findall(page.split('<tr class="tot">')[0])
    assert len(found) == len(OPEN_STAGES), found
    return [(unescape(link), int(count)) for link, count in found]


@pytest.mark.parametrize("period", ["", "2026", "2026H2", "2027H1"])
@pytest.mark.parametrize("whose", ["", "first_team", "second_team", "rep", "both"])
def test_a_figure_opens_the_deals_it_counts(dated_and_not, sign_in, period, whose):
    team = {"both": "first_team"}.get(whose, whose if "team" in whose else "")
    owner = {"both": "rep"}.get(whose, whose if whose == "rep" else "")
    asked = {
        "period": period or None,
        "team_id": getattr(dated_and_not, team) if team else None,
        "owner_id": getattr(dated_and_not, owner) if owner else None,
    }
    manager = sign_in(dated_and_not.manager)
    query = {name: value for name, value in asked.items() if value is not None}
    page = manager.get("/reports/pipeline", query_string=query)
    assert page.status_code == 200
    for link, count in stages(page.text):
        assert link
        shown = re.findall(r'<tr data-row="/deals/(\d+)', manager.get(link).text)
        assert len(shown) == count, (asked, link)


def test_what_stood_on_an_earlier_day_has_no_list(dated_and_not, sign_in):
    manager = sign_in(dated_and_not.manager)
    for moment in ("2026-10-31", "2026-11-20T08:00:00+09:00"):
        page = manager.get("/reports/pipeline", query_string={"as_of": moment})
        assert [link for link, _count in stages(page.text)] == [""] * len(OPEN_STAGES)
    page = manager.get("/reports/pipeline", query_string={"as_of": "2026-11-20"})
    assert all(link for link, _count in stages(page.text))


def test_the_list_says_that_it_shows_deals_without_a_day(dated_and_not, sign_in):
    manager = sign_in(dated_and_not.manager)
    page = manager.get("/deals?team=all&close_to=2027-03-31&undated=1").text
    assert "または予定日なし" in page
    assert 'name="undated" value="1"' in page
    without = manager.get("/deals?team=all&close_to=2027-03-31").text
    assert "予定日なし" not in without
    assert page.count("<tr data-row") == without.count("<tr data-row") + 3
