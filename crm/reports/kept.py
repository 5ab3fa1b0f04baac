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
from threading import Lock
from typing import IO
from weakref import WeakSet

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
"""Bytes of a number that a press says: 0 when it begins an order, then how the order ended."""

SET, STOP = b"o", b"k"
"""What is said to a press: that an order comes with this word, that it need not be set any more."""


class Gone(Exception):
    """The press has ended: idle for too long, killed, or unable to start. Says how, and its last
    word."""


class Order:
    """One order that is being set, by a process of its own."""

    def __init__(self, press: Press, said: IO[bytes]) -> None:
        self._press = press
        self.said = said
        """What it says on standard error, until it ends."""

    def kill(self) -> None:
        """End it at once."""
        self._press.stop()

    def end(self) -> int:
        """Wait until it has ended; the exit code, negative for a signal. The press is free then.
        Raises Gone."""
        self.said.close()
        code = self._press.hear()
        if code is None:
            raise Gone(self._press.close())
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
        _all.add(self)

    def begin(self, order: IO[bytes], pdf: IO[bytes]) -> Order:
        """Have an order set that stands in one file into another. Raises Gone."""
        near, far = os.pipe()
        said = os.fdopen(near, "rb")
        try:
            socket.send_fds(self._line, [SET], [order.fileno(), pdf.fileno(), far])
            begun = self.hear()
        except (BrokenPipeError, ConnectionResetError):
            begun = None
        finally:
            os.close(far)
        if begun is None:
            said.close()
            raise Gone(self.close())
        return Order(self, said)

    def stop(self) -> None:
        """Have it give up the order it is at, if it is still at one."""
        with suppress(OSError):
            self._line.send(STOP)

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
        """End the process; how it ended, with its last word. Left to itself it tidies up."""
        self._line.close()
        try:
            self._process.wait(LEAVE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with self._words:
            self._words.seek(0)
            word = self._words.read().decode(errors="replace").strip().rpartition("\n")[2]
        return f"exit {self._process.returncode}: {word}"


_all: WeakSet[Press] = WeakSet()
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
    for press in list(_all):
        press.leave()
    _idle.clear()


def _let_go() -> None:
    """Before this process ends."""
    while press := _take():
        press.close()


atexit.register(_let_go)
os.register_at_fork(after_in_child=_forget)
