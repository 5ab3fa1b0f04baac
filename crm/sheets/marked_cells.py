"""The tables of a page of the Web, cell by cell: what spans several columns stands in the first,
words that span several rows in each."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

WIDEST = 256
"""Columns that a cell may span, or a row have; a table has far fewer."""
MOST_TABLES = 500
LONGEST = 65_534
"""Rows that one may span (HTML Living Standard, 4.9.11)."""
_GONE = re.compile(r"<(?:!--|(script|style|head|title)\b)", re.IGNORECASE)
_HEADS = ("script", "style", "head", "title")
_ENDS = {name: re.compile(f"</{name}\\s*>", re.IGNORECASE) for name in _HEADS}
_ENDS[""] = re.compile("-->")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:]*+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>|<![^<>]*+>")
LIKE_NUMBER = re.compile(r"[-+¥\\△▲(]?\s*[\d,]+(?:\.\d+)?\s*[%円)]*")
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?\s*(\d{1,9})", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_BREAKS = frozenset(("br", "p", "div", "li"))


@dataclass(slots=True)
class Grid:
    """A table: what it is called, and its rows."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    heads: int = 0
    """So many rows at the top are of headings (th) alone."""

    def join_heads(self) -> None:
        """A header of several rows is one, in the last of them: 電話 below 連絡先."""
        some = self.rows[: self.heads]
        width = max(map(len, some), default=0)
        wide = [[*row, *[""] * (width - len(row))] for row in some]
        if len(wide) > 1:
            last = [next(filter(None, reversed(column)), "") for column in zip(*wide, strict=True)]
            self.rows[: self.heads] = [*([] for _row in some[1:]), last]


class TooMuch(Exception):
    """More than any page of a table has."""


def tables_in(text: str) -> list[Grid]:
    """The tables of a page that have rows; one within another stands by itself. Raises TooMuch."""
    reading, at = _Reading(), 0
    text = "".join(_seen(text))
    for tag in _TAG.finditer(text):
        reading.words(text[at : tag.start()])
        at = tag.end()
        if tag[2]:
            (reading.end if tag[1] else reading.begin)(tag[2].lower(), tag[3])
    found = [one.grid for one in reading.every if one.grid.rows]
    for place, grid in enumerate(found, 1):
        grid.join_heads()
        grid.name = " ".join(grid.name.split())[:60] or str(place)
    names = [grid.name for grid in found]
    for place, grid in enumerate(found, 1):
        if names.count(grid.name) > 1:
            grid.name = f"{grid.name} ({place})"
    return found


def _seen(text: str) -> Iterator[str]:
    """A page without comments, scripts and what stands in its head."""
    at, open_ended = 0, set[str]()
    for begin in _GONE.finditer(text):
        name = (begin[1] or "").lower()
        if begin.start() < at or name in open_ended:
            continue
        end = _ENDS[name].search(text, begin.end())
        if end is None:
            open_ended.add(name)
            continue
        yield text[at : begin.start()]
        at = end.end()
    yield text[at:]


class _Table:
    """A table that is being read."""

    def __init__(self) -> None:
        self.grid = Grid("")
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.caption = False
        self._plain = self._heading = False
        self._spans = (1, 1)
        self._below: dict[int, tuple[int, str]] = {}

    def new_row(self) -> None:
        """The row before is over, whether its end was said or not."""
        self.end_cell()
        if self.row is not None:
            self._skip()
            if self._heading and not self._plain and self.grid.heads == len(self.grid.rows):
                self.grid.heads += 1
            self.grid.rows.append(self.row)
        self.row, self._plain, self._heading = None, False, False

    def new_cell(self, name: str, said: str) -> None:
        """A cell begins to the right of those that reach down from above."""
        self.end_cell()
        self._plain, self._heading = self._plain or name == "td", self._heading or name == "th"
        if self.row is None:
            self.row = []
        self._skip()
        spans = {name.lower(): int(times) for name, times in _SPAN.findall(said)} if said else {}
        self._spans = (
            min(max(spans.get("col", 1), 1), WIDEST), min(max(spans.get("row", 1), 1), LONGEST),
        )  # fmt: skip
        self.cell = []

    def end_cell(self) -> None:
        """What was read of a cell is all of it."""
        if self.cell is None or self.row is None:
            return
        wide, high = self._spans
        said = _plain("".join(self.cell))
        if high > 1:
            more = {len(self.row) + place: (high - 1, "") for place in range(1, wide)}
            again = "" if LIKE_NUMBER.fullmatch(said) else said
            self._below |= more | {len(self.row): (high - 1, again)}
        self.row += [said, *[""] * (wide - 1)]
        if len(self.row) > 4 * WIDEST:
            raise TooMuch
        self.cell = None

    def _skip(self) -> None:
        """A cell of a row above reaches down: words stand there again, a number does not."""
        assert self.row is not None
        while (reach := self._below.get(len(self.row))) and reach[0]:
            self._below[len(self.row)] = (reach[0] - 1, reach[1])
            self.row.append(reach[1])


class _Reading:
    """A page, tag by tag."""

    def __init__(self) -> None:
        self.every: list[_Table] = []
        self._open: list[_Table] = []

    def words(self, said: str) -> None:
        """What stands between two tags."""
        if not self._open or not said:
            return
        table = self._open[-1]
        if table.cell is not None:
            table.cell.append(_BLANKS.sub(" ", said) if "\n" in said else said)
        elif table.caption:
            table.grid.name += html.unescape(said)

    def begin(self, name: str, said: str) -> None:
        """A tag opens."""
        if name == "table":
            if len(self.every) == MOST_TABLES:
                raise TooMuch
            self._open.append(_Table())
            self.every.append(self._open[-1])
        if not self._open:
            return
        table = self._open[-1]
        if name == "tr":
            table.new_row()
            table.row = []
        elif name in ("td", "th"):
            table.new_cell(name, said)
        elif name in _BREAKS and table.cell:
            table.cell.append("\n")
        table.caption = name == "caption" or (table.caption and name not in ("tr", "td", "th"))

    def end(self, name: str, _said: str) -> None:
        """A tag closes."""
        if not self._open:
            return
        table = self._open[-1]
        if name in ("td", "th"):
            table.end_cell()
        elif name in ("tr", "table", "tbody", "thead", "tfoot"):
            table.new_row()
        if name == "table":
            self._open.pop()
        if name in ("caption", "table"):
            table.caption = False


def _plain(said: str) -> str:
    if "&" not in said and "\n" not in said:
        return " ".join(said.split())
    lines = (" ".join(line.split()) for line in html.unescape(said).replace("\0", "").split("\n"))
    return "\n".join(lines).strip()
