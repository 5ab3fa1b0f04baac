"""What fits into a cell of the printed list, and half-width punctuation.

Cells are cut here and not by the layout: one box less in every cell makes the list a third faster.
Widths are those of Noto Sans CJK JP Regular in thousandths of the letter size.
"""

from __future__ import annotations

import unicodedata

from markupsafe import Markup, escape

_ASCII = (
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392,
    555, 555, 555, 555, 555, 555, 555, 555, 555, 555, 278, 278, 555, 555, 555, 474,
    946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812, 723, 742,
    633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559,
    606, 563, 618, 510, 620, 554, 325, 564, 607, 275, 275, 552, 284, 926, 610, 606,
    620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
)  # fmt: skip
POINT = 0.352778
"""Millimetres."""

OPENING = "（「『【〔［｛〈《"
CLOSING = "）」』】〕］｝〉》、。，．"
MIDDLE = "・：；"


def width(text: str, size: float = 6.6) -> float:
    """The length of a text in millimetres, never too short; `size` in points."""
    return sum(_advance(letter) for letter in text) * size * POINT / 1000


def fit(text: str, room: float, size: float = 6.6) -> str:
    """The text, or as much of it as fits into `room` millimetres with … behind."""
    if width(text, size) <= room:
        return text
    left = room - width("…", size)
    kept = 0
    for letter in text:
        left -= _advance(letter) * size * POINT / 1000
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


def tight(text: str) -> Markup:
    """Full-width marks set half wide where Japanese setting wants it: a closing mark before
    another mark, and an opening mark at the start or behind another one. Escapes."""
    out: list[Markup] = []
    run = ""
    for place, letter in enumerate(text):
        if _halved(text, place):
            run += letter
            continue
        out += _half(run)
        run = ""
        out.append(escape(letter))
    return Markup("").join([*out, *_half(run)])


def plain(text: str) -> str:
    """One line without control characters: what a cell may hold."""
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())


def _half(run: str) -> list[Markup]:
    return [Markup('<span class="h">{}</span>').format(run)] if run else []


def _halved(text: str, place: int) -> bool:
    letter = text[place]
    after = text[place + 1 : place + 2]
    before = text[place - 1] if place else ""
    if letter in CLOSING:
        return bool(after) and after in OPENING + CLOSING + MIDDLE
    return letter in OPENING and (not before or before in OPENING + "\u3000")


def _advance(letter: str) -> int:
    code = ord(letter)
    if 32 <= code < 127:
        return _ASCII[code - 32]
    if unicodedata.east_asian_width(letter) == "H":
        return 500
    return 0 if unicodedata.combining(letter) else 1000
