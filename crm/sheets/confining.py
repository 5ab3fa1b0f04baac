"""The limits of a child process that takes a stranger's file apart."""

from __future__ import annotations

import resource


def confine(memory: int, seconds: int, written: int) -> None:
    """From here on this process gets so many bytes of memory, so many seconds of processor time,
    and writes no longer file than so many bytes."""
    for limit, most in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, written),
    ):
        resource.setrlimit(limit, (most, most))
