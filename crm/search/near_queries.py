"""Find what comes near a question that found nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from crm.search import folding, marks, queries, statements
from crm.search.models import FTS, Entry, Grams
from crm.search.near import ANY, Near, near_questions
from crm.search.queries import Found
from crm.search.question import Only, Question, Viewer, literally
from crm.search.statements import ESCAPE

MOST = 1200
"""Entries that are compared at most, about; of more a fair sample."""

SPARE = 3
"""Times as many as are wanted are read, as the seam of two fields is no character."""

_entries = Entry.__table__.c


def find_near(
    viewer: Viewer, q: str, kinds: Collection[str] | None = None, limit: int = 20,
    only: Only | None = None,
) -> list[Found]:  # fmt: skip
    """At most `limit` records that hold the words of a question, one of them with one edit."""
    terms = folding.terms_of(q)
    ways = near_questions(terms)
    asked = Question(viewer, terms, replace(only or Only(), kinds=kinds), limit * SPARE)
    if not ways or (kinds is not None and not asked.values["kinds"]):
        return []
    counting = statements.counting(lambda name: _holding(asked, ways, queries.COUNTED[name]))
    level = queries.level_of(asked.ask(counting, unsure=queries.UNSURE), MOST)
    matching = sa.or_(*map(_matching, ways))
    held = _holding(asked, ways, level)
    rows = asked.ask(statements.nearest(asked.shape, *held, matching))
    real = [row for row in rows if any(way.within(row.text) for way in ways)]
    return [queries.found(row) for row in real[:limit]]


def _holding(asked: Question, ways: list[Near], level: int) -> list[sa.ColumnElement[bool]]:
    """Entries of a level that hold all grams of one of the ways, and what else is asked for."""
    every = [[*grams, *asked.owned] for way in ways for grams in way.grams]
    if asked.shape.sqlite:
        table = sa.table(FTS, sa.column("rowid", sa.BigInteger), sa.column(FTS))
        match = table.c[FTS].op("MATCH")(_match(every, [asked.few, asked.days]))
        below = table.c.rowid < marks.below(level)
        return [_entries.id.in_(sa.select(table.c.rowid).where(match, below))]
    share = [marks.share(level)] if level else []
    held = [_entries.grams.contains(_codes([*grams, *share])) for grams in every]
    also = [_entries.grams.overlap(_codes(some)) for some in (asked.few, asked.days) if some]
    return [sa.or_(*held), *also, _entries.id + 0 < marks.below(level)]


def _codes(some: list[str]) -> sa.BindParameter[list[int]]:
    return sa.literal(folding.codes(some), Grams)


def _match(every: list[list[str]], also: list[list[str]]) -> str:
    held = [" AND ".join(folding.tokens(grams)) for grams in every]
    some = [" OR ".join(folding.tokens(one)) for one in also if one]
    one_of = " OR ".join(f"({one})" for one in held)
    return " AND ".join(f"({one})" for one in (one_of, *some))


def _matching(way: Near) -> sa.ColumnElement[bool]:
    """The word is there in one of its forms, the others are as typed."""
    forms = (literally(form).replace(ANY, "_") for form in way.forms)
    likes = [_entries.text.like(f"%{form}%", escape=ESCAPE) for form in forms]
    others = [_entries.text.like(f"%{literally(one)}%", escape=ESCAPE) for one in way.others]
    return sa.and_(*others, sa.or_(*likes))
