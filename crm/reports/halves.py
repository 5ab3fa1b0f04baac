"""Sets a long report in two processes at once and puts their pages together.

A sheet knows nothing of the others, so the second half of them is set beside the first where the
machine has a second core. Each process has the limits of the one that parts.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from multiprocessing.connection import Connection
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

FEWEST = 6
"""Sheets from which on a second process is worth its start."""

Set = Callable[[Sequence[str], Callable[[], None]], bytes]
"""Sets sheets as a PDF and says after each one that it is done."""


def together(sheets: Sequence[str], set_sheets: Set, note: Callable[[], None]) -> bytes:
    """The PDF of all sheets, in their order. `note` is called after each one, in both processes.

    Ends this process with a word when the second one ended without a PDF; what that one said of
    it stands on standard error.
    """
    if len(sheets) < FEWEST or len(os.sched_getaffinity(0)) < 2:
        return set_sheets(sheets, note)
    half = len(sheets) // 2
    context = multiprocessing.get_context("fork")
    near, far = context.Pipe(duplex=False)
    second = context.Process(target=_second, args=(near, far, sheets[half:], set_sheets, note))
    second.start()
    far.close()
    try:
        return _put_together(set_sheets(sheets[:half], note), near.recv_bytes())
    except EOFError:
        sys.exit("the second half of the sheets was not set")
    finally:
        second.kill()
        second.join()


def _second(
    near: Connection,
    far: Connection,
    sheets: Sequence[str],
    set_sheets: Set,
    note: Callable[[], None],
) -> None:
    """Set the second half, and end when nobody waits for it any more."""
    near.close()
    first = os.getppid()

    def done() -> None:
        if os.getppid() != first:
            os._exit(1)
        note()

    far.send_bytes(set_sheets(sheets, done))


def _put_together(first: bytes, second: bytes) -> bytes:
    """One PDF with the title, language and author of the first, and the bookmarks of both."""
    whole, made = PdfWriter(clone_from=BytesIO(first)), BytesIO()
    rest = PdfReader(BytesIO(second))
    _name_fonts(rest)
    whole.append(rest)
    whole.write(made)
    return made.getvalue()


def _name_fonts(rest: PdfReader) -> None:
    """Two subsets of a font in one file have different tags (ISO 32000-1, 9.6.4), or a printer may
    take one for the other; WeasyPrint makes them of the font alone, the same in both halves."""
    size: Any = rest.trailer["/Size"]
    for number in range(1, size):
        one = rest.get_object(number)
        if not isinstance(one, DictionaryObject):
            continue
        for key in ("/BaseFont", "/FontName"):
            tag, plus, name = str(one.get(key, "")).partition("+")
            if plus:
                one[NameObject(key)] = NameObject(f"/{_other(tag[1:])}+{name}")


def _other(tag: str) -> str:
    """Six capital letters that are others than these: each the next one in the alphabet."""
    return "".join(chr(65 + (ord(letter) - 64) % 26) for letter in tag)
