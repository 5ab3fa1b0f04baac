"""A header of two lines, as merged cells leave it: 期間 over 開始日 and 終了日."""

from __future__ import annotations

from collections.abc import Sequence

from crm.sheets.layout import like_number
from crm.sheets.rows import Row

LOOKED_AT = 20
LONGEST = 40
"""Characters; a heading is short."""


def second_line(rows: Sequence[Row], place: int) -> list[str] | None:
    """The cells of a header whose first line stands at a place and that goes on below; None when
    the row below is one of the table.

    It goes on where the row below is of short words alone, each different, and one of them stands
    under a blank, in a column of numbers or days: no row of the table has a word there. Or where it
    says some of the headings again, as cells that were merged downwards do.
    """
    body = [row.cells for row in rows[place + 2 : place + 2 + LOOKED_AT] if not row.junk]
    if not body or len(rows) <= place + 1:
        return None
    first, second = rows[place].cells, rows[place + 1].cells
    width = max(len(first), len(second))
    over, under = _wide(first, width), _wide(second, width)
    words = [cell for cell in under if cell]
    if len(set(words)) < max(len(words), 2) or any(map(_no_heading, words)):
        return None
    new = [at for at, word in enumerate(under) if word and not over[at]]
    merged = any(word and word == over[at] for at, word in enumerate(under))
    if not new or not (merged or any(_of_numbers(body, at) for at in new)):
        return None
    return [word or over[at] for at, word in enumerate(under)]


def _wide(cells: Sequence[str], width: int) -> list[str]:
    return [cell.strip() for cell in (*cells, *[""] * (width - len(cells)))]


def _no_heading(word: str) -> bool:
    return len(word) > LONGEST or like_number(word)


def _of_numbers(body: Sequence[Sequence[str]], at: int) -> bool:
    held = [cells[at] for cells in body if at < len(cells) and cells[at].strip()]
    return bool(held) and sum(map(like_number, held)) >= 0.8 * len(held)
