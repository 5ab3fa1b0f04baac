"""Runs the press: hands a report to a child process with limits, and takes the PDF back."""

from __future__ import annotations

import ctypes.util
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FAMILY = "Engawa Sans"
"""What the printed fonts are called: a name of our own, so that no font of the machine slips in."""

ROOT = Path(__file__).parents[2]
SECONDS = 120
"""Of the clock; the child is ended after that."""
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""All that the child sees of our environment: no secret, no database."""

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
    with tempfile.TemporaryFile() as order, tempfile.TemporaryFile() as pdf:
        order.write(json.dumps(asdict(printing)).encode())
        order.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-m", "crm.reports.pdf"],
            cwd=ROOT, stdin=order, stdout=pdf, stderr=subprocess.PIPE, env=_environment(),
        )  # fmt: skip
        said = _follow(child, progress)
        pdf.seek(0)
        made = pdf.read()
    if child.returncode != 0 or not made.startswith(b"%PDF"):
        raise PressFailed(f"exit {child.returncode}: {' | '.join(said[-3:])}")
    return made


def _follow(child: subprocess.Popen[bytes], progress: Progress) -> list[str]:
    """Report progress until the child ends; returns what else it said."""
    clock = threading.Timer(SECONDS, child.kill)
    clock.start()
    said: list[str] = []
    done = 0
    try:
        assert child.stderr is not None
        for line in child.stderr:
            text = line.decode(errors="replace").strip()
            one, slash, whole = text.partition("/")
            if slash and one == "1" and whole.isdigit():
                done += 1
                progress(done, int(whole))
            elif text:
                said.append(text)
        child.wait()
    finally:
        clock.cancel()
        if child.poll() is None:
            child.kill()
            child.wait()
        if child.stderr is not None:
            child.stderr.close()
    return said


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"PYTHONUTF8": "1"}
