"""Yen: whole numbers everywhere, written and read the Japanese way.

Amounts are integers of yen. Reports show thousands cut off toward zero; totals are worked
out from yen, never from what is shown. A minus is △ in Japanese.
"""

import re
import unicodedata

NOTHING = "―"
_UNITS = {"": 1, "千": 1_000, "万": 10_000, "百万": 1_000_000, "億": 100_000_000}
_TYPED = re.compile(
    r"(?P<minus>[-△▲]?)\s*(?P<sign>¥|JPY|円)?\s*(?P<minus2>[-△▲]?)\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<fraction>\d+))?\s*"
    r"(?P<unit>千|百万|万|億|)\s*(?:円|JPY)?\s*(?:也|-)?",
    re.IGNORECASE,
)


def figure(number: int, language: str = "ja") -> str:
    """Write a whole number with commas, a minus as △ in Japanese and - in English."""
    return f"{_minus(number, language)}{abs(number):,}"


def yen(amount: int, language: str = "ja") -> str:
    """Write an amount of yen: ¥1,234,000, below nothing △¥1,234,000 (English -¥1,234,000)."""
    return f"{_minus(amount, language)}¥{abs(amount):,}"


def in_thousands(amount: int) -> int:
    """Give whole thousands of yen (千円), what is left over cut off toward zero."""
    return in_units(amount, 1_000)


def in_units(amount: int, unit: int) -> int:
    """Give whole units of yen, such as 10,000 (万円), what is left over cut off toward zero."""
    return abs(amount) // unit * (-1 if amount < 0 else 1)


def thousands(amount: int, language: str = "ja") -> str:
    """Write an amount of yen in whole thousands, as tables headed 単位:千円 show it."""
    return figure(in_thousands(amount), language)


def tenths(part: int, whole: int) -> int | None:
    """Give the ratio in tenths of a percent, half rounded away from zero; None for no whole."""
    if whole == 0:
        return None
    rounded = (abs(part) * 2000 + abs(whole)) // (2 * abs(whole))
    return -rounded if (part < 0) != (whole < 0) else rounded


def ratio(part: int, whole: int, language: str = "ja") -> str:
    """Write a ratio as a percentage with one decimal, rounded half up; ― when whole is 0."""
    share = tenths(part, whole)
    if share is None:
        return NOTHING
    return f"{_minus(share, language)}{abs(share) // 10:,}.{abs(share) % 10}%"


def parse_yen(text: str) -> int:
    """Read an amount as people type it: ¥, commas, full width, △ or (…) for minus, 120万円.

    Raises ValueError for anything that is not a whole number of yen.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("‐", "-").strip()
    plain = plain.replace("\\", "¥").replace("，", ",").replace("、", ",")
    bracketed = re.fullmatch(r"\((.+)\)", plain)
    hit = _TYPED.fullmatch(bracketed[1].strip() if bracketed else plain)
    if not hit:
        raise ValueError("This is not an amount of yen.")
    minus = bool(hit["minus"]) + bool(hit["minus2"]) + bool(bracketed)
    if minus > 1:
        raise ValueError("This is not an amount of yen.")
    return _whole(hit) * (-1 if minus else 1)


def _whole(hit: re.Match[str]) -> int:
    fraction = (hit["fraction"] or "").rstrip("0")
    scaled = int(hit["digits"].replace(",", "") + fraction) * _UNITS[hit["unit"]]
    amount, rest = divmod(scaled, 10 ** len(fraction))
    if rest:
        raise ValueError("Yen have no decimals.")
    return amount


def _minus(number: int, language: str) -> str:
    return "" if number >= 0 else "△" if language.startswith("ja") else "-"
