"""Serial numbers as a maker's notice names them: ranges and single numbers, a line each. Pure.

A serial number is a prefix and the number at its end. A range has one prefix and counts: PW-998
to PW-1002 holds PW-999 and PW-1000, and PW-0999 too. Keys are those of crm/text/serial.py.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from flask_babel import gettext as _

from crm.errors import Invalid
from crm.text.serial import serial_key

MOST_LINES = 200
DIGITS = 18
"""Digits of the longest number that is counted."""

_BETWEEN = re.compile(r"\s*(?:\.\.\.?|…|〜|～|~|→|\s[-–—]\s|\sto\s|から)\s*", re.IGNORECASE)
_HYPHENED = re.compile(r"((.*[^0-9-].*?)[0-9]+)-(\2[0-9]+)")
"""The same letters before two numbers with a bare hyphen between: A100-A199 is a range, A93-20417
is not."""
_END = re.compile(r"[0-9]+$")


@dataclass(frozen=True, slots=True)
class Range:
    """Serial numbers `prefix` + a number from `low` to `high`; both belong to it."""

    prefix: str
    low: int
    high: int

    def holds(self, key: str) -> bool:
        """Is this serial key in the range? The slow and obvious way."""
        digits = _END.search(key)
        if digits is None or key[: digits.start()] != self.prefix:
            return False
        return self.low <= int(digits[0]) <= self.high

    def key_ranges(self) -> list[tuple[str, str, int]]:
        """The same as (first key, last key, length) for every number of digits, for an index."""
        found = []
        for many in range(1, DIGITS + 1):
            if self.low >= 10**many:
                continue
            last = min(self.high, 10**many - 1)
            first, end = (f"{self.prefix}{one:0{many}d}" for one in (self.low, last))
            found.append((first, end, len(first)))
        return found


@dataclass(frozen=True, slots=True)
class Serials:
    """What a campaign names: ranges and single keys; nothing at all names every unit."""

    ranges: tuple[Range, ...] = ()
    keys: tuple[str, ...] = ()

    def hold(self, key: str) -> bool:
        """Does it name this serial key?"""
        if not self.ranges and not self.keys:
            return True
        return key in self.keys or any(one.holds(key) for one in self.ranges)


def read(text: str) -> Serials:
    """Lines as people type them. Raises Invalid naming `serials`, with the line that is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise Invalid({"serials": [_("At most %(n)s lines.", n=MOST_LINES)]})
    ranges, keys = [], []
    for line in lines:
        ends = [one for one in _BETWEEN.split(unicodedata.normalize("NFKC", line)) if one]
        if len(ends) == 1:
            keys.append(_key(ends[0], line))
            if both := _HYPHENED.fullmatch(keys[-1]):
                ranges.append(_range(both[1], both[3], line))
        elif len(ends) == 2:
            ranges.append(_range(ends[0], ends[1], line))
        else:
            raise _wrong(line)
    return Serials(tuple(ranges), tuple(keys))


def _key(text: str, line: str) -> str:
    key = serial_key(text)[:80]
    if not key:
        raise _wrong(line)
    return key


def _range(first: str, last: str, line: str) -> Range:
    ends = [_key(one, line) for one in (first, last)]
    digits = [_END.search(one) for one in ends]
    if digits[0] is None or digits[1] is None:
        raise _wrong(line)
    prefixes = [one[: found.start()] for one, found in zip(ends, digits, strict=True) if found]
    low, high = int(digits[0][0]), int(digits[1][0])
    if prefixes[0] != prefixes[1] or high < low or max(low, high) >= 10**DIGITS:
        raise _wrong(line)
    return Range(prefixes[0], low, high)


def _wrong(line: str) -> Invalid:
    why = _(
        "“%(line)s” is no serial number and no range. Write a range as PW-1001 〜 PW-1999, "
        "with the same letters before both numbers.",
        line=line[:60],
    )
    return Invalid({"serials": [why]})
