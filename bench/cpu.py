"""Processor time of servers, which another program's load on the machine hardly changes."""

from __future__ import annotations

import subprocess
from pathlib import Path

PROC = Path("/proc")


def spent(process: subprocess.Popen[bytes] | None) -> float:
    """Milliseconds that a process and those it started have computed so far; 0 where unknown."""
    if process is None or not PROC.is_dir():
        return 0.0
    return sum(_of_one(pid) for pid in _family(process.pid)) / 1e6


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in (PROC / str(pid) / "task").glob("*/children"):
        try:
            for child in task.read_text().split():
                found += _family(int(child))
        except OSError:
            continue
    return found


def _of_one(pid: int) -> int:
    """Nanoseconds of all threads of a process."""
    total = 0
    for path in (PROC / str(pid) / "task").glob("*/schedstat"):
        try:
            total += int(path.read_text().split()[0])
        except OSError:
            continue
    return total
