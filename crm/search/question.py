"""A question as the statements take it: its shape, and the values they name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from crm.connections import PLANNED_ANEW
from crm.extensions import db
from crm.search import folding, marks
from crm.search.folding import LAST
from crm.search.models import KINDS
from crm.search.older import some_are_older
from crm.search.statements import ESCAPE, Shape

FEW_KINDS = 3
"""So many kinds are part of what the index is asked; more would cost more than they keep out."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, as far as restricted entries go: `handles` such as `staff:12`, `team:3`."""

    handles: tuple[str, ...] = ()
    sees_all: bool = False


@dataclass(frozen=True, slots=True)
class Only:
    """What an answer must be besides: of some kinds, somebody's, from `since` to before `until`."""

    kinds: Collection[str] | None = None
    owner_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


class Question:
    """What one viewer asks for."""

    def __init__(self, viewer: Viewer, terms: list[str], only: Only, limit: int) -> None:
        kinds = None if only.kinds is None else [kind for kind in KINDS if kind in only.kinds]
        few = kinds is not None and len(kinds) <= FEW_KINDS
        self.viewer, self.terms, self.only, self.limit = viewer, terms, only, limit
        self.few = list(kinds or ()) if few else []
        self.owned = [marks.owned(only.owner_id)] if only.owner_id is not None else []
        self.days = marks.of_span(only.since, only.until)
        self.shape = Shape(
            len(terms), kinds is not None, few, bool(self.days), only.owner_id is not None,
            only.since is not None, only.until is not None, viewer.sees_all,
            db.session.get_bind().dialect.name == "sqlite",
        )  # fmt: skip
        self.values: dict[str, Any] = {
            "limit": limit, "kinds": kinds, "handlers": viewer.handles, "owner": only.owner_id,
            "since": only.since, "until": only.until,
        } | self._likes() | self._ranges()  # fmt: skip

    def ask(self, statement: sa.Select[Any], **more: Any) -> list[Any]:
        """Run a statement with the values it names."""
        connection = db.session.connection()
        values = self.values | more
        return list(connection.execute(statement, values, execution_options=PLANNED_ANEW))

    def since(self, begin: datetime) -> Question:
        """The same question about what happened from an instant on."""
        only = replace(self.only, since=max(begin, self.only.since or begin))
        return Question(self.viewer, self.terms, only, self.limit)

    def _likes(self) -> dict[str, str]:
        """The terms as patterns of LIKE."""
        return {f"like_{n}": f"%{literally(term)}%" for n, term in enumerate(self.terms)}

    def _ranges(self) -> dict[str, str]:
        """The terms as beginnings of a label."""
        low = {f"from_{n}": term for n, term in enumerate(self.terms)}
        return low | {f"to_{n}": term + LAST for n, term in enumerate(self.terms)}

    @cached_property
    def grams(self) -> list[str]:
        """Grams that every answer holds, those that tell the most first."""
        asked = folding.pairs_asked if some_are_older() else folding.grams_asked
        return asked(self.terms)

    @property
    def telling(self) -> list[str]:
        """Those of them that do nearly as well alone, when there are others; else none.

        PostgreSQL reads the whole list of a gram that very many entries hold, so that such a one
        beside a rare one costs more than the few entries it spares.
        """
        telling = [gram for gram in self.grams if folding.tells(gram)]
        return telling if telling != self.grams and not self.shape.sqlite else []

    def held(self, level: int, which: str = "", telling: bool = False) -> dict[str, Any]:
        """What the index is asked for of one level, as each database takes it; on PostgreSQL
        with the `telling` grams alone, if so wanted."""
        below = {f"below{which}": marks.below(level)}
        grams = [*(self.telling if telling else self.grams), *self.owned]
        if self.shape.sqlite:
            ways = [one for one in (self.few, self.days) if one]
            return below | {"match": _match(grams, ways)}
        few = {"few": folding.codes(self.few)} if self.few else {}
        days = {"days": folding.codes(self.days)} if self.days else {}
        return (
            below
            | {f"grams{which}": folding.codes([*grams, *marks.shares_asked(level)])}
            | few
            | days
        )


def _match(grams: list[str], ways: list[list[str]]) -> str:
    """As FTS5 reads it: every gram, and one of each of the ways."""
    words = [f'"{word}"' for word in folding.tokens(grams)]
    return " AND ".join([*words, *(f"({' OR '.join(folding.tokens(one))})" for one in ways)])


def literally(term: str) -> str:
    """A term inside a pattern of LIKE."""
    for sign in (ESCAPE, "%", "_"):
        term = term.replace(sign, ESCAPE + sign)
    return term
