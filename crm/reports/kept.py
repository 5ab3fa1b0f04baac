"""Keeps a press warm: a process that has loaded WeasyPrint and the fonts, and parts for each order.

To load them takes a second, to set one page a tenth of that. A press that had nothing to do for
ten minutes ends by itself, and so does one whose owner has gone; a process that needs two at once
has two.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL
from threading import Lock
from typing import IO

ROOT = Path(__file__).parents[2]
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""All that the press sees of our environment: no secret, no database."""

SECONDS = 120
"""Of the clock, until a press that was asked has to say something."""

IDLE = 600.0
"""Seconds without an order after which a press ends."""

LEAVE = 10
"""Seconds that a press may take to end once its line is closed."""

NUMBER = 4
"""Bytes of a number on the line: the key of the process that sets an order, then how it ended."""


class Gone(Exception):
    """The press has ended: idle for too long, or unable to start; the message is its last word."""


class Order:
    """One order that is being set, by a process of its own."""

    def __init__(self, press: Press, pid: int, said: IO[bytes]) -> None:
        self._press, self._pid = press, pid
        self.said = said
        """What it says on standard error, until it ends."""

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, SIGKILL)

    def end(self) -> int:
        """Wait until it has ended; the exit code, negative for a signal. The press is free then."""
        self.said.close()
        code = self._press.hear()
        if code is None:
            self._press.close()
            return -SIGKILL
        _keep(self._press)
        return code


class Press:
    """A process that waits for orders on a line."""

    def __init__(self) -> None:
        self._line, far = socket.socketpair()
        self._line.settimeout(SECONDS)
        self._words = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the process
        with far:
            # our own interpreter and module, and two numbers
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "crm.reports.pdf", str(far.fileno()), str(IDLE)],
                cwd=ROOT, env=environment(), pass_fds=[far.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._words,
            )  # fmt: skip

    def begin(self, order: IO[bytes], pdf: IO[bytes]) -> Order:
        """Have an order set that stands in one file into another. Raises Gone."""
        near, far = os.pipe()
        said = os.fdopen(near, "rb")
        try:
            socket.send_fds(self._line, [b"o"], [order.fileno(), pdf.fileno(), far])
            pid = self.hear()
        except OSError:
            pid = None
        finally:
            os.close(far)
        if pid is None:
            said.close()
            raise Gone(self.close())
        return Order(self, pid, said)

    def hear(self) -> int | None:
        """The next number on the line; None when the press is gone."""
        heard = b""
        while len(heard) < NUMBER:
            try:
                more = self._line.recv(NUMBER - len(heard))
            except OSError:
                return None
            if not more:
                return None
            heard += more
        return int.from_bytes(heard, signed=True)

    def leave(self) -> None:
        """Let it be: it belongs to the process that this one parted from."""
        self._line.close()
        self._process.returncode = 0

    def close(self) -> str:
        """End the process, and give its last word. Left to itself it tidies up."""
        self._line.close()
        try:
            self._process.wait(LEAVE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with self._words:
            self._words.seek(0)
            return self._words.read().decode(errors="replace").strip().rpartition("\n")[2]


_idle: list[Press] = []
_lock = Lock()


def begin(order: IO[bytes], pdf: IO[bytes]) -> Order:
    """Have an order set by a press that is warm, else by a new one. Raises Gone."""
    while press := _take():
        try:
            return press.begin(order, pdf)
        except Gone:
            continue
    return Press().begin(order, pdf)


def environment() -> dict[str, str]:
    """What a press sees of ours."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"PYTHONUTF8": "1"}


def _take() -> Press | None:
    with _lock:
        return _idle.pop() if _idle else None


def _keep(press: Press) -> None:
    """One stays warm; a second one was for the hurry."""
    with _lock:
        if not _idle:
            _idle.append(press)
            return
    press.close()


def _forget() -> None:
    """A process that parts from ours has no press: two would speak on one line."""
    global _lock
    _lock = Lock()
    for press in _idle:
        press.leave()
    _idle.clear()


def _let_go() -> None:
    """Before this process ends."""
    while press := _take():
        press.close()


atexit.register(_let_go)
os.register_at_fork(after_in_child=_forget)
