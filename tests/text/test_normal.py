"""What people take for the same text finds the same records."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm.text.folded import folded, mark
from crm.text.kana import reading
from crm.text.normal import FIELD, clean, grams, grams_across, grams_of_term, search_key

pytestmark = pytest.mark.once

JAPANESE = st.text(
    st.sampled_from(
        "山田髙渡邊斎藤アカガハパバーイュッンｱｶﾞﾊﾟｰあかがっーんAbＡｂ19１９-‐−ー〜~ 　・()（）㈱①"
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﾔﾏﾀﾞｾｲｻｸｼｮ", "やまだせいさくしょ"),
        ("ＬＸ－３１０", "lx-310"),
        ("LX−310", "LX‐310"),
        ("サーバー", "ｻｰﾊﾞｰ"),
        ("サ-バ-", "サーバー"),
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("濵田", "浜田"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("齋藤", "斉藤"),
        ("斎藤", "齊藤"),
        ("廣澤國夫", "広沢国夫"),
        ("㈱山田", "（株）山田"),
        ("㍿山田", "株式会社山田"),
        ("山田　太郎", "山田 太郎"),
        ("ジョン・スミス", "ジョンスミス"),
        ("10〜20", "10～20"),
        ("カ\u3099トウ", "ガトウ"),
        ("カ゛トウ", "ｶﾞﾄｳ"),
        ("葛\U000e0100城", "葛城"),
        ("①㎡Ⅱ", "1m2ii"),
    ],
)
def test_a_reader_who_sees_the_same_name_finds_it(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("山田", "山口"), ("ハト", "バト"), ("ツカ", "ッカ"), ("A1", "A-1"), ("一", "ー")],
)
def test_names_that_differ_stay_apart(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("3ー1", "3-1"), ("モーター", "モーター"), ("LX―310", "lx-310"), ("山田ー郎", "山田-郎")],
)
def test_a_dash_is_long_after_kana_and_a_hyphen_elsewhere(typed: str, key: str) -> None:
    assert search_key(typed) == key


@given(st.text(max_size=40))
@example("İ゛")
@example("ﾞ・ﾞ")
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(st.text(max_size=40))
def test_a_key_has_no_blanks_and_no_control_characters(text: str) -> None:
    assert not any(c.isspace() or c == "\x00" for c in search_key(text))


@given(JAPANESE, JAPANESE)
def test_a_text_that_holds_a_term_holds_its_grams(before: str, term: str) -> None:
    key = search_key(term)
    held = set(grams(search_key(before) + key))
    assert set(grams_of_term(key)) | set(grams_across(key)) <= held
    assert bool(grams_across(key)) == bool(key)


def test_no_gram_crosses_from_one_field_to_the_next() -> None:
    assert grams(f"山田{FIELD}太郎") == sorted(["山", "田", "太", "郎", "山田", "太郎"])
    assert grams("") == []
    assert grams_of_term("山") == ["山"]
    assert grams_of_term("") == []


@pytest.mark.parametrize(
    ("term", "across"),
    [
        ("03-1066-3328", ["03-", "106", "6-3", "328"]),
        ("学エンジニアリ", ["学エン", "ジニア", "ニアリ"]),
        ("浜計測", ["浜計測"]),
        ("水が出ない", ["水が出", "出ない"]),
        ("エア", ["エア"]),
        ("山", ["山"]),
    ],
)
def test_a_term_is_covered_by_few_grams(term: str, across: list[str]) -> None:
    assert grams_across(term) == across
    assert set(across) <= set(grams(f"前{term}後{FIELD}別"))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("\u202egro.elpmaxe\u202c", "gro.elpmaxe"),
        ("  山田 \u3000", "山田"),
        ("カ\u3099", "ガ"),
        ("a\x00b\x07", "ab"),
        ("一行\r\n二行", "一行\n二行"),
        ("\ufa19田", "\ufa19田"),
        ("髙﨑㈱①ｱ", "髙﨑㈱①ｱ"),
        ("\ud800x", "x"),
    ],
)
def test_what_is_stored_is_what_was_typed_without_rubbish(typed: str, stored: str) -> None:
    assert clean(typed) == stored


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing_and_can_be_stored(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert "\x00" not in clean(text)
    clean(text).encode("utf-8")


@given(JAPANESE)
@example("ハ ﾞ")
def test_folding_with_positions_agrees_with_the_search_key(text: str) -> None:
    seen = folded(text)
    assert seen.key == search_key(text)
    for place in range(len(seen.key)):
        start, end = seen.span(place, place + 1)
        assert 0 <= start < end <= len(text)


@given(JAPANESE, JAPANESE)
def test_marking_never_changes_the_text(text: str, term: str) -> None:
    assert "".join(piece for piece, _ in mark(text, [search_key(term)])) == text


@pytest.mark.parametrize(
    ("text", "terms", "marked"),
    [
        ("株式会社山田製作所", ["山田"], ["山田"]),
        ("ﾔﾏﾀﾞ", ["ヤマダ"], ["ﾔﾏﾀﾞ"]),
        ("LX-310 更新", ["lx", "更新"], ["LX", "更新"]),
        ("山田 太郎", ["山田太郎"], ["山田 太郎"]),
        ("高田", ["山"], []),
    ],
)
def test_the_matching_part_is_marked_as_it_was_written(
    text: str, terms: list[str], marked: list[str]
) -> None:
    assert [piece for piece, hit in mark(text, terms) if hit] == marked


def test_the_alphabet_of_the_tests_is_not_yet_normal() -> None:
    assert unicodedata.normalize("NFKC", "ｶﾞ㈱") == "ガ(株)"


@given(JAPANESE)
@example("ヤマダー")
@example("齋藤製作所ABC")
def test_a_sign_that_nobody_sees_changes_neither_the_key_nor_the_reading(text: str) -> None:
    assert search_key(f"\u200b{text}") == search_key(text)
    assert clean(f"\x00{text}") == clean(text)
    assert reading(f"\x00{text}") == reading(text)
