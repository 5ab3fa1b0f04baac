"""Find what comes near a question that found nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from crm.search import folding, marks, queries, statements
from crm.search.models import FTS, Entry, Grams
from crm.search.near import Near, near_questions
from crm.search.queries import Found
from crm.search.question import Only, Question, Viewer

MOST = 1200
"""Entries that are compared at most, about; of more a fair sample."""

_entries = Entry.__table__.c


def find_near(
    viewer: Viewer, q: str, kinds: Collection[str] | None = None, limit: int = 20,
    only: Only | None = None,
) -> list[Found]:  # fmt: skip
    """At most `limit` records that hold the words of a question, one of them with one edit.

    Those whose label comes near stand first, then as in `find`.
    """
    terms = folding.terms_of(q)
    ways = near_questions(terms)
    asked = Question(viewer, terms, replace(only or Only(), kinds=kinds), limit)
    if not ways or (kinds is not None and not asked.values["kinds"]):
        return []
    counting = statements.counting(lambda name: _holding(asked, ways, queries.COUNTED[name]))
    level = queries.level_of(asked.ask(counting, unsure=queries.UNSURE), MOST)
    held = asked.ask(statements.held(asked.shape, _holding(asked, ways, level)))
    near = [row for row in held if any(way.within(row.text) for way in ways)]
    keys = [row.id for row in sorted(near, key=lambda row: _place(row, ways))[:limit]]
    rows = {row.id: row for row in asked.ask(statements.by_key(), ids=keys)} if keys else {}
    return [queries.found(rows[key]) for key in keys]


def _place(row: Any, ways: list[Near]) -> tuple[object, ...]:
    in_label = any(way.word_in(row.label_key) for way in ways)
    newer = -row.at.timestamp() if row.at else 0.0
    return not in_label, row.at is not None, newer, row.label_key, row.id


def _holding(asked: Question, ways: list[Near], level: int) -> list[sa.ColumnElement[bool]]:
    """Entries of a level that hold all grams of one of the ways, and what else is asked for."""
    every = [[*grams, *asked.owned] for way in ways for grams in way.grams]
    if asked.shape.sqlite:
        table = sa.table(FTS, sa.column("rowid", sa.BigInteger), sa.column(FTS))
        match = table.c[FTS].op("MATCH")(_match(every, [asked.few, asked.days]))
        below = table.c.rowid < marks.below(level)
        return [_entries.id.in_(sa.select(table.c.rowid).where(match, below))]
    share = marks.shares_asked(level)
    held = [_entries.grams.contains(_codes([*grams, *share])) for grams in every]
    also = [_entries.grams.overlap(_codes(some)) for some in (asked.few, asked.days) if some]
    sample = [statements.in_sample()] if queries.sampled(level) else []
    return [sa.or_(*held), *also, *sample, _entries.id + 0 < marks.below(level)]


def _codes(some: list[str]) -> sa.BindParameter[list[int]]:
    return sa.literal(folding.codes(some), Grams)


def _match(every: list[list[str]], also: list[list[str]]) -> str:
    held = [" AND ".join(folding.tokens(grams)) for grams in every]
    some = [" OR ".join(folding.tokens(one)) for one in also if one]
    one_of = " OR ".join(f"({one})" for one in held)
    return " AND ".join(f"({one})" for one in (one_of, *some))
