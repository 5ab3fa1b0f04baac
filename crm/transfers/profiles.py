"""What stands in the columns of a table: how much of each looks like what."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crm.sheets.rows import Row
from crm.text.cells import restored
from crm.text.houjin import corporate_number
from crm.transfers.values import NULLS

MOST_DISTINCT = 60
EXAMPLES = 3
NOTHING_YET = frozenset(
    ("未定", "不明", "なし", "無し", "該当なし", "-", "--", "tbd", "tba", "none", "nil", "unknown",
     "n.a.", "na", "#n/a", "…", "*", "※")
)  # fmt: skip
"""Words that stand where nothing is known yet."""
_TIME = r"(?:[T\s]+\d{1,2}[:時].*)?"
_PLACE = r"(?:北海道|東京都|(?:京都|大阪)府|.{2,3}県)"
FORMS: dict[str, re.Pattern[str]] = {
    "mail": re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
    "phone": re.compile(
        r"\+\d[\d\s()\-]{8,18}|\(?0\d{1,4}\)?[\s\-(]+\d{1,4}[\s\-)]+\d{3,4}.*|0\d{9,10}"
    ),
    "postal": re.compile(r"(?:〒\s*\d{3}-?\d{4}|\d{3}-\d{4})"),
    "kana": re.compile(r"(?=.*[ァ-ヶ])[ァ-ヶー・\s()A-Za-z0-9.,&'\-]+"),
    "address": re.compile(
        rf"(?:〒?\d{{3}}-?\d{{4}}\s*)?{_PLACE}.+|.{{1,6}}[市区郡].{{1,10}}[町村丁番字].*"
    ),
    "company": re.compile(
        r".*(?:株式会社|有限会社|合同会社|合資会社|合名会社|法人|\(株\)|\(有\)|㈱|\bInc\b|\bLtd\b|\bCorp|"
        r"\bGmbH\b|\bLLC\b|\bCo\.|\bS\.?A\.?\b).*"
    ),
    "person": re.compile(r"[一-龥々ヶ]{1,4}[\s　][一-龥々ぁ-んァ-ヶ]{1,5}"),
    "day": re.compile(
        rf"\d{{4}}\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}\s*日?{_TIME}|(?:19|20)\d{{6}}|"
        r"(?:令和|平成|昭和|大正|[RHST])\s*\.?(?:\d{1,2}|元)[-/.年]\d{1,2}[-/.月]\d{1,2}日?|"
        rf"\d{{1,2}}[-\s][A-Za-z]{{3}}[a-z]*[-\s]\d{{4}}{_TIME}"
    ),
    "parted": re.compile(rf"'?\d{{1,2}}\s*[-/.]\s*\d{{1,2}}\s*[-/.]\s*(?:\d{{4}}|\d{{2}}){_TIME}"),
    "timed": re.compile(r".*\d\s*[T\s]\s*(?!0?0:00(?::00)?$)\d{1,2}[:時]\d{0,2}.*"),
    "clock": re.compile(r"(?:午前|午後)?\s*\d{1,2}(?::\d{2}){1,2}(?:\s*[APap][Mm])?|"
                        r"(?:午前|午後)?\s*\d{1,2}時(?:\d{1,2}分)?"),
    "whole": re.compile(r"[-+△▲]?\(?\d{1,3}(?:,\d{3})*\)?|[-+△▲]?\d+"),
    "dotted": re.compile(r"[-+△▲]?[1-9]\d{0,2}\.\d{3}"),
    "serial": re.compile(r"[1-6]\d{4}(?:\.\d+)?"),
    "point": re.compile(r"[-+△▲]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+"),
    "comma": re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}|[-+]?\d{1,3}(?:\.\d{3}){2,}|"
                        r"[-+]?\d+,\d{4,}"),
    "money": re.compile(r"[-△▲(]*\s*[¥\\$€]\s*[\d,.]+\)?|[-△▲]?[\d,.]+\s*[千万百億]*円"),
}  # fmt: skip
_PARTS = re.compile(r"'?(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})(?!\d)")
ORDERS = ("day_first", "month_first", "short_year")


@dataclass(slots=True)
class Profile:
    """What was seen of one column. `orders` are the orders of day and month that fit every value.

    `nothing` are words that seem to stand for nothing, with how often they were seen.
    """

    name: str
    rows: int = 0
    filled: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    distinct: dict[str, int] = field(default_factory=dict)
    several: bool = False
    repeated: bool = False
    nothing: Counter[str] = field(default_factory=Counter)
    orders: tuple[str, ...] = ORDERS
    dotted: bool = False
    unit: str = ""
    """What a line above the table says of all its amounts: 千円."""
    seen: set[int] = field(default_factory=set)

    def share(self, *forms: str) -> float:
        """How much of what stands there has one of these forms, 0 to 1."""
        return sum(self.forms[form] for form in forms) / self.filled if self.filled else 0.0

    @property
    def examples(self) -> list[str]:
        """What stands in the first rows."""
        return list(self.distinct)[:EXAMPLES]

    def look(self, text: str) -> None:
        """Take one more value into account."""
        self.rows += 1
        text = text.strip()
        if text in NULLS:
            return
        if text.lower() in NOTHING_YET:
            self.nothing[text] += 1
            return
        self.filled += 1
        self._count(text)
        key = hash(text)
        self.repeated = self.repeated or key in self.seen
        self.seen.add(key)
        if text in self.distinct:
            self.distinct[text] += 1
        elif len(self.distinct) < MOST_DISTINCT:
            self.distinct[text] = 1
        else:
            self.several = True

    def meet(self, text: str) -> None:
        """Note a value that was not among the first ones."""
        if text not in self.distinct and len(self.distinct) < MOST_DISTINCT:
            plain = text.strip()
            if plain not in NULLS and plain.lower() not in NOTHING_YET:
                self.distinct.setdefault(plain, 1)

    def _count(self, text: str) -> None:
        plain = unicodedata.normalize("NFKC", restored(text))
        for form, pattern in FORMS.items():
            if pattern.fullmatch(plain):
                self.forms[form] += 1
        if len(plain) == 13 and plain.isdigit() and _is_corporate(plain):
            self.forms["corporate"] += 1
        self.order_of(plain)

    def order_of(self, text: str) -> None:
        """Which orders of day and month a value leaves possible."""
        if hit := _PARTS.match(text):
            self._order(int(hit[1]), int(hit[3]), hit[4], hit[2])

    def _order(self, first: int, second: int, last: str, mark: str) -> None:
        fits = {
            "day_first": 1 <= first <= 31 and 1 <= second <= 12,
            "month_first": 1 <= first <= 12 and 1 <= second <= 31,
            "short_year": len(last) == 2 and 1 <= second <= 12 and 1 <= int(last) <= 31,
        }
        self.orders = tuple(one for one in self.orders if fits[one])
        self.dotted = mark == "."


def _is_corporate(digits: str) -> bool:
    try:
        corporate_number(digits)
    except ValueError:
        return False
    return True


def profiles(header: Sequence[str], rows: Iterable[Row]) -> list[Profile]:
    """Look at the values of every column."""
    found = [Profile(name) for name in header]
    for row in rows:
        if not row.junk and not row.blank:
            for profile, cell in zip(found, row.cells, strict=True):
                profile.look(cell)
    return found
