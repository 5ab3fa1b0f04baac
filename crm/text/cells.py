"""Cells of a table that a spreadsheet opens: made harmless on the way out, restored on the way in.

A mark (an apostrophe) is put before a text that a spreadsheet would take for a formula, or that an
import would take for nothing. `restored` takes exactly that mark away again, so that every text
comes back as it was, also one that begins with an apostrophe itself.
"""

from __future__ import annotations

import re

MARK = "'"
_FORMULA = re.compile(
    r"[\s\x00-\x20\x7f-\xa0\u200b-\u200f\u2060\u3000\ufeff']*[=+\-@＝＋－＠]|'*[\t\r\n]"
    r"|'+\d[-\d./ ]*\Z"
)
_DIGITS = re.compile(r"'\d[-\d./ ]*")
"""What other programs write so that a spreadsheet leaves it alone: '0312345678."""
_NOTHING = frozenset(
    ("?", "？", "-", "―", "–", "—", "null", "none", "nil", "n/a", "#n/a", "na", "nan", "nat",
     "〃", "同上", "仝", "々")
)  # fmt: skip
"""What some reader of tables takes for a blank, in small letters, or for what stands above."""


def _like_nothing(cell: str) -> bool:
    return len(cell) < 8 and cell.lower() in _NOTHING


def _marked(cell: str) -> bool:
    """Does a text need the mark? Putting one before it does not change the answer."""
    return _FORMULA.match(cell) is not None or _like_nothing(cell.lstrip(MARK))


def harmless(cell: str) -> str:
    """A cell of a CSV file that a spreadsheet takes for text, never for a formula."""
    return MARK + cell if _marked(cell) else cell


def as_text(cell: str) -> str:
    """A cell of a workbook, where text is text by its type: marked only where reading it back
    would lose something."""
    lost = _like_nothing(cell) or (cell.startswith(MARK) and _marked(cell))
    return MARK + cell if lost else cell


def restored(cell: str) -> str:
    """What a cell said before `harmless` or `as_text`, or before another program put a mark before
    its digits; any other cell as it is."""
    if not cell.startswith(MARK):
        return cell
    return cell[1:] if _marked(cell[1:]) or _DIGITS.fullmatch(cell) else cell
