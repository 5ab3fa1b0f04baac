"""What is measured: the request, the same as bare SQL, and a check against brute force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import Flask

from bench.company import Size
from bench.driving import Client, Request

Bare = psycopg.Connection[Any]


class WrongAnswer(Exception):
    """What was served is not what a brute-force query finds."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What works are made from: a filled database, the application over it, who asks."""

    size: Size
    app: Flask
    bare: Bare
    address: str
    reps: list[Client]
    """Browsers of reps; the first is that of rep 1."""
    clerks: list[Client]
    """Programs with the tokens of clerks."""
    owners: list[Client]
    """Programs with the tokens of the reps."""


@dataclass(frozen=True, slots=True)
class Work:
    """One line of the table. `request` and `bare` take the number of the try."""

    name: str
    request: Callable[[int], Request]
    bare: Callable[[int], object]
    check: Callable[[], None]
    who: list[Client]
    goal: float | None = None
    most_statements: int | None = 12
    expected: int = 200
    few: bool = False
    """A heavier one: asked less often."""

    inside: Callable[[int], object] | None = None
    """A function that is asked in this process, instead of a request."""


def same(what: str, served: object, brute: object) -> None:
    """Raises WrongAnswer when they differ."""
    if served != brute:
        raise WrongAnswer(f"{what}: served {str(served)[:300]}, brute force {str(brute)[:300]}")
