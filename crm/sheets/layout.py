"""Where a table begins in a file: the delimiter, the title lines, the header; and what is junk."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

from flask_babel import gettext as _

from crm.sheets.rows import Row
from crm.text.cells import restored
from crm.text.normal import search_key

DELIMITERS = (";", "\t", "|", ",")
"""Of two that part the lines equally well the earlier is taken: decimal commas are common."""
_WIDE = str.maketrans("{}|", "｛｝｜")
HEADER_WITHIN = 30
"""A header is looked for in so many rows from the top."""
_LIKE_NUMBER = re.compile(r"[-+¥$€△▲(]?\s*\d[\d,.\s:/%年月日円TZ+-]*\)?")
_TOTALS = frozenset(
    map(
        search_key,
        ("合計", "総合計", "小計", "総計", "計", "累計", "total", "subtotal", "grand total", "sum",
         "summe", "gesamt", "totals"),
    )
)  # fmt: skip
DITTO = frozenset(("〃", "同上", "仝", "々"))
"""Alone in a cell: the same as above."""
_COUNT = re.compile(r"[（(].*?[)）]|\d+\s*件?$")
_COUNTS = re.compile(r"[\d,]+\s*[社件台名個本点回]")
_GROUP = re.compile(r"\s*(?:[■●◆▼▶◎★《〈]|【[^】]*】\s*$)")
_BEGIN_TOTALS = frozenset("合総小計累tTsSgGｔＴｓＳｇＧ")
_SUSPECT = _BEGIN_TOTALS | frozenset("※注（(備出以nN*-= \t\r\n\u3000") | {""}
"""Only rows that begin with one of these can be totals, notes or blank."""
_FOOT = re.compile(
    r"\s*(?:※|注[)）:：]|\(注\)|（注）|備考[:：]|出典|出所|以\s*上\s*$|notes?:|source:|\*\s|--|=="
    r"|(?:-\s*)?\d+\s*[/／]\s*\d+\s*(?:ページ|頁|page)|(?:page|ページ|第)\s*\d+\s*(?:頁|ページ|/|of|$)"
    r"|-\s*\d+\s*-$)",
    re.IGNORECASE,
)


def names(cells: Sequence[str]) -> list[str]:
    """Column names as they are compared: width, case, blanks and the mark of an export (a custom
    field may be called =1+1) do not matter."""
    return [search_key(restored(cell)) for cell in cells]


def called(cells: Sequence[str]) -> list[str]:
    """A name for every column: a blank one has its letter, (C); of two TEL each has its number.

    Marks that mean something in a mapping are written wide.
    """
    keys = names(cells)
    named: list[str] = []
    for place, (cell, key) in enumerate(zip(cells, keys, strict=True)):
        name = " ".join(restored(cell).split()).translate(_WIDE) or f"({letters(place)})"
        times = keys[: place + 1].count(key)
        named.append(f"{name} ({times})" if key and keys.count(key) > 1 else name)
    return named


def letters(place: int) -> str:
    """How a spreadsheet calls a column, the first being 0: A, B, … Z, AA."""
    above, last = divmod(place, 26)
    return (letters(above - 1) if above else "") + chr(65 + last)


def find_delimiter(top: Sequence[str]) -> str:
    """What parts the cells of the first lines: whatever gives most lines the same, larger width."""
    best, most = ",", 0.0
    for mark in DELIMITERS:
        try:
            widths = [
                len(cells)
                for cells in csv.reader(top, delimiter=mark, skipinitialspace=True)
                if cells
            ]
        except csv.Error:
            continue
        if not widths:
            continue
        width, times = Counter(widths).most_common(1)[0]
        score = (times / len(widths)) * (width - 1) ** 0.5 if width > 1 else 0.0
        if score > most:
            best, most = mark, score
    return best


def header_with(rows: Sequence[Row], wanted: Sequence[str]) -> int | None:
    """The place of the first row that holds all the names that are looked for."""
    keys = set(names(wanted))
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        if keys <= {*names(row.cells), *names(called(row.cells))}:
            return place
    return None


def guess_header(rows: Sequence[Row]) -> int | None:
    """The place of the row that looks like a header; None for a table that has none.

    A header is the first row as wide as most rows are whose cells are words, most of them
    different; where the rows below hold words only as well, the topmost is taken for it.
    """
    rows = _without_empty(rows)
    full = [_filled(row) for row in rows]
    if not full:
        return None
    usual = Counter(n for n in full if n > 1).most_common(1)
    width = max(full) if not usual else usual[0][0]
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        cells = _trimmed(row.cells)
        if len(cells) < max(2, 0.6 * width) and max(full) > 1:
            continue
        words = [cell for cell in cells if cell.strip()]
        if len(words) < 0.6 * len(cells):
            continue
        keys = names(words)
        numbers = sum(map(like_number, words))
        if numbers == 0 and 2 * len(set(keys)) > len(keys):
            return place
        if numbers and _filled(row) >= 0.8 * width:
            return None
    return None


def like_number(cell: str) -> bool:
    """Is it a number, an amount or a day, as no heading is?"""
    return _LIKE_NUMBER.fullmatch(cell.strip()) is not None


def _without_empty(rows: Sequence[Row]) -> list[Row]:
    """The rows without columns in which nothing stands, or something once (a title) at most."""
    held = Counter(place for row in rows for place, one in enumerate(row.cells) if one.strip())
    least = 2 if len(rows) > 2 else 1
    return [
        Row(row.line, [cell for place, cell in enumerate(row.cells) if held[place] >= least])
        for row in rows
    ]


def repeated(row: Row, last: Sequence[str]) -> Row:
    """A row that says 〃 or 同上 says what the one above it says there."""
    cells = [
        last[at] if cell in DITTO and at < len(last) else cell for at, cell in enumerate(row.cells)
    ]
    return Row(row.line, cells, row.junk)


def judge(row: Row, header: Sequence[str], ragged: bool, reach: int = 0) -> Row:
    """The row as wide as its header, or marked as junk with the reason.

    In a `ragged` table, a worksheet, cells at the end may be missing, and what stands beyond the
    header stands beside the table: nothing there moves the cells of the row. In a file of text the
    same holds as far as the line of the header has blank cells, up to `reach`.
    """
    cells, width = row.cells, len(header)
    plain = len(cells) == width and (first := cells[0][:1]) not in _SUSPECT
    if plain and first != header[0][:1] and cells[width > 1]:  # a page number stands alone
        return row
    if row.junk or row.blank:
        return row
    beside = " ".join(filter(None, map(str.strip, cells[width:])))
    if ragged or not beside or len(cells) <= reach:
        cells = [*cells[:width], *[""] * (width - len(cells) if ragged else 0)]
    else:
        beside = ""
    if not any(map(str.strip, cells)):
        return Row(row.line, row.cells, _("A note beside the table: %(text)s", text=beside[:200]))
    return Row(row.line, cells, _why_junk(cells, header), beside)


def _why_junk(cells: Sequence[str], header: Sequence[str]) -> str:
    first = next(cell for cell in cells if cell.strip()).strip()
    if header[0].startswith(first) and _same(called(cells), header):
        return _("This is the header once more.")
    if first[0] in _BEGIN_TOTALS and _is_total(first) and _of_sums(cells, first):
        return _("This looks like a line of totals.")
    if len(header) > 2 and sum(map(bool, cells)) == 1:
        if _FOOT.match(first):
            return _("This looks like a note under the table.")
        if _GROUP.match(first) and cells[0]:
            return _("This looks like a heading of the rows below it.")
    if len(cells) != len(header):
        return _("%(n)s cells where the header has %(m)s.", n=len(cells), m=len(header))
    return ""


def _of_sums(cells: Sequence[str], first: str) -> bool:
    """Beside the word there are blanks, or nothing but numbers and counts (2社)."""
    beside = [cell.strip() for cell in cells if cell.strip() != first]
    return not all(cells) or all(like_number(cell) or _COUNTS.fullmatch(cell) for cell in beside)


def _is_total(first: str) -> bool:
    """総合計, and 総合計（3件） as well."""
    return search_key(_COUNT.sub("", first)).strip(":") in _TOTALS


def _same(cells: Sequence[str], header: Sequence[str]) -> bool:
    alike = sum(one == other for one, other in zip(cells, header, strict=False))
    return alike >= 0.6 * len(header)


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    return cells[: max((n for n, cell in enumerate(cells, 1) if cell.strip()), default=0)]


def _filled(row: Row) -> int:
    return len(_trimmed(row.cells))
