"""Tickets, the look-up of a caller, and the search."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from psycopg import sql

from bench import names
from bench.company import Made, Row, Size, account, contact, serial_no, unit_account
from bench.driving import Request
from bench.names import pick
from bench.works import Ground, Work, same
from crm.search import folding
from crm.text.normal import search_key

LIMIT = 20
BY_NUMBER = """
SELECT e.* FROM search_identifiers i JOIN search_entries e ON e.id = i.entry_id
WHERE i.key >= %s AND i.key < %s ORDER BY i.key, e.id LIMIT 20
"""
BY_GRAMS = """
SELECT id, kind, record_id, account_id, label, sublabel, body FROM search_entries
WHERE grams @> %s::int[] AND text LIKE %s ORDER BY label_key, id LIMIT 20
"""
AMONG_FIRST = """
SELECT * FROM (SELECT id, kind, record_id, account_id, label, sublabel, body, text
               FROM search_entries ORDER BY id LIMIT 40000) x WHERE text LIKE %s LIMIT 20
"""


def works(ground: Ground) -> list[Work]:
    """The lines about the call centre."""
    return [
        _opening(ground), *_look_ups(ground),
        _search(ground, "search, 2 characters inside a name", middles(ground.size, 2)),
        *(_search(ground, f"search, {n} character{'s' if n > 1 else ''}", middles(ground.size, n))
          for n in (1, 3, 5, 9)),
        _search(ground, "search, no hit", ["彅彅", "鑾龘", "ヴヮヱヵ", "zqxjk"]),
        _search(ground, "search, two words", two_words(ground.size)),
    ]  # fmt: skip


def middles(size: Size, length: int) -> list[str]:
    """So many characters from inside the names of companies, not their beginnings."""
    found = []
    for number in range(400):
        key = 1 + pick(number, 200 + length, size.accounts)
        core = _row(account(size, key))["name_core"]
        if len(core) > length:
            start = 1 + pick(number, 201, len(core) - length)
            found.append(core[start : start + length])
    return found[:200]


def _row(made: Made) -> Row:
    first = next(made)
    assert isinstance(first, tuple)
    return first[1]


def two_words(size: Size) -> list[str]:
    """A person's family name and a part of the company's name."""
    found = []
    for number in range(200):
        row = _row(contact(size, 1 + pick(number, 231, size.count("contacts"))))
        core = names.company(row["account_id"])[0].replace("株式会社", "").replace("有限会社", "")
        found.append(f"{row['family_name']} {core[1:4]}")
    return found


def _brute(ground: Ground, question: str) -> set[tuple[str, int]]:
    """What the first clerk may find: every entry whose folded text holds all words."""
    terms = folding.terms_of(question)
    conditions = sql.SQL(" AND ").join([sql.SQL("position(%s IN text) > 0")] * len(terms))
    query = sql.SQL(
        "SELECT kind, record_id FROM search_entries e WHERE {} AND (NOT restricted OR EXISTS "
        "(SELECT FROM search_handlers h WHERE h.entry_id = e.id AND h.handler = %s))"
    )
    clerk = f"staff:{ground.size.reps + 1}"
    return set(ground.bare.execute(query.format(conditions), [*terms, clerk]).fetchall())


def _numbers(ground: Ground, question: str) -> set[tuple[str, int]]:
    keys = list(folding.identifier_keys(question))
    rows = ground.bare.execute(
        "SELECT kind, record_id FROM search_identifiers i JOIN search_entries e "
        "ON e.id = i.entry_id WHERE i.key LIKE ANY(%s)", ([f"{key}%" for key in keys],),
    )  # fmt: skip
    return set(rows.fetchall())


def _search(ground: Ground, name: str, questions: Sequence[str]) -> Work:
    def request(number: int) -> Request:
        return Request(f"/api/v1/search?q={quote(questions[number % len(questions)])}")

    def bare(number: int) -> None:
        terms = folding.terms_of(questions[number % len(questions)])
        like = "%" + terms[0] + "%"
        if len(terms[0]) == 1:
            ground.bare.execute(AMONG_FIRST, (like,)).fetchall()
        else:
            ground.bare.execute(
                BY_GRAMS, (folding.codes(folding.grams_asked(terms)), like)
            ).fetchall()

    def check() -> None:
        for question in list(questions)[:6]:
            answer = ground.clerks[0].ask(request(list(questions).index(question)))
            served = [(one["type"], one["id"]) for one in json.loads(answer)["items"]]
            brute = _brute(ground, question) | _numbers(ground, question)
            brute = {one for one in brute if one[0] != "deal"}
            open_ones = [one for one in served if one[0] != "deal"]
            same(f"search for {question}: not in the text", set(open_ones) - brute, set())
            if len(served) < LIMIT:
                same(f"search for {question}", set(open_ones), brute)

    return Work(name, request, bare, check, ground.clerks, 30)


def _opening(ground: Ground) -> Work:
    size = ground.size

    def body(number: int) -> dict[str, Any]:
        unit_id = 1 + pick(number, 241, size.count("units"))
        return {
            "account_id": unit_account(size, unit_id), "unit_id": unit_id, "channel": "phone",
            "subject": f"{names.symptom(number)} {number}", "voice": names.voice(number),
            "category": "usage", "severity": "normal",
        }  # fmt: skip

    def bare(number: int) -> None:
        bare_ticket(ground, body(number))

    def check() -> None:
        made = json.loads(ground.clerks[0].ask(Request("/api/v1/tickets", "POST", body(0)), 201))
        counts = [
            ground.bare.execute(query, (str(made["id"]),)).fetchall()
            for query in (
                "SELECT subject FROM tickets WHERE id = %s::bigint",
                "SELECT kind FROM events WHERE subject_type = 'ticket' AND subject_id = %s::bigint",
                "SELECT kind FROM search_entries WHERE kind = 'ticket' AND record_id = %s::bigint",
            )
        ]
        same("a new ticket", counts, [[(body(0)["subject"],)], [("ticket.opened",)], [("ticket",)]])

    return Work("ticket creation", lambda n: Request("/api/v1/tickets", "POST", body(n)), bare,
                check, ground.clerks, 25, expected=201)  # fmt: skip


def bare_ticket(ground: Ground, body: dict[str, Any]) -> int:
    """A ticket with its event, message and index entry, in one transaction and nothing checked."""
    text = search_key(body["subject"]) + "\n" + search_key(body["voice"])
    with ground.bare.transaction():
        row = ground.bare.execute(
            "INSERT INTO tickets (account_id, unit_id, channel, subject, voice, category, symptom, "
            "severity, status, resolution, confidential, opened_at, created_at, updated_at) VALUES "
            "(%(account_id)s, %(unit_id)s, %(channel)s, %(subject)s, %(voice)s, %(category)s, '', "
            "%(severity)s, 'closed', 'bench', false, now(), now(), now()) RETURNING id", body,
        ).fetchone()  # fmt: skip
        assert row is not None
        event = ground.bare.execute(
            "INSERT INTO events (kind, at, account_id, subject_type, subject_id, facts) VALUES "
            "('ticket.opened', now(), %s, 'ticket', %s, %s) RETURNING id",
            (body["account_id"], row[0], json.dumps({"title": body["subject"]})),
        ).fetchone()  # fmt: skip
        assert event is not None
        ground.bare.execute(
            "INSERT INTO outbox (kind, dedupe, payload, lane, run_at, attempts, done_at) VALUES "
            "('bench', %s, '{}', 'fast', now(), 0, now())", (f"bench:{event[0]}",),
        )  # fmt: skip
        ground.bare.execute(
            "INSERT INTO search_entries (id, kind, record_id, account_id, label, sublabel, body, "
            "label_key, text, grams, restricted, updated_at) VALUES (-%s, 'bench', %s, %s, %s, '', "
            "%s, %s, %s, %s, true, now())",
            (row[0], row[0], body["account_id"], body["subject"], body["voice"], body["subject"],
             text, folding.codes(folding.grams_of(["bench"], text))),
        )  # fmt: skip
    return int(row[0])


def _look_ups(ground: Ground) -> list[Work]:
    size = ground.size

    def contact_phone(number: int) -> str:
        return names.phone(1 + pick(number, 251, size.count("contacts")), 6)

    def serial(number: int) -> str:
        return serial_no(1 + pick(number, 252, size.count("units"))).lower().replace("-", "－")

    def ticket(number: int) -> str:
        return f"#{1 + pick(number, 253, size.count('tickets'))}"

    def name(number: int) -> str:
        return names.company(1 + pick(number, 254, size.accounts))[0]

    def reading(number: int) -> str:
        return names.company(1 + pick(number, 255, size.accounts))[1][:6]

    def nobody(number: int) -> str:
        return f"09{pick(number, 256, 10)}-0000-{pick(number, 257, 10_000):04d}"

    every = (contact_phone, serial, ticket, name, reading, nobody)

    def mixed(number: int) -> str:
        return every[number % len(every)](number)

    return [
        _look_up(ground, "caller look-up, phone", contact_phone),
        _look_up(ground, "caller look-up, name", name),
        _look_up(ground, "caller look-up, all kinds in turn", mixed),
    ]  # fmt: skip


def _look_up(ground: Ground, name: str, question: Any) -> Work:
    def request(number: int) -> Request:
        return Request(f"/api/v1/calls/lookup?q={quote(question(number))}")

    def bare(number: int) -> None:
        for key in folding.identifier_keys(question(number)):
            ground.bare.execute(BY_NUMBER, (key, key + folding.LAST)).fetchall()

    def check() -> None:
        for number in range(6):
            asked = question(number)
            items = json.loads(ground.clerks[0].ask(request(number)))["items"]
            served = {one["account"]["id"] for one in items}
            brute = _callers(ground, asked)
            if brute is not None:
                same(f"who calls from {asked}", served, brute)

    return Work(name, request, bare, check, ground.clerks, 30)


def _callers(ground: Ground, asked: str) -> set[int] | None:
    """Accounts of a number by looking at every row; None where words are asked."""
    plain = asked.replace("－", "-").upper()
    if asked.startswith("#"):
        query = "SELECT account_id FROM tickets WHERE id::text = %s AND NOT confidential"
        found = ground.bare.execute(query, (asked[1:],))
    elif asked.startswith("0"):
        query = (
            "SELECT account_id FROM contacts c JOIN contact_phones p ON p.contact_id = c.id "
            "WHERE p.number || '' = %(q)s UNION SELECT id FROM accounts WHERE phone || '' = %(q)s "
            "UNION SELECT account_id FROM sites WHERE phone || '' = %(q)s"
        )
        found = ground.bare.execute(query, {"q": asked})
    elif plain[0].isascii():
        query = "SELECT account_id FROM units WHERE serial_no || '' = %s"
        found = ground.bare.execute(query, (plain,))
    else:
        return None
    return {row[0] for row in found}
