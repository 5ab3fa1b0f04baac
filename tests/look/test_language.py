"""Everybody reads her own language: all of it, and one word for one thing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale, ngettext

from crm import language, look

pytestmark = pytest.mark.once

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def test_no_sentence_is_told_in_two_ways_in_japanese() -> None:
    assert language.contradictions() == []


def test_a_japanese_reader_meets_no_english_sentence() -> None:
    assert language.missing_messages() == []


@pytest.mark.parametrize(
    ("header", "cookie", "spoken"),
    [("ja", None, "ja"), ("en-GB,en;q=0.8", None, "en"), ("fr", None, "ja"), ("ja", "en", "en")],
)
def test_a_visitor_is_spoken_to_in_her_browsers_language(
    app: Flask, header: str, cookie: str | None, spoken: str
) -> None:
    client = app.test_client()
    if cookie:
        client.set_cookie(language.COOKIE, cookie)
    page = client.get("/login", headers={"Accept-Language": header}).text
    assert f'<html lang="{spoken}"' in page
    assert ("パスワード" in page) == (spoken == "ja")


def test_plurals_are_told_in_both_languages(app: Flask) -> None:
    with app.test_request_context():
        with force_locale("ja"):
            assert ngettext("%(num)s row failed", "%(num)s rows failed", 7) == "失敗 7行"
        with force_locale("en"):
            assert ngettext("%(num)s row failed", "%(num)s rows failed", 1) == "1 row failed"


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("draw", "ja", "en"),
    [
        (lambda: look.day(date(2026, 11, 21)), "2026/11/21(土)", "21 Nov 2026"),
        (lambda: look.day(None), "―", "–"),
        (lambda: look.day_short(date(2026, 12, 15)), "12/15(火)", "15 Dec"),
        (lambda: look.day_short(date(2027, 2, 26)), "2027/02/26", "26 Feb 2027"),
        (lambda: look.day_compact(date(2026, 11, 8)), "26/11/08", "8 Nov 2026"),
        (lambda: look.moment(NOON), "2026/11/20(金) 12:00", "20 Nov 2026, 12:00"),
        (lambda: look.hour(NOON.replace(hour=0, minute=5)), "9:05", "09:05"),
        (lambda: look.when(NOON.replace(hour=0)), "9:00", "09:00"),
        (lambda: look.when(NOON.replace(day=17)), "11/17", "17 Nov"),
        (lambda: look.ago(NOON.replace(hour=2, minute=48)), "12分前", "12 min ago"),
        (lambda: look.ago(NOON.replace(hour=2)), "1時間前", "1 hour ago"),
        (lambda: look.ago(NOON.replace(day=19)), "昨日", "yesterday"),
        (lambda: look.yen(1234000), "¥1,234,000", "¥1,234,000"),
        (lambda: look.yen(-1400000), "△¥1,400,000", "−¥1,400,000"),
        (lambda: look.yen(0), "¥0", "¥0"),
        (lambda: look.signed(3), "＋3", "+3"),
        (lambda: look.signed(-1), "△1", "−1"),
        (lambda: look.signed(0), "0", "0"),
        (lambda: look.thousands(-1999), "△1", "−1"),
        (lambda: look.percent(0.262), "26.2%", "26.2%"),
        (lambda: look.months(92), "7年8か月", "7 yr 8 mo"),
        (lambda: look.months(0), "0か月", "0 mo"),
    ],
)
def test_dates_and_figures_are_written_as_the_reader_writes_them(
    app: Flask, draw: object, ja: str, en: str
) -> None:
    assert callable(draw)
    with app.test_request_context():
        with force_locale("ja"):
            assert draw() == ja
        with force_locale("en"):
            assert draw() == en


def test_months_and_labels_of_charts_are_told_in_both_languages(app: Flask) -> None:
    with app.test_request_context():
        with force_locale("ja"):
            assert (look.month(NOON), look.short(NOON)) == ("2026/11", "11/20")
        with force_locale("en"):
            assert (look.month(NOON), look.short(NOON)) == ("Nov 2026", "20 Nov")
