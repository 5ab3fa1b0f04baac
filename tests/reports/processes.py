"""The processes that set PDFs, as the system tells of them."""

from __future__ import annotations

import os
import time
from pathlib import Path


def presses(owner: int = 0) -> set[int]:
    """Presses of a process, or of this one, with an order or without."""
    return _children(owner or os.getpid())


def first_ones() -> set[int]:
    """Processes that set an order for a press of this test process."""
    return {pid for warm in presses() for pid in _children(warm)}


def second_ones() -> set[int]:
    """Processes that those have parted into."""
    return {pid for first in first_ones() for pid in _children(first)}


def with_copies_in(folder: Path) -> set[int]:
    """Presses and their orders that keep the copies of their fonts in a folder."""
    mark = f"TMPDIR={folder}\0".encode()
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if _sets_pdfs(int(place.name)) and mark in (place / "environ").read_bytes():
                found.add(int(place.name))
        except OSError:
            continue
    return found


def wait_until_gone(pids: set[int], seconds: float = 10) -> None:
    """Until none of these is there. Raises AssertionError when that takes too long."""
    until = time.monotonic() + seconds
    while any(_sets_pdfs(pid) for pid in pids):
        assert time.monotonic() < until, "it is still there"
        time.sleep(0.05)


def _children(parent: int) -> set[int]:
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            above = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if above == parent and _sets_pdfs(int(place.name)):
            found.add(int(place.name))
    return found


def _sets_pdfs(pid: int) -> bool:
    try:
        return b"crm.reports.pdf" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
