"""The prefecture and the town of a Japanese address, as far as they are written in it."""

from __future__ import annotations

import re

from crm.text.normal import search_key

PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県",
    "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
    "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
    "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip
"""In the order of JIS X 0401."""

_PREFECTURE = re.compile("|".join(PREFECTURES))
_TOWN = re.compile(
    "(?:市川市|市原市|四日市市|廿日市市|野々市市|町田市|十日町市|村山市|東村山市|武蔵村山市|羽村市"
    "|田村市|大村市|郡山市|大和郡山市|郡上市|.{1,6}?郡.{1,6}?[町村]|.{1,6}?市.{1,4}?区"
    "|.{1,6}?[市区町村])"
)
_STREET = re.compile(r"丁目|番地の|番地|番|号|の(?=\d)")
_NUMBER = re.compile(r"\d+(?:-\d+)*")
_KANJI_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_COUNTED = re.compile("([一二三四五六七八九])(?=丁目)")


def prefecture(address: str) -> str:
    """The prefecture with which an address begins, or nothing."""
    hit = _PREFECTURE.match(address.strip())
    return hit[0] if hit else ""


def town(address: str) -> str:
    """Prefecture and town (市区町村) of an address, as written; nothing when it names no town."""
    text = address.strip()
    head = prefecture(text)
    hit = _TOWN.match(text[len(head) :])
    return head + hit[0] if hit else ""


def street_key(address: str) -> str:
    """An address down to its number, folded: 二丁目3番4号 and ２-３-４ are one. Empty without one.

    The prefecture and what follows the number (the building, the floor) are left out.
    """
    address = address.strip().removeprefix(prefecture(address))
    counted = _COUNTED.sub(lambda hit: hit[1].translate(_KANJI_DIGITS), address)
    plain = re.sub("-+", "-", _STREET.sub("-", search_key(counted)))
    hit = _NUMBER.search(plain)
    return plain[: hit.end()] if hit else ""
