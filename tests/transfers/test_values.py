"""Cells are read as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from crm.transfers import values


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2015-01-31", date(2015, 1, 31)),
        ("2015/1/31", date(2015, 1, 31)),
        ("２０１５年１月３１日", date(2015, 1, 31)),
        ("20150131", date(2015, 1, 31)),
        ("2015-01-31 06:00:00", date(2015, 1, 31)),
        ("平成27年1月31日", date(2015, 1, 31)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R6.4.1", date(2024, 4, 1)),
    ],
)
def test_a_day_is_read_however_it_is_written(text, day):
    assert values.day(text) == day


@pytest.mark.parametrize("text", ["2015-02-30", "31/01/2015", "soon", "2910-01-01", ""])
def test_what_is_no_day_is_refused(app: Flask, text):
    with app.app_context(), pytest.raises(ValueError, match=r"."):
        values.day(text)


def test_the_order_of_day_and_month_is_the_mappings_choice():
    assert values.day_first("03/04/2015") == date(2015, 4, 3)
    assert values.month_first("03/04/2015") == date(2015, 3, 4)


def test_a_time_without_a_zone_is_the_companys(app: Flask):
    with app.app_context():
        assert values.instant("2015-01-05 06:00:00") == datetime(2015, 1, 4, 21, tzinfo=UTC)
        assert values.instant("2015-01-05T06:00:00+00:00") == datetime(2015, 1, 5, 6, tzinfo=UTC)


def test_numbers_and_amounts_may_have_commas_and_full_width():
    assert values.whole("１,２３４") == 1234
    assert values.yen("¥12万") == 120_000
    assert (values.month("3月31日"), values.month("12月末日")) == (3, 12)


@pytest.mark.parametrize("text", ["1.5", "abc", "99999999999999"])
def test_what_is_no_whole_number_is_refused(app: Flask, text):
    with app.app_context(), pytest.raises(ValueError, match=r"."):
        values.whole(text)


def test_people_without_an_address_get_one_that_reaches_nobody():
    assert values.mail_of_name("Anna Snelling") == "anna.snelling@import.invalid"
    assert values.mail_of_name("佐藤 美咲").endswith("@import.invalid")
    assert values.mail_of_name("佐藤 美咲") != values.mail_of_name("佐藤 美子")


@pytest.mark.parametrize(("text", "said"), [("有償", True), ("0", False), ("Yes", True)])
def test_yes_and_no_are_read(text, said):
    assert values.flag(text) is said
