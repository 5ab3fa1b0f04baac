"""A large table going out: how long its file takes, and what the server grows by meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.driving import Client

FORMS = ("csv", "xlsx")
MOST_MEGABYTES = 150
PIECE = 1 << 16
WAIT = 120
"""Seconds for the first bytes; a workbook is put together before it is sent."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One file: seconds, its size, what the largest process of the server weighed before and at
    most, in megabytes."""

    form: str
    seconds: float
    size: float
    before: float
    most: float

    @property
    def met(self) -> bool:
        """Did the server grow by less than it may?"""
        return self.most - self.before <= MOST_MEGABYTES


def exported(program: Client, web: int) -> Iterator[Sent]:
    """Fetch all accounts in each form from a server whose first process is `web`."""
    program.connection.timeout = WAIT
    program.close()
    for form in FORMS:
        for process in _family(web):
            (process / "clear_refs").write_text("5")  # the highest mark starts anew
        before, began = _most(web), time.monotonic()
        program.connection.request("GET", f"/api/v1/accounts.{form}", headers=program.headers)
        answer = program.connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"{form}: {answer.status} {answer.read()[:400]!r}")
        size = 0
        while piece := answer.read(PIECE):
            size += len(piece)
        yield Sent(form, time.monotonic() - began, size / 1_000_000, before, _most(web))


def _family(web: int) -> list[Path]:
    children = Path(f"/proc/{web}/task/{web}/children").read_text().split()
    return [Path("/proc") / one for one in (str(web), *children)]


def _most(web: int) -> float:
    marks = [(one / "status").read_text().split("VmHWM:")[1].split()[0] for one in _family(web)]
    return max(map(int, marks)) / 1024
