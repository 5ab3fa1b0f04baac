"""Rows of a sheet that are there and not shown: hidden by hand, or left out by a filter."""

from __future__ import annotations

import json
import re
from bisect import bisect_right

_ROW = re.compile(
    rb"<(?:\w+:)?row\s(?=[^>]*\shidden=[\"'](?:1|true)[\"'])(?:[^>]*?\s)?r=[\"'](\d{1,7})[\"']"
)


class HiddenRows:
    """Numbers of rows (the first is 1) as spans: a filter hides hundreds of thousands in a row."""

    def __init__(self, spans: list[list[int]] | None = None) -> None:
        self._spans = spans or []

    def add(self, row: int) -> None:
        """One more; rows come in their order, as they stand in a sheet."""
        last = self._spans[-1] if self._spans else None
        if last is not None and last[1] < row <= last[1] + 1:
            last[1] = row
        elif last is None or row > last[1]:
            self._spans.append([row, row])

    def look(self, held: bytes) -> None:
        """Those in some XML of a sheet."""
        if b"hidden=" in held:
            for number in _ROW.findall(held):
                self.add(int(number))

    def __bool__(self) -> bool:
        return bool(self._spans)

    def __contains__(self, row: int) -> bool:
        place = bisect_right(self._spans, row, key=lambda span: span[0]) - 1
        return place >= 0 and row <= self._spans[place][1]

    def written(self) -> str:
        """As `read` reads it."""
        return json.dumps(self._spans)

    @classmethod
    def read(cls, text: str) -> HiddenRows:
        """What `written` wrote."""
        return cls(json.loads(text))
