"""Readings are written one way and stand in the order of a Japanese index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.text.kana import KEY_LENGTH, is_reading, kana_key, kana_row, reading

pytestmark = pytest.mark.once

IN_ORDER = (
    "ヴィレッジ ウエダ カトウ ガトウ サアバ サーバー サイトウ ツカ ハート ハアト ハイ ビレッジ ン"
)


def test_an_index_of_readings_is_in_the_order_people_expect() -> None:
    names = IN_ORDER.split()
    assert sorted(sorted(names), key=kana_key) == names


def test_hiragana_and_half_width_stand_where_katakana_stands() -> None:
    assert kana_key("さーばー") == kana_key("ｻｰﾊﾞｰ") == kana_key("サーバー")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("やまだ　たろう", "ヤマダ タロウ"),
        ("さーばー", "サーバー"),
        ("サ-バ-", "サーバー"),
        ("カ\u3099トウ", "ガトウ"),
        ("ヤマダ", "ヤマダ"),
        ("ABC-1", "ABC-1"),
    ],
)
def test_a_reading_is_full_width_katakana(typed: str, written: str) -> None:
    assert reading(typed) == written


def test_kanji_is_not_a_reading() -> None:
    assert is_reading("ﾔﾏﾀﾞ たろう")
    assert not is_reading("山田")
    assert not is_reading("")


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("あさひ", "あ"),
        ("ヴィレッジ", "あ"),
        ("ガトウ", "か"),
        ("ｻﾄｳ", "さ"),
        ("ッタ", "た"),
        ("ナカ", "な"),
        ("パン", "は"),
        ("マチ", "ま"),
        ("ヨシ", "や"),
        ("ワダ", "わ"),
        ("ン", "わ"),
        ("ルル", "ら"),
        ("ABC", "他"),
        ("山田", "他"),
        ("", "他"),
    ],
)
def test_every_reading_has_its_row_in_the_index(typed: str, row: str) -> None:
    assert kana_row(typed) == row


@given(st.text(max_size=30))
def test_any_text_has_a_reading_a_key_and_a_row(text: str) -> None:
    assert reading(reading(text)) == reading(text)
    assert len(kana_key(text * 20)) <= KEY_LENGTH
    assert kana_row(text)
