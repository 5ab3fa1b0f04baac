"""How likely a sample of bytes is text of an encoding: CP932, EUC-JP or a European code page.

The three overlap: é before a letter is a rare kanji in CP932, and a word in EUC-JP is a row of
half-width kana. What tells them apart is what people write. Japanese text is kana and the kanji of
the first level (JIS X 0208, rows 16 to 47), in runs; European text has its letters with accents
one at a time, between plain letters.
"""

from __future__ import annotations

import re
from functools import cache

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fe\u3001-\u3011\uff01-\uff5e〜㈱㈲]")
_HALF = re.compile(r"[\uff61-\uff9f]+")
_KANJI = re.compile(r"[\u4e00-\u9fff]")
_EUROPEAN = re.compile(
    r"[\u00c0-\u00ff\u0152-\u0161\u0178-\u017e€£§°«»“”‘’–—…®©²³½\xa0¡¿ªº±µ·´¼¾×÷™•]"
)
_IN_A_WORD = re.compile(r"(?<=[A-Za-z])[³¹¼¾£§¤¬¦¥ŸŠŽ](?=[a-z])|[£¥](?=[a-zà-ÿ])")
"""Signs that no European word holds: what other code pages have for letters (Zak³ad, MŸller)."""
_OF_JAPAN = re.compile(
    r"[\u3041-\u3096\u30a1-\u30fe\uff66-\uff9f〒㈱㈲]|株式|有限|会社|法人|東京|大阪|[都府県市区町村番名]"
)
_LONG = re.compile(r"[^\x00-\x7f]{4,}")
_NO_LETTER = re.compile(r"[¤¥¦¨ª¬\xad¯´¶¸¹º¼¾±µ]")
_WEIRD = re.compile(r"[\u0080-\u009f\ufffd\ue000-\uf8ff]")
_LAST_OF_FIRST_LEVEL = 0x9872
"""亜 to 腕 in Shift_JIS: the kanji that people write."""


def likelihood(sample: bytes, encoding: str) -> float:
    """From -1 (certainly not) to 1 (certainly); two samples are not compared, two encodings are."""
    text = sample.decode(encoding, "replace")
    strange = sum(1 for char in text if char > "\x7f")
    if not strange:
        return 0.0
    odd = len(_WEIRD.findall(text)) * 4
    if encoding in ("cp932", "euc_jp", "euc_jis_2004"):
        return (_japanese(text) - odd) / strange
    accents = len(_EUROPEAN.findall(text))
    alone = len(re.findall(r"(?<![^\x00-\x7f])[^\x00-\x7f](?![^\x00-\x7f])", text))
    beaten = 0.01 if encoding == "iso8859-1" else 0.0
    return (min(accents, alone + accents // 4) - odd) / strange - beaten


def _japanese(text: str) -> float:
    found = float(len(_KANA.findall(text)))
    found += sum(_level(char) for char in _KANJI.findall(text))
    runs = _HALF.findall(text)
    found += sum(len(run) * (0.6 if len(run) > 2 else -1) for run in runs)
    return found - 2 * len(re.findall(r"(?<=[a-z])[\u4e00-\u9fff\uff61-\uff9f](?=[a-z ])", text))


@cache
def _level(kanji: str) -> float:
    try:
        code = int.from_bytes(kanji.encode("cp932"), "big")
    except UnicodeEncodeError:
        return 0.0
    return 1.0 if code <= _LAST_OF_FIRST_LEVEL else 0.2


def is_doubtful(sample: bytes, encoding: str) -> bool:
    """May it as well be text of another country, whose bytes are all valid here: Chinese and Korean
    as EUC-JP, Cyrillic, Polish or old Macintoshes' as cp1252?"""
    text = sample.decode(encoding, "replace")
    if encoding in ("euc_jp", "euc_jis_2004"):
        kanji = _KANJI.findall(text)
        return 20 * len(_OF_JAPAN.findall(text)) < len(kanji)
    if encoding != "cp1252":
        return False
    strange = sum(1 for char in text if char > "\x7f")
    foreign = sum(map(len, _LONG.findall(text))) > 0.5 * strange
    odd = len(_NO_LETTER.findall(text)) + len(_IN_A_WORD.findall(text))
    return foreign or 5 * odd > strange
