"""Buying words are heard in what a customer says, and not where they are denied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.text.buying_words import find, words

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("お見積りをお願いします", ["見積"]),
        ("ﾐﾂﾓﾘ希望", ["見積"]),
        ("みつもりを下さい", ["見積"]),
        ("カタログをください。後継機種は？", ["カタログ", "後継"]),
        ("もう１台ほしい", ["増設"]),
        ("来春に川崎へ移転します", ["移転"]),
        ("装置の移設と入れ替えを考えています", ["移設", "入替"]),
        ("買換えの時期ですか", ["買い替え"]),
        ("保守に入れますか", ["保守加入"]),
        ("購入を検討しています", ["購入"]),
        ("契約の更新はいつですか", ["更新"]),
        ("新工場に導入したい", ["新拠点", "導入"]),
        ("Please send us a QUOTE and your price list.", ["quote", "price"]),
        ("ｑｕｏｔｅ please", ["quote"]),
        ("Could you relocate or upgrade it?", ["relocate", "upgrade"]),
        ("We have not received the quotation.", ["quotation"]),
        ("Is there a successor? A catalogue would help", ["successor", "catalogue"]),
    ],
)
def test_a_customer_who_wants_something_is_heard(said: str, heard: list[str]) -> None:
    assert words(said) == heard


@pytest.mark.parametrize(
    "said",
    [
        "見積は不要です",
        "見積もりはいりません",
        "見積書の提出は必要ありません",
        "価格と見積は不要",
        "増設の予定はありません",
        "買い替えはまだ考えていません",
        "契約は更新しません",
        "見積なしで修理して",
        "昨年購入した装置が故障しました",
        "ソフトウェアの更新に失敗します",
        "No quote needed.",
        "A quotation is not required",
        "We don't need a quotation",
        "Do not replace it",
        "misquoted, pricey and leased-ish",
        "水が漏れています",
        "",
    ],
)
def test_a_customer_who_wants_nothing_is_left_in_peace(said: str) -> None:
    assert words(said) == []


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("増設の予定はありませんが、移転の予定があります", ["移転"]),
        ("更新ではなく入れ替えを検討", ["入替"]),
        ("見積はいりません。でも価格を教えて", ["価格"]),
        ("見積がまだ届いていません", ["見積"]),
        ("装置を増設しないといけない", ["増設"]),
        ("見積していただけませんか", ["見積"]),
        ("We don't need a quotation, but the price please", ["price"]),
    ],
)
def test_a_denied_word_does_not_silence_the_next(said: str, heard: list[str]) -> None:
    assert words(said) == heard


def test_a_hit_shows_the_customers_own_words_in_their_place() -> None:
    said = "ポンプから異音がします。ついでに　ﾐﾂﾓﾘ も下さい！よろしく。"
    (hit,) = find(said)
    assert (hit.word, said[hit.start : hit.end]) == ("見積", "ﾐﾂﾓﾘ")
    assert hit.sentence == "ついでに　ﾐﾂﾓﾘ も下さい！"


@given(st.text(st.sampled_from("見積価格増設は不要。、!? \nﾐﾂﾓﾘquote priceがない"), max_size=60))
def test_every_hit_lies_in_the_text_and_in_its_sentence(said: str) -> None:
    for hit in find(said):
        assert 0 <= hit.start < hit.end <= len(said)
        assert hit.sentence in said


def test_a_very_long_text_is_read_quickly() -> None:
    assert len(find("見積のはもがにのはも、" * 2000)) == 2000
