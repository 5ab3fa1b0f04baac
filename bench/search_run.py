"""The search over 1,000,000 customers and 2,000,000 tickets: times, growth, bytes."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

from bench.company_db import Say, app_over, bare
from bench.counting import counted
from bench.driving import Times
from bench.search_fill import filled, size_of
from bench.search_works import Asked, works
from bench.servers import Servers
from bench.works import same
from crm.extensions import db
from crm.search import folding, sizes
from crm.search.models import entry_id
from crm.search.near import near_questions
from crm.search.near_queries import find_near
from crm.search.queries import Found, find
from crm.search.question import Viewer

TIMES, QUICK_ACCOUNTS, SMALLER = 10, 10_000, 10
"""So many times the accounts of the other lines, as only their entries are filled."""
GOAL, MOST_GROWTH = 30.0, 1.3
LIMIT, CHECKED, BARE = 20, 2, 4
VIEWER = Viewer(("staff:1",))
RAW = """
SELECT id, kind, record_id, label, sublabel, body FROM search_entries WHERE grams @> %s::int[]
AND text LIKE %s AND (NOT restricted OR EXISTS (SELECT FROM search_handlers h
WHERE h.entry_id = search_entries.id AND h.handler = 'staff:1'))
ORDER BY at DESC NULLS FIRST, label_key, id LIMIT 20
"""
"""All hits sorted, for the first word of a question: what the index saves of a common one."""


def run(servers: Servers, accounts: int, safe: bool, growth: bool, say: Say) -> None:
    """Fill, check, measure, tell. Raises WrongAnswer when something found is not there."""
    wanted = [accounts // SMALLER, accounts] if growth else [accounts]
    process, server = servers.postgres(safe=False)
    made = [filled(server, one, say).rpartition("/")[2] for one in wanted]
    servers.stop(process)
    _process, server = servers.postgres(safe=safe)
    before: dict[str, Times] = {}
    for number, name in zip(wanted, made, strict=True):
        say(f"\n{number:,} accounts, {2 * number:,} tickets, load {os.getloadavg()[0]:.1f}, ms")
        before = _measured(f"{server}/{name}", servers.home, number, before, say)


def _measured(
    url: str, home: Path, accounts: int, before: dict[str, Times], say: Say
) -> dict[str, Times]:
    app, found = app_over(url, home, None), {}
    say(f"{'':32}{'p50':>8}{'p95':>8}{'SQL':>5}{'raw p50':>9}{'growth':>8}  goal")
    with app.app_context(), bare(url) as connection:
        for asked in works(size_of(accounts)):
            _check(asked, connection)
            found[asked.name] = times = _timed(asked)
            raw = _raw(asked, connection)
            say(_line(asked, times, _statements(app, asked), raw, before.get(asked.name)))
        for name, size in sizes.sizes():
            say(f"  {name:40}{size / 1e6:10,.0f} MB")
        db.engine.dispose()
    return found


def _ask(asked: Asked, question: str) -> list[Found]:
    ask = find_near if asked.near else find
    found = ask(VIEWER, question, asked.only.kinds, LIMIT, asked.only)
    db.session.rollback()
    return found


def _timed(asked: Asked) -> Times:
    for question in asked.questions:
        _ask(asked, question)
    each = []
    for question in asked.questions:
        began = time.perf_counter()
        _ask(asked, question)
        each.append((time.perf_counter() - began) * 1000)
    return Times(tuple(each), sum(each) / 1000)


def _statements(app: Flask, asked: Asked) -> int:
    most = 0
    for question in asked.questions[:10]:
        with counted(app) as sent:
            _ask(asked, question)
        most = max(most, len(sent))
    return most


def _raw(asked: Asked, connection: psycopg.Connection[Any]) -> float:
    each = []
    for question in asked.questions[:BARE]:
        word = folding.terms_of(question)[0]
        values = folding.codes(folding.grams_asked([word])), f"%{word}%"
        began = time.perf_counter()
        connection.execute(RAW, values).fetchall()
        each.append((time.perf_counter() - began) * 1000)
    return sorted(each)[len(each) // 2]


def _check(asked: Asked, connection: psycopg.Connection[Any]) -> None:
    """What is found holds the words; and when little is found, nothing else holds them."""
    for question in asked.questions[:CHECKED]:
        found = [(one.kind, one.record_id) for one in _ask(asked, question)]
        if asked.near:
            _check_near(question, found, connection)
            continue
        named = _numbered(question, connection)
        everywhere = set(found) - named
        texts = _texts(sorted(everywhere), connection)
        terms = folding.terms_of(question)
        wrong = {one for one, text in texts.items() if not all(term in text for term in terms)}
        same(f"{asked.name}, {question}: without the words", wrong, set())
        if len(found) < LIMIT and asked.only.kinds is None and asked.only.since is None:
            missing = _holding(terms, asked, connection) - set(found)
            same(f"{asked.name}, {question}: not found", missing, set())


def _check_near(
    question: str, found: list[tuple[str, int]], connection: psycopg.Connection[Any]
) -> None:
    ways = near_questions(folding.terms_of(question))
    texts = _texts(found, connection)
    wrong = {one for one, text in texts.items() if not any(way.within(text) for way in ways)}
    same(f"near {question}", wrong, set())


def _texts(
    found: list[tuple[str, int]], connection: psycopg.Connection[Any]
) -> dict[tuple[str, int], str]:
    keys = [entry_id(*one) for one in found]
    rows = connection.execute(
        "SELECT kind, record_id, text FROM search_entries WHERE id = ANY(%s)", (keys,)
    )
    return {(kind, record): text for kind, record, text in rows}


def _numbered(question: str, connection: psycopg.Connection[Any]) -> set[tuple[str, int]]:
    likes = [f"{key}%" for key in folding.identifier_keys(question)]
    rows = connection.execute(
        "SELECT kind, record_id FROM search_identifiers i JOIN search_entries e "
        "ON e.id = i.entry_id WHERE i.key LIKE ANY(%s)", (likes,),
    )  # fmt: skip
    return {(kind, record) for kind, record in rows}


def _holding(
    terms: list[str], asked: Asked, connection: psycopg.Connection[Any]
) -> set[tuple[str, int]]:
    """By reading every text."""
    rows = connection.execute(
        "SELECT kind, record_id FROM search_entries e WHERE NOT restricted AND (%(who)s::bigint "
        "IS NULL OR owner_id = %(who)s) AND (SELECT bool_and(position(term IN e.text) > 0) "
        "FROM unnest(%(terms)s::text[]) term)", {"who": asked.only.owner_id, "terms": terms},
    )  # fmt: skip
    return {(kind, record) for kind, record in rows}


def _line(asked: Asked, times: Times, most: int, raw: float, before: Times | None) -> str:
    line = f"{asked.name:32}{times.p50:8.1f}{times.p95:8.1f}{most:5}{raw:9.1f}"
    grown = times.p95 / before.p95 if before else None
    line += f"{grown:8.2f}" if grown else " " * 8
    return f"{line}  {'met' if times.p95 <= GOAL else 'MISSED'} (≤ {GOAL:.0f})"
