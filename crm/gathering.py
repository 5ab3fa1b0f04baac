"""What follows from many changes in one transaction is kept and written once, at their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

KEPT = "gathered"
Write = Callable[[Mapping[Any, Any]], None]


class Gathered:
    """Writer → key → what to write; what came last under a key counts."""

    def __init__(self) -> None:
        self._kept: dict[Write, dict[Any, Any]] = {}
        self._known: dict[Any, Any] = {}

    def once(self, ask: Callable[[], Any]) -> Any:
        """The answer to what does not change meanwhile, asked at the first change."""
        if ask not in self._known:
            self._known[ask] = ask()
        return self._known[ask]

    def keep(self, write: Write, some: Mapping[Any, Any]) -> None:
        """Have these written at the end."""
        self._kept.setdefault(write, {}).update(some)

    def drop(self, write: Write, keys: list[Any]) -> None:
        """These are gone before they were written."""
        for key in keys:
            self._kept.get(write, {}).pop(key, None)

    @contextmanager
    def each(self) -> Iterator[None]:
        """One of the changes: what it left to write is forgotten when it is taken back."""
        before = {write: dict(some) for write, some in self._kept.items()}
        try:
            yield
        except BaseException:
            self._kept = before
            raise

    def write(self) -> None:
        """Write everything."""
        for write, some in self._kept.items():
            if some:
                write(some)


@contextmanager
def gathering(session: Session) -> Iterator[Gathered]:
    """Keep what follows from the changes made inside, and write it when they are done."""
    kept = session.info[KEPT] = Gathered()
    try:
        yield kept
    finally:
        del session.info[KEPT]
    kept.write()


def gathered(session: Session) -> Gathered | None:
    """Where to leave what can be written later; nowhere, when it is to be written at once."""
    found: Gathered | None = session.info.get(KEPT)
    return found
