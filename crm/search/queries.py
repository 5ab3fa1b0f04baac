"""Find records by any part of their names, by their numbers, by words in their texts.

A question is split at blanks; every term must stand in the folded text of the record. The
answers come in tiers: number equal, number beginning so, label beginning so, customers, people,
anything else. Within these, what has no day (a unit, a site) comes before what has one, and that
newest first. Of a word in very many records a choice is given: labels that begin so, what a
fair sample holds, and the newest; always the same one, and the same on every database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crm.search import folding, marks, statements
from crm.search.folding import LAST
from crm.search.question import Only, Question, Viewer

__all__ = ["Found", "Only", "Viewer", "find"]

MOST = 400
"""Entries that are expected at most where the index is asked for all of them."""

COUNTED = {"deep": 7, "wide": 4}
"""The levels that tell how common a word is; the wider one where the deep one is not sure."""

UNSURE = 2
"""So few entries of the deep level may be there by chance."""

LOOSELY = 4
"""So many times as many are compared at most where the index is asked for telling grams alone."""

FRESH = 200
"""Hits among which the newest of a common word are looked for."""

LABELS = 500
"""Labels that begin with a common word that are looked through for the other words."""

SHORTEST_PREFIX = 3


@dataclass(frozen=True, slots=True)
class Found:
    """One answer."""

    kind: str
    record_id: int
    account_id: int | None
    label: str
    sublabel: str
    body: str
    at: datetime | None = None
    about_id: int | None = None


def find(
    viewer: Viewer, q: str, kinds: Collection[str] | None = None, limit: int = 20,
    only: Only | None = None,
) -> list[Found]:  # fmt: skip
    """Find at most `limit` records among the kinds the viewer may see; None means any kind.

    Restricted entries are found by their handlers alone. The same data give the same answers
    in the same order on every database.
    """
    asked = Question(viewer, folding.terms_of(q), replace(only or Only(), kinds=kinds), limit)
    if kinds is not None and not asked.values["kinds"]:
        return []
    numbered = _by_number(asked, folding.identifier_keys(q[: folding.MOST_CHARACTERS]))
    level, loosely = _level(asked) if asked.terms else (0, False)
    answers = _answers(asked, numbered, level, loosely)
    if level == 1 and len(answers) < limit:  # by chance the sample held more than its share
        answers = _answers(asked, numbered, 0, loosely)
    return [found(row) for row in answers.values()]


def found(row: Any) -> Found:
    """An entry as it is answered."""
    return Found(
        row.kind, row.record_id, row.account_id, row.label, row.sublabel, row.body, row.at,
        row.about_id,
    )  # fmt: skip


def _answers(asked: Question, numbered: list[Any], level: int, loosely: bool) -> dict[int, Any]:
    answers: dict[int, Any] = {}
    for row in _tiers(asked, numbered, level, loosely):
        answers.setdefault(row.id, row)
        if len(answers) == asked.limit:
            break
    return answers


def _tiers(asked: Question, numbered: list[Any], level: int, loosely: bool) -> Iterator[Any]:
    yield from numbered
    if not asked.terms:
        return
    held = asked.held(level, telling=loosely)
    sample = asked.ask(statements.ranked(asked.shape, sampled(level)), **held)
    if not level:
        yield from sample
        return
    yield from _by_label(asked)
    dated = [row for row in sample if row.at is not None]
    yield from (row for row in sample if row.at is None)
    if dated:
        yield from _newest(asked, level, dated)
    yield from dated


def _by_number(asked: Question, keys: set[str]) -> list[Any]:
    """Entries with one of these numbers, then those with numbers that begin so."""
    rows: list[Any] = []
    for key in keys:
        begins = len(key) >= SHORTEST_PREFIX
        span = {"to_number": key + LAST} if begins else {}
        statement = statements.by_number(asked.shape, begins)
        rows += asked.ask(statement, from_number=key, limit=2 * asked.limit, **span)
    return sorted(rows, key=lambda row: (row.key not in keys, row.key, row.id))


def _level(asked: Question) -> tuple[int, bool]:
    """The level to ask, and whether its telling grams are enough: the text is compared anyway."""
    loose = bool(asked.telling)
    values: dict[str, Any] = {}
    for name, level in COUNTED.items():
        values |= asked.held(level, f"_{name}")
    if loose:
        values |= asked.held(COUNTED["wide"], "_loose", telling=True)
    statement = statements.counted(asked.shape, sampled(min(COUNTED.values())), loose)
    counted = asked.ask(statement, unsure=UNSURE, **values)
    level = level_of(counted, MOST)
    if not loose or counted[0].deep > UNSURE:
        return level, False
    return level, counted[0].loose * 4 ** (COUNTED["wide"] - level) <= LOOSELY * MOST


def sampled(level: int) -> bool:
    """Has this level the smaller index?"""
    return level >= marks.SAMPLED


def level_of(counted: list[Any], most: int) -> int:
    """The largest sample that is expected to hold no more than what can be sorted at once."""
    name = "deep" if counted[0].deep > UNSURE else "wide"
    seen, level = counted[0]._mapping[name], COUNTED[name]
    while level and seen * 4 <= most:
        seen, level = seen * 4, level - 1
    return level


def _newest(asked: Question, level: int, dated: list[Any]) -> list[Any]:
    """Of a common word: the newest, since when the sample says that there are enough of them."""
    share = 4**level
    begin = dated[min(len(dated), max(1, FRESH // share)) - 1].at
    fewer = level
    while fewer and share > FRESH:
        share, fewer = share // 4, fewer - 1
    recent, wide = asked.since(begin), level - fewer
    return recent.ask(statements.newest(recent.shape, sampled(wide)), **recent.held(wide))


def _by_label(asked: Question) -> list[Any]:
    """Of a common word: entries whose label begins with it, as far as a short look goes."""
    rows: list[Any] = []
    for term in range(len(asked.terms)):
        rows += asked.ask(statements.by_label(asked.shape, term), count=LABELS)
    return sorted(rows, key=lambda row: (row.label_key, row.id))
