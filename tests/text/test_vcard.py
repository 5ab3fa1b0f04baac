"""Cards as telephones, mail programs and Japanese phones of old write them."""

from __future__ import annotations

import base64
import quopri
import time

import pytest

from crm.text.vcard import Person, write_card
from crm.text.vcard_reading import NotACard, read_cards

pytestmark = pytest.mark.once

LONG = "ソニック表示株式会社" * 3
IPHONE = """BEGIN:VCARD\r
VERSION:3.0\r
N:鈴木;恵子;;;\r
FN:鈴木 恵子\r
X-PHONETIC-FIRST-NAME:けいこ\r
X-PHONETIC-LAST-NAME:ｽｽﾞｷ\r
ORG:株式会社山田製作所;品質保証部\r
TITLE:部長\\, 品質\r
item1.EMAIL;type=INTERNET;type=WORK;type=pref:k.suzuki@yamada.example\r
TEL;type=CELL;type=VOICE:090-5555-0101\r
TEL;type="WORK,FAX":045-555-0119\r
item2.ADR;type=WORK;type=pref:;;鶴見区大黒町1-1\\n山田ビル3F;横浜市;神奈川県;230-0053;日本\r
NOTE:長い\r
 メモ\r
END:VCARD\r
"""


def _old_phone() -> bytes:
    def said(name: str, value: str) -> bytes:
        coded = quopri.encodestring(value.encode("cp932"), quotetabs=True).replace(b"=\n", b"=\r\n")
        return name.encode() + b";CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:" + coded + b"\r\n"

    return b"".join((
        b"BEGIN:VCARD\r\nVERSION:2.1\r\n", said("N", "能登 表;太郎"), said("FN", "能登 表太郎"),
        said("SOUND;X-IRMC-N", "ﾉﾄ;ﾀﾛｳ"), said("ORG", LONG + ";第一営業部;二課"),
        b"TEL;CELL:09055550102\r\n", b"END:VCARD\r\n",
    ))  # fmt: skip


def test_a_card_of_a_telephone_with_its_readings_and_its_japanese_address() -> None:
    (card,) = read_cards(IPHONE.encode())
    assert card == Person(
        "鈴木", "恵子", "スズキ", "ケイコ", "株式会社山田製作所", "品質保証部", "部長, 品質",
        ["k.suzuki@yamada.example"], [("090-5555-0101", "cell"), ("045-555-0119", "fax")],
        "230-0053", "神奈川県横浜市鶴見区大黒町1-1 山田ビル3F", note="長いメモ",
    )  # fmt: skip


def test_a_japanese_phone_of_old_writes_shift_jis_in_quoted_printable() -> None:
    (card,) = read_cards(_old_phone())
    assert (card.family_name, card.given_name) == ("能登 表", "太郎")
    assert (card.family_name_kana, card.given_name_kana) == ("ノト", "タロウ")
    assert card.organisation == LONG
    assert card.department == "第一営業部 二課"
    assert card.phones == [("09055550102", "cell")]


def test_several_cards_of_one_file_each_in_its_own_version_and_encoding() -> None:
    fourth = (
        "BEGIN:VCARD\nVERSION:4.0\nN;SORT-AS=\"やまだ,たろう\":山田;太郎;;;\nFN:山田 太郎\n"
        "TEL;TYPE=\"voice,work\";VALUE=uri:tel:+81-45-555-0100;ext=12\nEND:VCARD\n"
    )  # fmt: skip
    plain = "begin:vcard\nversion:3.0\nfn:ﾃｽﾄ\norg:有限会社三崎樹脂\nend:vcard\n".encode("cp932")
    empty = b"BEGIN:VCARD\nVERSION:3.0\nTEL:1\nEND:VCARD\n"
    coded = base64.b64encode("三浦;花".encode("cp932"))
    mail = b"BEGIN:VCARD\nN;CHARSET=SHIFT_JIS;ENCODING=BASE64:" + coded + b"\n\nEND:VCARD\n"
    seven_bits = b"BEGIN:VCARD\nN:" + "田中;次郎".encode("iso-2022-jp") + b"\nEND:VCARD\n"
    cards = read_cards(
        b"\xef\xbb\xbf" + fourth.encode() + plain + empty + mail + seven_bits + _old_phone()
    )
    assert [card.name for card in cards] == [
        "山田 太郎", "ﾃｽﾄ", "三浦 花", "田中 次郎", "能登 表 太郎",
    ]  # fmt: skip
    assert cards[0].family_name_kana == "ヤマダ"
    assert cards[0].phones == [("+81-45-555-0100 内線 12", "work")]
    assert read_cards(fourth.encode("utf-16"))[0].name == "山田 太郎"


def test_what_is_no_card_is_refused() -> None:
    for content in (b"", b"%PDF-1.7 \xff\x00", b"BEGIN:VCARD\nN:a", b"x" * 9_000_000):
        with pytest.raises(NotACard):
            read_cards(content)


def test_a_card_folded_a_million_times_and_one_of_many_telephones_are_read_at_once() -> None:
    head = b"BEGIN:VCARD\nVERSION:3.0\nFN:a\n"
    began = time.monotonic()
    [person] = read_cards(head + b" b\n" * 1_000_000 + b"END:VCARD\n")
    assert (person.family_name, time.monotonic() - began < 5) == ("a" + "b" * 1_000_000, True)
    phones = b"".join(b"TEL:03-%08d\n" % number for number in range(20_000))
    [person] = read_cards(head + phones + b"END:VCARD\n")
    assert len(person.phones) == 30


def test_a_card_that_we_write_is_read_as_it_was() -> None:
    card = Person(
        "鈴木", "恵子;", "スズキ", "ケイコ", "山田\\製作所, 本社", "品質保証部" * 12, "部長",
        ["a@b.example", "c@d.example"], [("090-5555-0101", "cell"), ("045 内線 12", "work")],
        "230-0053", "神奈川県横浜市鶴見区大黒町1-1", "https://yamada.example/",
    )  # fmt: skip
    content = write_card(card, "contact-1@engawa")
    assert read_cards(content) == [card]
    assert max(map(len, content.split(b"\r\n"))) <= 75
    company = write_card(
        Person(organisation="株式会社山田製作所"), "account-1@engawa", company=True
    )
    assert "FN:株式会社山田製作所".encode() in company
