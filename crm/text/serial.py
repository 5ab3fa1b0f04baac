"""Serial and model numbers: one form for comparing what is typed off a name plate."""

import re
import unicodedata

from crm.text.normal import DASHES, is_kana, visible

_GAP = re.compile(rf"[\s{re.escape(DASHES.replace('ー', ''))}]+")
_LONG_AFTER_LATIN = re.compile("ー+")


def serial_key(text: str) -> str:
    """Fold width and case; any run of blanks or dashes inside becomes one hyphen. What nobody
    sees, as text copied off a page carries it, is no part of a number.

    A gap stays a gap: A9-32 and A93-2 are two machines, A93 20417 and Ａ９３－20417 are one.
    """
    plain = unicodedata.normalize("NFKC", visible(text)).upper()
    return _GAP.sub("-", _LONG_AFTER_LATIN.sub(_dash_or_long, plain)).strip("-")


def plain_serial(text: str) -> str:
    """A number as it is kept: scanners type through Japanese keyboards, in full width."""
    return " ".join(unicodedata.normalize("NFKC", visible(text)).split())[:80]


def squashed(text: str) -> str:
    """Give letters and digits alone, for finding a number typed without its dashes."""
    return "".join(char for char in serial_key(text) if char.isalnum())


def _dash_or_long(run: re.Match[str]) -> str:
    before = run.string[run.start() - 1 : run.start()]
    return run[0] if before and is_kana(before) else "-"
