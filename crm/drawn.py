"""Rows of lists, drawn once for the same values.

Lists show much the same rows to everybody, and nearly the same ones when they are read again.
Drawing a row takes longer than reading it, so what came of its values is kept in memory: the same
values look the same to everybody on the same day. A row that changed has other values.
`docs/decisions/0039-rows-drawn-once.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from flask import Flask
from markupsafe import Markup

from crm import clock

MOST = 4_000
"""Rows that a process keeps; with their values each takes 2 to 5 kB."""

_drawn: dict[tuple[Hashable, ...], Markup] = {}


def once(draw: Callable[..., Markup], *values: Hashable) -> Markup:
    """What a macro draws with these values, today: drawn when it is asked for the first time.

    The macro is imported without context, so that it knows nothing but its values, the day and the
    language (each has compiled templates of its own); a test of the house looks for that.
    """
    key = (draw, clock.today(), values, *map(type, values))  # "<b>" as a text and as markup differ
    found = _drawn.get(key)
    if found is None:
        if len(_drawn) >= MOST:
            _drawn.clear()
        found = _drawn[key] = draw(*values)
    return found


def init_app(app: Flask) -> None:
    """Give templates `once`."""
    app.jinja_env.globals["once"] = once
