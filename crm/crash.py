"""Named places at which a test may kill the process, to see that nothing is lost."""

from __future__ import annotations

import os

_passed: dict[str, int] = {}


def crashpoint(name: str) -> None:
    """Nothing in production. With CRM_CRASHPOINT=`name:k` the k-th passing ends the process."""
    wanted = os.environ.get("CRM_CRASHPOINT")
    if wanted is None:
        return
    where, _, passing = wanted.partition(":")
    if where != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] == int(passing or "1"):
        os._exit(137)
