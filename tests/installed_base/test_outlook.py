"""The sentence under a unit's calendar: until when to propose, so that the customer agrees."""

from __future__ import annotations

from datetime import date

import pytest
from flask_babel import force_locale

from crm.expiry import words
from crm.expiry.dates import Facts
from crm.expiry.proposing import proposal
from crm.installed_base.calendar_terms import Terms
from crm.installed_base.expiry import calendar
from crm.installed_base.outlook import outlook

pytestmark = pytest.mark.once
ENDING = Terms(
    parts_supply_end_on=date(2027, 9, 30), end_of_support_on=date(2027, 9, 30),
    fiscal_year_end_month=3,
)  # fmt: skip
"""The budget is asked for in October and November; parts and support end before the next one."""


@pytest.mark.parametrize(
    ("today", "lead", "rest"),
    [
        (date(2026, 3, 1), "今期の稟議", "12月中旬までの稟議に間に合います"),
        (date(2026, 11, 20), "今期の稟議が、部品の", "12月中旬までの稟議に間に合います"),
        (date(2026, 11, 30), "今期の稟議", "までの提案で"),
        (date(2026, 12, 1), "今期の稟議", "お客様の稟議は12月中旬まで"),
        (date(2026, 12, 15), "今期の稟議", "お客様の稟議は12月中旬まで"),
        (date(2026, 12, 16), "もうありません。すぐにご提案ください", "2027年10月"),
        (date(2027, 9, 30), "もうありません。すぐにご提案ください", "2027年10月"),
        (date(2027, 10, 1), "サポートが終わっています", "長く止まる"),
    ],
)
def test_the_last_budget_before_the_parts_end_says_until_when_the_approval_goes_round(
    whole_app, today, lead, rest
):
    with whole_app.test_request_context(), force_locale("ja"):
        found = outlook(ENDING, date.max, today)
        assert lead in found.lead and rest in found.rest, found


def test_the_approval_stands_beside_the_months_of_the_request_at_hand(whole_app):
    with whole_app.test_request_context(), force_locale("ja"):
        for today, approval in ((date(2026, 11, 20), True), (date(2026, 12, 16), False)):
            *_others, budget = calendar(ENDING, today).rows
            said = [mark.words for mark in budget.marks if mark.words != "予算"]
            assert said == ["稟議は12月中旬まで"] * approval + ["部品供給が終わった後"]


def test_why_to_propose_then_names_the_approval_where_it_passes_before_the_end(whole_app):
    today = date(2026, 8, 1)
    with whole_app.test_request_context():
        for end, named in ((date(2026, 12, 14), False), (date(2026, 12, 15), True)):
            found = proposal(Facts(1, warranty_ends_on=end, fiscal_year_end_month=3), today)
            with force_locale("en"):
                assert ("mid-December" in words.reason(found, today)) is named
            with force_locale("ja"):
                assert ("12月中旬までの稟議" in words.reason(found, today)) is named
