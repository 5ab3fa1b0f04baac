"""Models of a catalogue that may be one: GTX Pro, GTXPro, ＧＴＸ－Ｐｒｏ, BROTHER GTX Pro."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crm.text.serial import squashed

LONG = 4
_MODEL = re.compile(r"[A-Z0-9]{3,}")


def folded(text: str) -> str:
    """Letters and digits alone, in one width and case."""
    return squashed(text or "")


def bare(text: str, makers: Iterable[str]) -> str:
    """A folded name without the maker that stands in front of it; `makers` are folded."""
    key = folded(text)
    fronts = (one for one in makers if one and key.startswith(one) and len(key) - len(one) > 1)
    return key[len(max(fronts, key=len, default="")) :]


def names_a_model(key: str) -> bool:
    """Does a folded name hold a model (GTXPRO), and not only say what it is (交換フィルター)?"""
    return len(key) >= LONG and _MODEL.search(key) is not None
