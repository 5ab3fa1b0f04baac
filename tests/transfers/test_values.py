"""Cells are read as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from crm.transfers import days, spans, values


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
        ("令和６年４月１日（月）", date(2024, 4, 1)),
        ("令和6年2月末日", date(2024, 2, 29)),
        ("R元.5.1", date(2019, 5, 1)),
        ("昭55/4/1", date(1980, 4, 1)),
        ("31-Jan-2015", date(2015, 1, 31)),
        ("March 3, 2015", date(2015, 3, 3)),
        ("平成40年3月31日", date(2028, 3, 31)),
        ("R8・4・1", date(2026, 4, 1)),
        ("㋿八年四月一日", date(2026, 4, 1)),
        ("昭和六十三年十二月三十一日", date(1988, 12, 31)),
        ("二〇二六年十月二十日", date(2026, 10, 20)),
    ],
)
def test_a_day_is_read_however_it_is_written(text, day):
    assert days.day(text) == day


@pytest.mark.parametrize(
    "text", ["2015-02-30", "31/01/2015", "soon", "2910-01-01", "", "2026年11月", "昭和99年1月1日",
             "令和0年1月1日", "46113"],
)  # fmt: skip
def test_what_is_no_day_is_refused(app: Flask, text):
    with app.app_context(), pytest.raises(ValueError, match=r"."):
        days.day(text)


def test_the_order_of_day_and_month_is_the_mappings_choice():
    assert days.day_first("03/04/2015") == date(2015, 4, 3)
    assert days.day_first("03.04.15 10:20") == date(2015, 4, 3)
    assert days.month_first("3/4/2015") == date(2015, 3, 4)
    assert days.short_year("15/04/03") == date(2015, 4, 3)
    assert days.day_first("2015-04-03") == date(2015, 4, 3)


def test_a_time_without_a_zone_is_the_companys(app: Flask):
    with app.app_context():
        assert days.instant("2015-01-05 06:00:00") == datetime(2015, 1, 4, 21, tzinfo=UTC)
        assert days.instant("2015-01-05T06:00:00+00:00") == datetime(2015, 1, 5, 6, tzinfo=UTC)
        assert days.instant("令和6年4月1日 9時30分") == datetime(2024, 4, 1, 0, 30, tzinfo=UTC)
        leap = datetime(2016, 2, 28, 16, 16, tzinfo=UTC)
        assert days.instant_day_first("29-02-2016 01:16") == leap
        assert days.instant_month_first("2/29/2016 1:16 AM") == leap


def test_numbers_and_amounts_may_have_commas_and_full_width():
    assert values.whole("１,２３４") == 1234
    assert (values.whole("△5"), values.whole("(1,234)"), values.whole("3台")) == (-5, -1234, 3)
    assert values.yen("¥12万") == 120_000
    assert (values.thousand_yen("1,234.5"), values.million_yen("△２")) == (1_234_500, -2_000_000)
    assert values.thousand_yen("12万円") == 120_000
    assert values.decimal_comma("1.234,5") == values.decimal("1,234.5") == Decimal("1234.5")
    assert (values.whole_comma("1.234"), values.yen_comma("1.234,00円")) == (1234, 1234)
    assert (values.month("3月31日"), values.month("12月末日")) == (3, 12)
    assert [values.yen(one) for one in ("1'234.00", "1\u00a0234", "金5,000円也", "¥5,000-")] == [
        1234, 1234, 5000, 5000,
    ]  # fmt: skip
    assert (values.ten_thousand_yen("5.5"), values.hundred_million_yen("1.2")) == (55_000, 1.2e8)


def test_spans_are_read_in_the_unit_that_the_field_counts():
    said = ("24", "２年", "1年6か月", "半年", "1年半", "P2Y6M", "36 months", "四半期", "1,200")
    assert [spans.months(one) for one in said] == [24, 24, 18, 6, 18, 30, 36, 3, 1200]
    assert (spans.months_in_years("1.5"), spans.months_in_years("18か月")) == (18, 18)
    times = ("90", "1時間30分", "1.5時間", "1:30", "1:30:00", "PT2H", "2h", "1 hour 5 min")
    assert [spans.minutes(one) for one in times] == [90, 90, 90, 90, 90, 120, 120, 65]
    assert (spans.minutes_in_hours("1,5"), spans.minutes_in_hours("45分")) == (90, 45)
    assert (spans.hours("4時間以内"), spans.day_count("2週間"), spans.every("1年")) == (4, 14, 12)


def test_a_spreadsheets_number_of_a_day_is_read_where_a_column_holds_such(app: Flask):
    with app.app_context():
        assert days.serial_day("46113") == days.serial_day("2026/4/1") == date(2026, 4, 1)
        assert days.instant_serial("46113.5") == datetime(2026, 4, 1, 3, tzinfo=UTC)


def test_what_a_spreadsheet_ate_is_put_back_and_what_it_rounded_is_named(app: Flask):
    assert (values.postal("600001"), values.postal("10020")) == ("060-0001", "001-0020")
    assert (values.phone("312345678"), values.phone("9012345678")) == ("0312345678", "09012345678")
    assert values.phone("03-1234-5678（代表）") == "03-1234-5678"
    assert values.mail("山田 太郎 <Taro@x.jp>") == values.mail("mailto:taro@x.jp") == "taro@x.jp"
    with app.app_context(), pytest.raises(ValueError, match=r"(?i)rounded|丸め"):
        values.number_of_company("7.00001E+12")


UNFIT = {
    "whole": ["1.5", "abc", "99999999999999", "1,5", "1,23", "1.000", "3か月"],
    "whole_comma": ["1,000"], "yen_comma": ["1.234,00 €", "1,000"],
    "yen": ["$5", "1.000", "1,234-", "1.2E+06"], "months": ["90日", "永久", "1.3"],
    "day_count": ["3か月"], "hours": ["30分", "2日"], "every": ["90日"], "minutes": ["1か月"],
}  # fmt: skip


def test_what_would_become_another_number_is_refused(app: Flask):
    with app.app_context():
        for reader, texts in UNFIT.items():
            for text in texts:
                with pytest.raises(ValueError, match=r"."):
                    values.READERS[reader](text)


def test_people_without_an_address_get_one_that_reaches_nobody():
    assert values.mail_of_name("Anna Snelling") == "anna.snelling@import.invalid"
    assert values.mail_of_name("佐藤 美咲").endswith("@import.invalid")
    assert values.mail_of_name("佐藤 美咲") != values.mail_of_name("佐藤 美子")


@pytest.mark.parametrize(("text", "said"), [("有償", True), ("0", False), ("Yes", True)])
def test_yes_and_no_are_read(text, said):
    assert values.flag(text) is said
