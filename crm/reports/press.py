"""Runs the press: has a report set by a process with limits, and takes the PDF back."""

from __future__ import annotations

import ctypes.util
import json
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from crm.reports import kept

FAMILY = "Engawa Sans"
"""What the printed fonts are called: a name of our own, so that no font of the machine slips in."""

SECONDS = 120
"""Of the clock; the order is ended after that."""

ONE = threading.BoundedSemaphore(1)
"""One PDF at a time is set while somebody waits for the answer; others ask for a job."""

Progress = Callable[[int, int], None]


class PressFailed(Exception):
    """No PDF came out; the message is for the log, not for the reader."""


@dataclass(frozen=True, slots=True)
class Printing:
    """What is to be set: the stylesheet, and the HTML of every sheet; a sheet of what `flows` may
    take as many pages as it needs."""

    title: str
    author: str
    lang: str
    css: str
    sheets: Sequence[str]
    flows: bool = False


def missing() -> str | None:
    """What the machine lacks to print, in a sentence; None when nothing is missing."""
    if ctypes.util.find_library("harfbuzz-subset") is None:
        return "libharfbuzz-subset0 is missing: without it one page takes half a minute."
    return None


def run(printing: Printing, progress: Progress) -> bytes:
    """The PDF. `progress` is told sheets done and sheets in all. Raises PressFailed."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as pdf:
        file.write(json.dumps(asdict(printing)).encode())
        file.seek(0)
        try:
            said, code = _follow(kept.begin(file, pdf), progress)
        except kept.Gone as error:
            raise PressFailed(f"the press is gone: {error}") from error
        pdf.seek(0)
        made = pdf.read()
    if code != 0 or not made.startswith(b"%PDF"):
        raise PressFailed(f"exit {code}: {' | '.join(said[-3:])}")
    return made


def _follow(order: kept.Order, progress: Progress) -> tuple[list[str], int]:
    """Report progress until the order is done; what else was said of it, and how it ended."""
    clock = threading.Timer(SECONDS, order.kill)
    clock.start()
    said: list[str] = []
    done = 0
    try:
        for line in order.said:
            text = line.decode(errors="replace").strip()
            one, slash, whole = text.partition("/")
            if slash and one == "1" and whole.isdigit():
                done += 1
                progress(done, int(whole))
            elif text:
                said.append(text)
    except BaseException:
        order.kill()
        with suppress(kept.Gone):
            order.end()
        raise
    finally:
        clock.cancel()
    return said, order.end()
