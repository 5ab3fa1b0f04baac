"""Versions of firmware as people count them: 1.9 comes before 1.10."""

from __future__ import annotations

import re
import unicodedata

_PART = re.compile(r"\d+|[A-Z]+")
WIDTH = 8


def firmware_key(text: str) -> str:
    """A key that sorts as versions do, by code point; blank for what has no digit or letter.

    Numbers are filled to eight places; letters after a number come before the next number.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    parts = _PART.findall(plain)
    if parts and parts[0] in ("V", "VER", "REV", "VERSION"):
        parts = parts[1:]
    filled = [one.zfill(WIDTH)[-WIDTH:] if one.isdigit() else one[:WIDTH] for one in parts]
    while len(filled) > 1 and filled[-1] == "0" * WIDTH:
        filled.pop()
    return ".".join(filled)[:80]
