"""How figures, dates and names are printed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from crm.reports.fitting import fit, plain, tight, width
from crm.reports.notation import Notation

pytestmark = pytest.mark.once

JA, EN = Notation("ja"), Notation("en")


@pytest.mark.parametrize(
    ("yen", "printed"),
    [(1_234_567, "1,234"), (-1_234_567, "△1,234"), (999, "0"), (-999, "0"), (0, "–"), (None, "–")],
)
def test_thousands_of_yen_are_cut_off_toward_zero(yen, printed):
    assert JA.thousands(yen) == printed


def test_a_minus_is_a_triangle_in_japanese_and_a_hyphen_in_english():
    assert JA.change(-5_000_000) == "△5,000"
    assert EN.change(-5_000_000) == "-5,000"
    assert JA.change(5_000_000) == "+5,000"
    assert Notation.for_screen("ja").change(5_000_000) == "＋5,000"


def test_zero_is_a_dash_on_paper_and_zero_on_the_screen():
    assert JA.count(0) == "–"
    assert Notation.for_screen("ja").count(0) == "0"
    assert Notation.for_screen("ja").thousands(None) == "–"


def test_a_ratio_has_one_decimal_and_no_whole_is_a_bar():
    assert JA.tenths(177) == "17.7"
    assert JA.tenths(-5) == "△0.5"
    assert JA.tenths(None) == "―"
    assert JA.growth(177) == "+17.7"


def test_dates_are_written_as_the_reader_writes_them():
    day = date(2026, 12, 18)
    assert JA.short_day(day) == "26/12/18"
    assert JA.long_day(day) == "2026/12/18(金)"
    assert EN.day(day) == "18 Dec 2026"
    assert JA.year_month(day) == "2026年12月度"
    assert JA.stamp(datetime(2026, 11, 30, 18, 5)) == "2026/11/30 18:05"  # noqa: DTZ001
    assert JA.short_day(None) == "–"
    assert EN.short_day(day) == "18 Dec 26"


def test_a_long_name_is_cut_with_an_ellipsis_and_fits():
    name = "㈱多摩給食センター東日本統括本部施設管理課"
    short = fit(name, 30)
    assert short.endswith("…")
    assert width(short) <= 30
    assert fit("短い", 30) == "短い"


def test_latin_letters_are_narrower_than_kanji():
    assert width("iiii") < width("MMMM") < width("漢漢漢漢")
    assert width("ｱ") * 2 == pytest.approx(width("漢"))


def test_full_width_marks_are_set_half_wide_where_two_meet():
    assert tight("（注）。") == '<span class="h">（</span>注<span class="h">）</span>。'
    assert tight("東京（本社）") == "東京（本社）"


def test_what_people_type_is_escaped_and_kept_on_one_line():
    assert "<b>" not in tight("<b>（太字）")
    assert plain("一行\n二行\x00\t三行") == "一行 二行 三行"
