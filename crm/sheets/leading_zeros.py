"""Numbers that a workbook shows with zeros before them: 00123, by a format of 00000.

What is saved is 123; whoever typed a serial number so means what is shown. A column counts where
each of its numbers is shown so, with as many places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Generic, TypeVar

Style = TypeVar("Style")
Column = TypeVar("Column")
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s[^>]*>")
_KEY, _CODE = re.compile(rb'\snumFmtId="(\d+)"'), re.compile(rb'\sformatCode="(0{2,30})"')
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\s[^>]*>")
_NUMBER = re.compile(
    rb'<(?:\w+:)?c\sr="([A-Z]{1,3})\d+"(?:\ss="(\d+)")?(?:\st="n")?\s*>(?=<(?:\w+:)?[vf][\s>])'
)


def styles_with_zeros(held: bytes) -> dict[bytes, int]:
    """The styles of an .xlsx file that show zeros in front, with the digits that they show."""
    formats = {}
    for one in _FORMAT.findall(held):
        if (key := _KEY.search(one)) and (code := _CODE.search(one)):
            formats[key[1]] = len(code[1])
    every = _STYLES.search(held) if formats else None
    found = {}
    for place, one in enumerate(_STYLE.findall(every[0]) if every else ()):
        key = _KEY.search(one)
        if key and key[1] in formats:
            found[b"%d" % place] = formats[key[1]]
    return found


class Zeros(Generic[Style, Column]):
    """Notes for each column with how many digits its numbers are shown."""

    def __init__(self, styles: Mapping[Style, int]) -> None:
        self._styles = styles
        self._seen: dict[Column, set[int]] = {}

    def __bool__(self) -> bool:
        return bool(self._styles)

    def note(self, column: Column, style: Style) -> None:
        """A number stands there."""
        self._seen.setdefault(column, set()).add(self._styles.get(style, 0))

    def columns(self) -> dict[Column, int]:
        """The columns whose numbers are all shown with so many digits."""
        alike = {column: max(seen) for column, seen in self._seen.items() if len(seen) == 1}
        return {column: digits for column, digits in alike.items() if digits}


def count(zeros: Zeros[bytes, bytes], held: bytes) -> None:
    """Take some more XML of a sheet into account."""
    if zeros:
        for column, style in _NUMBER.findall(held):
            zeros.note(column, style)
